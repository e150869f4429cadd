package chat.milena.runtime.http;

import io.undertow.util.HttpString;

/// A call: its method and path, what it may use, and what it does. Immutable.
///
/// @param path such as `/api/v1/conversations/{conversation}/members`
/// @param hasBody whether the body must be a JSON object; otherwise the body is ignored
/// @param bodyBytesMax the longest body if it may be longer than others, else 0
/// @param answerBytesMax the approximate maximum of its answer
/// @param cost what it takes from the rate of its user
public record Route(
        HttpString method,
        String path,
        boolean hasBody,
        int bodyBytesMax,
        int answerBytesMax,
        int cost,
        Action action) {
    private static final int ANSWER_BYTES_USUAL = 16 * 1024;

    /// The work of a call, on a thread that may wait. An exception is answered 503.
    @FunctionalInterface
    public interface Action {
        HttpAnswer answer(HttpCall call);
    }

    /// A call with the default bounds and cost.
    public static Route of(HttpString method, String path, boolean hasBody, Action action) {
        return new Route(method, path, hasBody, 0, ANSWER_BYTES_USUAL, 1, action);
    }

    /// The same call with bodies of up to this many bytes, if that is more than the default.
    public Route withBodyBytesMax(int bytesMax) {
        return new Route(method, path, hasBody, bytesMax, answerBytesMax, cost, action);
    }

    /// The same call with answers of up to this many bytes.
    public Route withAnswerBytesMax(int bytesMax) {
        return new Route(method, path, hasBody, bodyBytesMax, bytesMax, cost, action);
    }

    /// The same call with this cost.
    public Route withCost(int taken) {
        return new Route(method, path, hasBody, bodyBytesMax, answerBytesMax, taken, action);
    }
}
