package chat.milena.syncapi.read;

import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Refusal;

/// What a read is answered. [ReadCodec] carries it between instances.
///
/// @param <T> what answers the read
public sealed interface ReadAnswer<T extends Record> {

    /// The answer.
    record Answered<T extends Record>(T value) implements ReadAnswer<T> {}

    /// The asker may not know, or there is nothing to know.
    record Refused<T extends Record>(ErrorCode code, String reason) implements ReadAnswer<T> {
        public Refused(Refusal refusal) {
            this(refusal.code(), refusal.reason());
        }
    }
}
