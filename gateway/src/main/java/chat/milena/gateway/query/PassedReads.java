package chat.milena.gateway.query;

import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.http.HttpCall;
import chat.milena.runtime.http.Route;
import chat.milena.runtime.limit.HttpBudgets;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.Executor;

/// The calls that read, passed on to a sync API with the token of the caller: every `GET` and `HEAD` below
/// `/api/v1` that the gateway does not answer itself, and the sync. Token, website, body and bounds are checked
/// here, parameters and the rate of reads there. Safe for all threads; waits.
final class PassedReads {
    private static final String READS = "/api/v1/*";
    private static final String SYNC = "/api/v1/sync";

    /// A part like these could lead out of `/api/v1`.
    private static final Set<String> STEPS = Set.of(".", "..");

    /// The longest body that any setting of a sync API allows; its own bound is the one that counts.
    private static final int BODY_BYTES_MAX = 512 * 1024;

    private final SyncApis apis;

    private PassedReads(SyncApis apis) {
        this.apis = apis;
    }

    /// The calls.
    ///
    /// @param blocking runs each call on a thread that may wait
    static HttpApi of(
            SyncApis apis,
            SyncApisConfig config,
            AllowedOrigins origins,
            TokenVerifier verifier,
            HttpBudgets budgets,
            Executor blocking) {
        PassedReads reads = new PassedReads(apis);
        List<Route> routes = List.of(
                Route.of(Methods.GET, READS, false, reads::get).withAnswerBytesMax(config.answerBytesMax()),
                // The head of the answer to a GET has its length.
                Route.of(Methods.HEAD, READS, false, reads::get).withAnswerBytesMax(config.answerBytesMax()),
                Route.of(Methods.POST, SYNC, true, reads::post).withAnswerBytesMax(config.answerBytesMax()));
        return new HttpApi(
                routes, new HttpApi.Bounds(config.readsMax(), BODY_BYTES_MAX, 0), origins, verifier, budgets, blocking);
    }

    private HttpAnswer get(HttpCall call) {
        if (Arrays.stream(call.target().split("/", -1)).anyMatch(STEPS::contains)) {
            return HttpAnswer.error(StatusCodes.NOT_FOUND, ErrorCode.INVALID_REQUEST, "no such path");
        }
        return pass(new SyncApis.Question(target(call), authorization(call), null));
    }

    private HttpAnswer post(HttpCall call) {
        return pass(new SyncApis.Question(
                target(call), authorization(call), call.body().toString()));
    }

    private HttpAnswer pass(SyncApis.Question question) {
        try {
            SyncApis.Answer answer = apis.ask(question);
            if (answer != null) {
                return HttpAnswer.passedOn(
                        answer.status(), answer.body(), answer.retryAfterSeconds(), RemoteRefusal.code(answer));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return HttpAnswer.error(ErrorCode.UNAVAILABLE, "cannot be answered now; safe to retry");
    }

    private static String authorization(HttpCall call) {
        return String.valueOf(call.header("Authorization"));
    }

    /// Encoded again, so that it names what the caller named and nothing else.
    static String target(HttpCall call) {
        StringJoiner path = new StringJoiner("/");
        for (String part : call.target().split("/", -1)) {
            // It already has encoded slashes, question marks and percent signs.
            path.add(encoded(part.replace("%2F", "/").replace("%3F", "?").replace("%25", "%")));
        }
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (Map.Entry<String, Deque<String>> parameter : call.query().entrySet()) {
            for (String value : parameter.getValue()) {
                query.add(encoded(parameter.getKey()) + "=" + encoded(value));
            }
        }
        return path.toString() + query;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
