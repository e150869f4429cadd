package chat.milena.runtime.http;

import io.undertow.util.HttpString;

/// A call: which method of which path, what it may use, and what it does. Immutable.
///
/// @param path such as `/api/v1/conversations/{conversation}/members`
/// @param hasBody whether there must be a JSON object in its body; otherwise the body is passed over
/// @param bodyBytesMax the longest body where it may be longer than others, else 0
/// @param answerBytesMax how long its answer may become, about
/// @param cost what it takes from its user's rate of calls
public record Route(
        HttpString method,
        String path,
        boolean hasBody,
        int bodyBytesMax,
        int answerBytesMax,
        int cost,
        Action action) {
    private static final int ANSWER_BYTES_USUAL = 16 * 1024;

    /// What a call does; on a thread that may wait. What it throws is answered 503.
    @FunctionalInterface
    public interface Action {
        HttpAnswer answer(HttpCall call);
    }

    /// A call of the usual bounds and cost.
    public static Route of(HttpString method, String path, boolean hasBody, Action action) {
        return new Route(method, path, hasBody, 0, ANSWER_BYTES_USUAL, 1, action);
    }

    /// The same call with bodies of up to this many bytes, if that is more than others may have.
    public Route withBodyBytesMax(int bytesMax) {
        return new Route(method, path, hasBody, bytesMax, answerBytesMax, cost, action);
    }

    /// The same call with answers of up to this many bytes.
    public Route withAnswerBytesMax(int bytesMax) {
        return new Route(method, path, hasBody, bodyBytesMax, bytesMax, cost, action);
    }

    /// The same call, which takes this much from its user's rate of calls.
    public Route withCost(int taken) {
        return new Route(method, path, hasBody, bodyBytesMax, answerBytesMax, taken, action);
    }
}
