package chat.milena.bench.call;

import chat.milena.bench.client.Backoff;
import chat.milena.bench.client.SocketHandler;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
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
    private static final Backoff BETWEEN_TRIES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final URI server;
    private final TokenSource tokens;
    private final Duration deadline;
    private final HttpClient http;

    public RestClient(URI server, TokenSource tokens, Duration deadline) {
        this.server = server;
        this.tokens = tokens;
        this.deadline = deadline;
        // Clear-text HTTP/2 would begin with an upgrade that has no use here.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /// Fails within `patience` if no server answers at the address; any answer is enough.
    ///
    /// Called before a run, since connections by themselves would retry for as long as a restart may take.
    public static void requireServer(URI server, Duration patience) throws InterruptedException {
        try (RestClient rest = new RestClient(server, userId -> "none", patience)) {
            RestResponse answer = rest.call("nobody", "GET", "/readyz", null);
            if (answer.status() == 503) {
                throw new UsageFailure("the server at " + server + " is not ready");
            }
        }
    }

    /// Creates or finds the direct conversation of two users; returns its id.
    public String createDirect(String userId, String otherId) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("type", "direct");
        body.putArray("participantIds").add(otherId);
        return conversationId(call(userId, "POST", "/api/v1/conversations", body, Map.of(), true));
    }

    /// Creates a group with `userId` as creator and admin; returns its id.
    public String createGroup(String userId, String name, Collection<String> otherIds) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("name", name);
        otherIds.forEach(body.putArray("participantIds")::add);
        Map<String, String> once = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        return conversationId(call(userId, "POST", "/api/v1/groups", body, once, true));
    }

    /// Adds a user to a group. A repetition changes nothing.
    public RestResponse addMember(String byUserId, String conversationId, String userId) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("userIds").add(userId);
        return call(byUserId, "POST", "/api/v1/conversations/" + conversationId + "/members", body, Map.of(), true);
    }

    /// Accepts, as this user, a conversation to which another user added them.
    public void accept(String userId, String conversationId) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("accepted", true);
        conversationId(
                call(userId, "PATCH", "/api/v1/conversations/" + conversationId + "/personal", body, Map.of(), true));
    }

    /// Ends a membership; a user who names themselves leaves. If the first attempt took effect without an answer,
    /// the next one may be answered 403 or 404.
    public RestResponse removeMember(String byUserId, String conversationId, String userId)
            throws InterruptedException {
        String path = "/api/v1/conversations/" + conversationId + "/members/" + userId;
        return call(byUserId, "DELETE", path, null, Map.of(), true);
    }

    /// Any call; retried only while it certainly had no effect.
    public RestResponse call(String userId, String method, String path, @Nullable JsonNode body)
            throws InterruptedException {
        return call(userId, method, path, body, Map.of(), false);
    }

    private RestResponse call(
            String userId,
            String method,
            String path,
            @Nullable JsonNode body,
            Map<String, String> headers,
            boolean repeatable)
            throws InterruptedException {
        long giveUpNanos = System.nanoTime() + deadline.toNanos();
        for (int attempt = 0; ; attempt++) {
            Duration wait = BETWEEN_TRIES.beforeAttempt(attempt, ThreadLocalRandom.current());
            boolean mayRetry = System.nanoTime() + wait.toNanos() - giveUpNanos < 0;
            try {
                HttpResponse<String> response =
                        http.send(request(userId, method, path, body, headers), HttpResponse.BodyHandlers.ofString());
                int status = response.statusCode();
                if (!mayRetry || (status != 503 && status != 429)) {
                    return new RestResponse(status, parse(response.body()));
                }
                wait = wait.plus(SocketHandler.retryAfter(
                        response.headers().firstValue("Retry-After").orElse("0")));
            } catch (IOException e) {
                if (!mayRetry || !(repeatable || e instanceof ConnectException)) {
                    throw new UsageFailure("cannot reach " + server + ": "
                            + (e instanceof ConnectException ? "nothing answers there" : e.toString()));
                }
            }
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        }
    }

    private HttpRequest request(
            String userId, String method, String path, @Nullable JsonNode body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(CALL_TIMEOUT)
                .header("Authorization", "Bearer " + tokens.tokenFor(userId));
        headers.forEach(request::header);
        if (body == null) {
            return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
        }
        return request.header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
    }

    private static JsonNode parse(String body) {
        try {
            return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String conversationId(RestResponse response) {
        String id = response.body().path("conversationId").asText("");
        if (!response.ok() || id.isEmpty()) {
            throw new UsageFailure("the conversation was not created: " + response.refusal());
        }
        return id;
    }

    @Override
    public void close() {
        http.close();
    }
}
