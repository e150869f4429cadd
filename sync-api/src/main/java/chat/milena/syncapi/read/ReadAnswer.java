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
        /// There is no message of this id, or the caller may not know it.
        static final Refused<?> NO_SUCH_MESSAGE =
                new Refused<>(ErrorCode.MESSAGE_NOT_FOUND, "messageId: there is no such message");

        public Refused(Refusal refusal) {
            this(refusal.code(), refusal.reason());
        }
    }
}
