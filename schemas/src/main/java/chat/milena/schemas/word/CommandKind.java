package chat.milena.schemas.word;

/// What a command asks for.
public enum CommandKind implements Word {
    MESSAGE_SEND("message.send"),
    CONVERSATION_CREATE("conversation.create");

    private final String word;

    CommandKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
