package chat.milena.schemas.word;

import java.util.Optional;

/// A value that crosses process boundaries as a word of the protocol.
public sealed interface Word
        permits ActorKind, CommandKind, EventKind, ReceiptKind, ConversationType, Role, OutcomeStatus, ErrorCode {

    /// The word as it stands in records and frames.
    String word();

    /// The value that this word stands for; empty for a word that a later version may have brought.
    static <W extends Enum<W> & Word> Optional<W> parse(Class<W> words, String word) {
        // A loop: this stands in the path of every record.
        for (W value : words.getEnumConstants()) {
            if (value.word().equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}
