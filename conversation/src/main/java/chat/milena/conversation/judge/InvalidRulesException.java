package chat.milena.conversation.judge;

/// Rules that cannot be applied. The message says what is wrong, in one sentence that names the rule and the
/// field.
public final class InvalidRulesException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidRulesException(String message) {
        super(message);
    }
}
