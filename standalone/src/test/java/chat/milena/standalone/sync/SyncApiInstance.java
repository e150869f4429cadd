package chat.milena.standalone.sync;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.StartRules;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.token.SignedTokenVerifier;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.syncapi.SyncApiConfig;
import chat.milena.syncapi.SyncApiService;
import chat.milena.syncapi.ViewsClient;
import chat.milena.syncapi.http.SyncLimits;
import chat.milena.syncapi.view.Retention;
import chat.milena.syncapi.view.ViewCopy;
import chat.milena.syncapi.view.ViewsConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One instance of the sync API in this JVM, as if it were a process of its own, and a client of it. Safe for all
/// threads while it runs.
final class SyncApiInstance implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";
    /// Tests ask again and again until a view has what they await.
    private static final SyncLimits WITHOUT_RATE = new SyncLimits(
            SyncLimits.DEFAULT.inProgress(),
            SyncLimits.DEFAULT.sync(),
            SyncLimits.DEFAULT.pages(),
            SyncLimits.DEFAULT.answerBytesMax(),
            0);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Installation installation;
    private final String copy;
    private final String instanceId;
    private final List<URI> peers;
    private final Duration readWithin;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable Running running;

    /// What all instances share.
    record Installation(KafkaClients clients, TopicCatalogue topics, TokenSecret tokens, Secret internal, Path folder) {
        String token(String userId) {
            Instant expiresAt = Instant.now().plusSeconds(3600);
            return new TokenSigner(tokens).sign(new VerifiedToken(ViewsLog.TENANT, userId, null, expiresAt));
        }
    }

    /// What a call was answered with.
    record Answer(int status, JsonNode json, String text, String retryAfter) {}

    private record Running(HttpFront front, SyncApiService service, SimpleMeterRegistry meters) {}

    SyncApiInstance(Installation installation, String copy, String instanceId, List<URI> peers, Duration readWithin) {
        this.installation = installation;
        this.copy = copy;
        this.instanceId = instanceId;
        this.peers = peers;
        this.readWithin = readWithin;
    }

    /// Returns when it answers.
    SyncApiInstance start() throws Exception {
        Readiness readiness = new Readiness();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        HttpFront front =
                new HttpFront(HttpConfig.of(LOOPBACK, 0), readiness, AllowedOrigins.ANY, new SimpleMeterRegistry());
        SyncApiConfig config = new SyncApiConfig(
                copy,
                peers,
                readWithin,
                new SyncApiConfig.Internal(LOOPBACK, 0, LOOPBACK, installation.internal()),
                new ViewsConfig(Retention.of(Duration.ofDays(30)), Duration.ofHours(1)),
                WITHOUT_RATE,
                AllowedOrigins.ANY,
                StartRules.ANYONE);
        SyncApiService service = new SyncApiService(
                config,
                new SyncApiService.Dependencies(
                        new SyncApiService.Platform(front, readiness, meters, Clock.systemUTC(), () -> {
                            throw new AssertionError("the views of " + instanceId + " gave up");
                        }),
                        new SyncApiService.Log(
                                installation.topics(),
                                installation.clients(),
                                new StreamsConfiguration(
                                        instanceId,
                                        state(),
                                        1,
                                        Duration.ofMillis(5),
                                        Duration.ofMillis(25),
                                        Duration.ofSeconds(10),
                                        0,
                                        false)),
                        SignedTokenVerifier.ofSecrets(List.of(installation.tokens()), Clock.systemUTC()),
                        user -> Optional.empty()));
        front.start();
        service.start();
        readiness.set(Readiness.START, true, "");
        running = new Running(front, service, meters);
        return this;
    }

    /// Where its views are on disk.
    Path state() {
        return installation.folder().resolve("state-" + instanceId);
    }

    void stop() throws InterruptedException {
        Running now = running;
        if (now != null) {
            now.service().stop(PATIENCE);
            now.front().stop(PATIENCE);
            running = null;
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            http.shutdownNow();
        }
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException(instanceId + " is not running");
        }
        return now;
    }

    ViewCopy serving() {
        return running().service().views().serving().orElseThrow();
    }

    /// The partitions of conversations whose views are here.
    List<Integer> ownConversationPartitions() {
        String messages = installation.topics().messages().name();
        return serving().assigned().stream()
                .filter(partition -> partition.topic().equals(messages))
                .map(TopicPartition::partition)
                .sorted()
                .toList();
    }

    URI url() {
        return URI.create("http://" + LOOPBACK + ":" + running().front().port());
    }

    URI internalUrl() {
        return URI.create(running().service().internalUrl());
    }

    ViewsClient operator() {
        return new ViewsClient(internalUrl(), installation.internal());
    }

    /// Questions to the brokers for ends of partitions that were answered here so far.
    long endsAsked() {
        return running().meters().get("milena.sync.end.offsets").timer().count();
    }

    /// A read by this user under `/api/v1/conversations`.
    Answer reads(String userId, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(url().resolve("/api/v1/conversations" + path))
                .header("Authorization", "Bearer " + installation.token(userId)));
    }

    /// A sync by this user.
    Answer syncs(String userId, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(url().resolve("/api/v1/sync"))
                .header("Authorization", "Bearer " + installation.token(userId))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        String text = response.body();
        return new Answer(
                response.statusCode(),
                JSON.readTree(text),
                text,
                response.headers().firstValue("Retry-After").orElse(""));
    }
}
