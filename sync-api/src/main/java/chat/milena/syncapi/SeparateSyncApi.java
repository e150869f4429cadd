package chat.milena.syncapi;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.runtime.lifecycle.FileHandles;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.run.NativeRocksDb;
import chat.milena.streams.run.StateFolder;
import chat.milena.streams.run.StateReady;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.streams.run.StreamsService;
import chat.milena.syncapi.person.SeenDevice;
import chat.milena.syncapi.view.View;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A sync API as a process of its own: its settings, and the components that they make.
public final class SeparateSyncApi {
    private final SyncApiConfig config;
    private final StreamsConfiguration streams;
    private final HostProcess host;
    private final HttpFront front;

    /// Reads the settings, and notes errors there.
    ///
    /// @param state the folder of its views
    /// @param retention how long the log keeps events
    /// @param internal authenticates processes to each other, unless a setting says otherwise; null if that must
    public SeparateSyncApi(
            Settings environment,
            InetAddress bind,
            int port,
            Path state,
            Duration retention,
            @Nullable Secret internal,
            HostProcess host) {
        this.host = host;
        HttpConfig http = http(bind, port, environment);
        streams = StreamsConfiguration.of(environment, state);
        AllowedOrigins origins = AllowedOrigins.of(environment);
        config = SyncApiConfig.of(environment, retention, origins, internal);
        front = new HttpFront(http, host.readiness(), origins, host.meters());
    }

    private static HttpConfig http(InetAddress bind, int port, Settings environment) {
        HttpConfig usual = HttpConfig.of(bind.getHostAddress(), port);
        int connections =
                FileHandles.connections(FileHandles.limit(), usual.connections().max());
        return usual.withBounds(connections, usual.exchangeWithin())
                .behind(TrustedProxies.of(environment), usual.idleWithin());
    }

    /// The listener for clients, which starts first.
    public HttpFront front() {
        return front;
    }

    /// What a sync API does with the topics.
    public static TopicAccess access(TopicCatalogue topics) {
        Set<String> reads = View.all().stream()
                .map(view -> view.topic(topics).name())
                .collect(Collectors.toCollection(HashSet::new));
        reads.add(LogStarts.TOPIC);
        return TopicAccess.of(reads, Set.of(LogStarts.TOPIC)).withGroups(StreamsService.applicationId("views"));
    }

    /// The components that start once the topics are checked, in their order.
    ///
    /// @param presence the devices of a user that were seen; empty while that is not known
    public List<Component> components(
            TopicCatalogue topics,
            KafkaClients clients,
            TokenVerifier verifier,
            Function<UserKey, Optional<List<SeenDevice>>> presence) {
        SyncApiService.Dependencies dependencies = new SyncApiService.Dependencies(
                new SyncApiService.Platform(front, host.readiness(), host.meters(), host.clock(), host.onFailure()),
                new SyncApiService.Log(topics, clients, streams),
                verifier,
                presence);
        Path state = streams.stateFolder();
        return List.of(
                new StateReady(
                        new StateFolder(state),
                        clients,
                        topics.deliveries(),
                        name -> View.all().stream()
                                .anyMatch(view -> view.topic(topics).name().equals(name)),
                        host.clock()),
                new Deferred<>("sync-api", () -> {
                    NativeRocksDb.unpackInto(state.resolve("native"));
                    return new SyncApiService(config, dependencies);
                }));
    }
}
