package chat.milena.schemas.word;

import java.util.Arrays;
import java.util.Optional;

/// A value that crosses process boundaries as a word of the protocol.
public sealed interface Word permits CommandKind, EventKind, ConversationType, Role, OutcomeStatus, ErrorCode {

    /// The word as it stands in records and frames.
    String word();

    /// The value that this word stands for; empty for a word that a later version may have brought.
    static <W extends Enum<W> & Word> Optional<W> parse(Class<W> words, String word) {
        return Arrays.stream(words.getEnumConstants())
                .filter(value -> value.word().equals(word))
                .findFirst();
    }
}
