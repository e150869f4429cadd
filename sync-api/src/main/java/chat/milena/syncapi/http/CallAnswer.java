package chat.milena.syncapi.http;

import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.json.Fields.Rejection;
import chat.milena.runtime.json.Json;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.ReadsUnavailableException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.util.StatusCodes;
import java.time.Duration;

/// What a call that reads is answered, whichever way it came.
public sealed interface CallAnswer {

    /// The answer; its reader owns the object.
    record Answered(ObjectNode json) implements CallAnswer {}

    /// Bad input, or nothing for this asker to know.
    record Refused(ErrorCode code, String reason) implements CallAnswer {}

    /// Nothing can be said now; asking again is safe.
    record Unavailable(String reason, Duration retryAfter) implements CallAnswer {

        /// In whole seconds, at least one.
        public long retryAfterSeconds() {
            return Math.max(1, retryAfter.plusMillis(999).toSeconds());
        }
    }

    /// As the views answered.
    static CallAnswer of(ReadAnswer answer) {
        return switch (answer) {
            case ReadAnswer.Answered(var json) -> new Answered(json);
            case ReadAnswer.Refused(var code, var reason) -> new Refused(code, reason);
        };
    }

    /// The refusal of bad input.
    static CallAnswer of(Rejection rejection) {
        return new Refused(rejection.code(), rejection.reason());
    }

    /// The views cannot answer in time.
    static CallAnswer of(ReadsUnavailableException e) {
        return new Unavailable("cannot be answered now; safe to ask again", e.retryAfter());
    }

    /// The HTTP status.
    default int status() {
        return switch (this) {
            case Answered answered -> StatusCodes.OK;
            case Refused refused -> HttpAnswer.status(refused.code());
            case Unavailable unavailable -> HttpAnswer.status(ErrorCode.UNAVAILABLE);
        };
    }

    /// The answer over HTTP.
    default HttpAnswer toHttp() {
        return switch (this) {
            case Answered(var json) -> HttpAnswer.of(status(), Json.bytes(out -> out.writeTree(json)));
            case Refused(var code, var reason) -> HttpAnswer.error(code, reason);
            case Unavailable unavailable ->
                HttpAnswer.error(
                        status(),
                        ErrorCode.UNAVAILABLE,
                        unavailable.reason(),
                        unavailable.retryAfterSeconds(),
                        json -> {});
        };
    }
}
