package chat.milena.schemas.word;

import java.util.Optional;

/// A value that crosses process boundaries as a word of the protocol.
public sealed interface Word
        permits ActorKind,
                CommandKind,
                ConversationType,
                DecisionAction,
                ErrorCode,
                EventKind,
                NotificationLevel,
                OutcomeStatus,
                PushKind,
                PushOutcome,
                PushPlatform,
                PushPreview,
                ReceiptKind,
                ReportReason,
                Role,
                RuleAction,
                RuleKind {

    /// The word in records and frames.
    String word();

    /// Whether a record has this word.
    default boolean is(String other) {
        return word().equals(other);
    }

    /// The value of this word; empty for a word that a later version may have added.
    static <W extends Enum<W> & Word> Optional<W> parse(Class<W> words, String word) {
        // A loop: this is in the path of every record.
        for (W value : words.getEnumConstants()) {
            if (value.word().equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}
