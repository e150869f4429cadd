package chat.milena.syncapi.http;

import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.ReadsUnavailableException;
import io.undertow.util.StatusCodes;
import java.time.Duration;

/// The answer to a call that reads, on any path.
///
/// @param <T> the type of the answer
public sealed interface CallAnswer<T extends Record> {

    /// The answer.
    record Answered<T extends Record>(T value) implements CallAnswer<T> {}

    /// Bad input, or the user may not know.
    record Refused<T extends Record>(ErrorCode code, String reason) implements CallAnswer<T> {}

    /// No answer now; a retry is safe.
    record Unavailable<T extends Record>(String reason, Duration retryAfter) implements CallAnswer<T> {

        /// In whole seconds, at least one.
        public long retryAfterSeconds() {
            return Math.max(1, retryAfter.plusMillis(999).toSeconds());
        }
    }

    /// From the answer of the views.
    static <T extends Record> CallAnswer<T> of(ReadAnswer<T> answer) {
        return switch (answer) {
            case ReadAnswer.Answered<T>(var value) -> new Answered<>(value);
            case ReadAnswer.Refused<T>(var code, var reason) -> new Refused<>(code, reason);
        };
    }

    /// The rejection of bad input.
    static <T extends Record> CallAnswer<T> of(Rejection rejection) {
        return new Refused<>(rejection.code(), rejection.reason());
    }

    /// The views cannot answer in time.
    static <T extends Record> CallAnswer<T> of(ReadsUnavailableException e) {
        return new Unavailable<>("cannot be answered now; safe to retry", e.retryAfter());
    }

    /// The HTTP status.
    default int status() {
        return switch (this) {
            case Answered<T> answered -> StatusCodes.OK;
            case Refused<T> refused -> HttpAnswer.status(refused.code());
            case Unavailable<T> unavailable -> HttpAnswer.status(ErrorCode.UNAVAILABLE);
        };
    }

    /// The answer over HTTP.
    default HttpAnswer toHttp() {
        return switch (this) {
            case Answered<T>(var value) -> HttpAnswer.of(status(), ProtocolJson.bytes(value));
            case Refused<T>(var code, var reason) -> HttpAnswer.error(code, reason);
            case Unavailable<T> unavailable ->
                HttpAnswer.refused(
                        status(),
                        CallRefused.of(ErrorCode.UNAVAILABLE, unavailable.reason(), unavailable.retryAfterSeconds()));
        };
    }
}
