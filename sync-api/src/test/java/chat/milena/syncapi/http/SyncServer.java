package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.StartRules;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.person.SeenDevice;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The calls that read on a free port of this machine, with everything real but the views and the clock.
///
/// A token here is `user` of the tenant of [FakeConversation], or `tenant/user`; `bad` is none; `unknowable` cannot be
/// checked now. [#MODERATOR] moderates.
final class SyncServer implements AutoCloseable {
    static final String MODERATOR = "mia";
    static final Instant NOW = FakeConversation.BEGINNING.plus(Duration.ofDays(1));

    final FakeReads reads = new FakeReads(Clock.fixed(NOW, ZoneOffset.UTC));
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SyncHttp http;
    final HttpFront front;
    private final JsonMapper json = new JsonMapper();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();

    /// The devices that were seen; of nobody while a test does not say so.
    final Map<UserKey, List<SeenDevice>> seen = new ConcurrentHashMap<>();

    SyncServer() throws IOException {
        this(SyncLimits.DEFAULT);
    }

    SyncServer(SyncLimits limits) throws IOException {
        Readiness readiness = new Readiness();
        readiness.set(Readiness.START, true, "");
        front = new HttpFront(HttpConfig.of("127.0.0.1", 0), readiness, AllowedOrigins.ANY, new SimpleMeterRegistry());
        http = new SyncHttp(
                reads,
                limits,
                new SyncHttp.Callers(AllowedOrigins.ANY, SyncServer::verify, StartRules.ANYONE),
                user -> Optional.ofNullable(seen.get(user)),
                front.budgets(),
                blocking,
                Clock.fixed(NOW, ZoneOffset.UTC),
                meters);
        front.mount(http.api());
        front.start();
    }

    private static VerifiedToken verify(String token) throws InvalidTokenException {
        if (token.equals("bad") || token.isBlank()) {
            throw new InvalidTokenException("bad token");
        }
        if (token.equals("unknowable")) {
            throw new TokenKeysUnavailableException("no keys");
        }
        String[] names = token.split("/", 2);
        return names.length == 2
                ? new VerifiedToken(names[0], names[1], null, NOW.plusSeconds(60), true)
                : new VerifiedToken(
                        FakeConversation.TENANT,
                        token,
                        null,
                        NOW.plusSeconds(60),
                        true,
                        token.equals(MODERATOR),
                        null,
                        null);
    }

    /// What a call was answered.
    record Answer(int status, JsonNode body, HttpResponse<String> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String error() {
            return body.path("error").asText("");
        }

        String message() {
            return body.path("message").asText("");
        }
    }

    HttpRequest.Builder request(String pathAndQuery, String token) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front.port() + pathAndQuery))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    Answer get(String pathAndQuery, String token) throws IOException, InterruptedException {
        return send(request(pathAndQuery, token).GET());
    }

    Answer sync(String token, String body) throws IOException, InterruptedException {
        return send(request("/api/v1/sync", token).POST(BodyPublishers.ofString(body)));
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return answer(client.send(request.build(), BodyHandlers.ofString()));
    }

    CompletableFuture<Answer> later(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(this::answer);
    }

    private Answer answer(HttpResponse<String> response) {
        try {
            return new Answer(response.statusCode(), json.readTree(response.body()), response);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("No JSON: " + response.body(), e);
        }
    }

    JsonNode answered(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    @Override
    public void close() {
        front.stop(Duration.ofSeconds(1));
        blocking.shutdownNow();
        client.shutdownNow();
    }
}
