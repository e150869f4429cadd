package chat.milena.syncapi.read;

import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Refusal;

/// The answer to a read. `ReadCodec` carries it between instances.
///
/// @param <T> the type of the answer
public sealed interface ReadAnswer<T extends Record> {

    /// The answer.
    record Answered<T extends Record>(T value) implements ReadAnswer<T> {}

    /// The caller may not know, or there is nothing to know.
    record Refused<T extends Record>(ErrorCode code, String reason) implements ReadAnswer<T> {
        public Refused(Refusal refusal) {
            this(refusal.code(), refusal.reason());
        }
    }
}
