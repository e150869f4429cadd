package chat.milena.push;

import chat.milena.push.courier.Courier;
import chat.milena.push.pending.CandidateRules;
import chat.milena.push.policy.FactsQuery;
import chat.milena.push.provider.Provider;
import chat.milena.push.send.DeviceConnections;
import chat.milena.push.send.PushSender;
import chat.milena.push.topology.PushTopology;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.run.InstalledLog;
import chat.milena.streams.run.PacedApplication;
import chat.milena.streams.run.StoreDamage;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.streams.run.StreamsService;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Push as components of its process: the application that makes intents, and a sender for each platform.
///
/// ```text
///   chat.deliveries.v1 ─▶ PushTopology ─▶ chat.push.v1 ─▶ PushSender ─▶ Provider
///                              ▲                              │
///                              └── chat.push-results.v1 ◀─────┘
/// ```
public final class PushWorker {
    /// The name of the application.
    public static final String PUSH = "push";

    /// A push need not be as fast as a message, and each commit costs the brokers.
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

    private static final Duration COMMIT_INTERVAL_MAX = Duration.ofMillis(200);

    private final PushConfig config;
    private final InstalledLog log;
    private final StreamsConfiguration streams;
    private final Asking asking;
    private final HostProcess host;

    /// What it asks before it sends.
    ///
    /// @param keys of registrations
    /// @param navigate what a click opens, with `{conversationId}` in it; asked once, at the start
    public record Asking(
            DeviceConnections presence, FactsQuery facts, PushKeys keys, Supplier<@Nullable String> navigate) {}

    public PushWorker(
            PushConfig config, InstalledLog log, StreamsConfiguration streams, Asking asking, HostProcess host) {
        this.config = config;
        this.log = log;
        this.streams = new StreamsConfiguration(
                streams.instanceId(),
                streams.stateFolder(),
                streams.threads(),
                COMMIT_INTERVAL,
                COMMIT_INTERVAL_MAX,
                streams.takeoverAfter(),
                streams.standbys(),
                streams.kafkaMetrics());
        this.asking = asking;
        this.host = host;
    }

    /// What it does with topics.
    public static TopicAccess access(TopicCatalogue topics) {
        return TopicAccess.of(
                        Set.of(
                                topics.deliveries().name(),
                                topics.devices().name(),
                                topics.push().name(),
                                topics.pushResults().name(),
                                LogStarts.TOPIC),
                        Set.of(
                                topics.push().name(),
                                topics.pushResults().name(),
                                topics.userCommands().name(),
                                topics.deadLetters().name(),
                                LogStarts.TOPIC))
                .withApplication(StreamsService.applicationId(PUSH));
    }

    /// Whether the state is made of this topic.
    public static boolean isOurs(TopicCatalogue topics, String topic) {
        return Stream.of(topics.deliveries(), topics.devices(), topics.pushResults())
                        .anyMatch(spec -> spec.name().equals(topic))
                || (topic.startsWith(StreamsService.applicationId(PUSH) + "-") && topic.endsWith("-changelog"));
    }

    /// In the order in which they start.
    ///
    /// @param providers of the platforms that are set up; closed with the components
    /// @param courier of those providers; closed before them, so that attempts in flight come to their end
    public List<Component> components(List<Provider> providers, Courier courier) {
        List<Component> components = new ArrayList<>();
        providers.forEach(provider ->
                components.add(new Open("provider-" + provider.platform().word(), provider::close)));
        components.add(new Open("courier", courier::close));
        host.readiness().set(PUSH, false, "starting");
        components.add(new Deferred<>(PUSH, this::application));
        providers.forEach(provider ->
                components.add(new Deferred<>("push-" + provider.platform().word(), () -> sender(provider))));
        return components;
    }

    private StreamsService application() {
        TopicCatalogue topics = log.topics();
        Stream.of(topics.deliveries(), topics.devices(), topics.pushResults())
                .map(TopicSpec::name)
                .forEach(this::deadLetters);
        return PacedApplication.of(
                PUSH,
                streams,
                topics.push(),
                commits -> PushTopology.build(
                        topics,
                        log.schemas(),
                        new CandidateRules(config.times()),
                        commits,
                        new PushTopology.Listeners(
                                topic -> deadLetters(topic).increment(), new PushMeters(host.meters())),
                        StoreDamage.of(PUSH, host.meters())),
                log.clients(),
                host);
    }

    private Counter deadLetters(String topic) {
        return DeadLetters.counter(topic, host.meters());
    }

    private PushSender sender(Provider provider) {
        return new PushSender(
                provider,
                new PushSender.Log(log.topics(), log.clients()),
                new PushSender.Deciding(
                        asking.presence(),
                        asking.facts(),
                        config.policy(asking.navigate().get()),
                        asking.keys()),
                new PushSender.Service(streams.instanceId(), host.readiness(), host.meters(), host.clock()));
    }

    /// Something that is open already, and is closed once the components after it have stopped.
    record Open(String name, Runnable close) implements Component {
        @Override
        public void start() {}

        @Override
        public void stop(Duration within) {
            close.run();
        }
    }
}
