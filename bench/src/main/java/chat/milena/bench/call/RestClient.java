package chat.milena.bench.call;

import chat.milena.bench.client.Backoff;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The REST calls of the command side, blocking, as any user of one tenant. Thread-safe.
///
/// A call is retried until its deadline if the server cannot be reached or answers 503 or 429. A call that may
/// have taken effect is retried only if that is harmless. Creating is harmless: two users determine the id of
/// their direct conversation, and a group carries an `Idempotency-Key`. Changing the members of a group is
/// harmless too.
public final class RestClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);
    private static final int CONNECTIONS_MAX = 32;
    private static final Backoff BETWEEN_TRIES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final TokenSource tokens;
    private final Duration deadline;
    private final HttpConnections http;

    public RestClient(URI server, TokenSource tokens, Duration deadline) {
        this.tokens = tokens;
        this.deadline = deadline;
        this.http = new HttpConnections(server, CONNECTIONS_MAX, 1, CALL_TIMEOUT);
    }

    /// Fails within `patience` if no server answers at the address; any answer is enough.
    ///
    /// Called before a run, since connections by themselves would retry for as long as a restart may take.
    public static void requireServer(URI server, Duration patience) throws InterruptedException {
        try (RestClient rest = new RestClient(server, userId -> "none", patience)) {
            HttpAnswer answer = rest.call("nobody", "GET", "/readyz", null);
            if (answer.status() == 503) {
                throw new UsageFailure("the server at " + server + " is not ready");
            }
        }
    }

    /// Creates or finds the direct conversation of two users; returns its id.
    public String createDirect(String userId, String otherId) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("type", "direct");
        body.putArray("participantIds").add(otherId);
        return conversationId(call(userId, "POST", "/api/v1/conversations", body, null, true));
    }

    /// Creates a group with `userId` as creator and admin; returns its id.
    public String createGroup(String userId, String name, Collection<String> otherIds) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("name", name);
        otherIds.forEach(body.putArray("participantIds")::add);
        return conversationId(
                call(userId, "POST", "/api/v1/groups", body, UUID.randomUUID().toString(), true));
    }

    /// Adds a user to a group. A repetition changes nothing.
    public HttpAnswer addMember(String byUserId, String conversationId, String userId) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("userIds").add(userId);
        return call(byUserId, "POST", "/api/v1/conversations/" + conversationId + "/members", body, null, true);
    }

    /// Accepts, as this user, a conversation to which another user added them.
    public void accept(String userId, String conversationId) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("accepted", true);
        conversationId(
                call(userId, "PATCH", "/api/v1/conversations/" + conversationId + "/personal", body, null, true));
    }

    /// Ends a membership; a user who names themselves leaves. If the first attempt took effect without an answer,
    /// the next one may be answered 403 or 404.
    public HttpAnswer removeMember(String byUserId, String conversationId, String userId) throws InterruptedException {
        String path = "/api/v1/conversations/" + conversationId + "/members/" + userId;
        return call(byUserId, "DELETE", path, null, null, true);
    }

    /// Any call; retried only while it certainly had no effect.
    public HttpAnswer call(String userId, String method, String path, @Nullable JsonNode body)
            throws InterruptedException {
        return call(userId, method, path, body, null, false);
    }

    private HttpAnswer call(
            String userId,
            String method,
            String path,
            @Nullable JsonNode body,
            @Nullable String idempotencyKey,
            boolean repeatable)
            throws InterruptedException {
        String json = body == null ? null : body.toString();
        long giveUpNanos = System.nanoTime() + deadline.toNanos();
        for (int attempt = 0; ; attempt++) {
            Duration wait = BETWEEN_TRIES.beforeAttempt(attempt, ThreadLocalRandom.current());
            boolean mayRetry = System.nanoTime() + wait.toNanos() - giveUpNanos < 0;
            try {
                HttpAnswer answer = http.call(
                                new HttpCall(method, path, tokens.tokenFor(userId), json, idempotencyKey, repeatable))
                        .get();
                if (!mayRetry || !answer.refused()) {
                    return answer;
                }
                Duration asked = answer.retryAfter();
                wait = asked == null ? wait : wait.plus(asked);
            } catch (ExecutionException e) {
                boolean unreached = e.getCause() instanceof ConnectException;
                if (!mayRetry || !(repeatable || unreached)) {
                    throw new UsageFailure("cannot reach " + http.origin() + ": "
                            + (unreached ? "nothing answers there" : e.getCause()));
                }
            }
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        }
    }

    private static String conversationId(HttpAnswer answer) {
        String id = answer.json().path("conversationId").asText("");
        if (!answer.ok() || id.isEmpty()) {
            throw new UsageFailure("the conversation was not created: " + answer.refusal());
        }
        return id;
    }

    @Override
    public void close() {
        http.close();
    }
}
