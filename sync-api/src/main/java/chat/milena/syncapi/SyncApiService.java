package chat.milena.syncapi;

import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.syncapi.barrier.EndOffsets;
import chat.milena.syncapi.barrier.ReadBarrier;
import chat.milena.syncapi.http.DevicesCall;
import chat.milena.syncapi.http.GatewayCalls;
import chat.milena.syncapi.http.ModerationCalls;
import chat.milena.syncapi.http.PeopleCall;
import chat.milena.syncapi.http.SyncCall;
import chat.milena.syncapi.http.SyncHttp;
import chat.milena.syncapi.person.SeenDevice;
import chat.milena.syncapi.read.ConversationReader;
import chat.milena.syncapi.route.InternalGate;
import chat.milena.syncapi.route.LocalReads;
import chat.milena.syncapi.route.Routing;
import chat.milena.syncapi.view.ViewCopies;
import chat.milena.syncapi.view.ViewCopy;
import chat.milena.syncapi.view.ViewName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The query side as a component of its process: the views, the barrier before them, and the calls that read.
///
/// ```text
///   GET, sync ─▶ SyncHttp ─▶ RoutedReads ─┬▶ ReadBarrier ─▶ ViewCopy (RocksDB)
///                                         └▶ another instance's InternalApi
/// ```
public final class SyncApiService implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(SyncApiService.class);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);
    /// A step of a rebuild waits for a rebalance.
    private static final Duration STEP_WITHIN = Duration.ofMinutes(3);

    private static final int READERS_WAITING_MAX = 10_000;
    private static final int GATEWAY_CALLS_MAX = 2_000;
    private static final Duration FORGET_WITHIN = Duration.ofSeconds(5);

    private final SyncApiConfig config;
    private final Platform platform;
    private final Log log;
    /// The readiness of the versions of the views, separate from that of the process: while partitions move or a
    /// version is built, reads wait or are answered elsewhere, and the rest of the process does not need the
    /// views.
    private final Readiness versions = new Readiness();

    private final HttpFront internal;
    private final EndOffsets ends;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("sync-", 0).factory());
    private final ViewCopies copies;
    private final ViewsWatch watch;
    private final Routing routing;
    private final SyncHttp http;
    private final PushFactsCall push;
    private boolean answering = true;
    private boolean over;

    /// The dependencies of a sync API.
    ///
    /// @param presence the devices of a user that were seen; empty while that is not known
    public record Dependencies(
            Platform platform,
            Log log,
            TokenVerifier verifier,
            Function<UserKey, Optional<List<SeenDevice>>> presence) {}

    /// What the process that it runs in offers.
    ///
    /// @param front where clients call
    /// @param onFailure called once when the views have given up
    public record Platform(
            HttpFront front, Readiness readiness, MeterRegistry meters, Clock clock, Runnable onFailure) {}

    /// The log, and how its views are built from it.
    public record Log(TopicCatalogue topics, KafkaClients clients, StreamsConfiguration streams) {}

    public SyncApiService(SyncApiConfig config, Dependencies dependencies) {
        this.config = config;
        this.platform = dependencies.platform();
        this.log = dependencies.log();
        HttpConfig listener =
                HttpConfig.of(config.internal().host(), config.internal().port());
        int connectionsMax = listener.connections().max();
        internal = new HttpFront(
                // A few addresses have all connections here, each with calls of all users.
                listener.withBounds(connectionsMax, STEP_WITHIN).withShares(connectionsMax, connectionsMax),
                reachable(),
                AllowedOrigins.ANY,
                new SimpleMeterRegistry());
        ends = new EndOffsets(this::endsConsumer, ENDS_WITHIN, READERS_WAITING_MAX, platform.meters());
        copies = new ViewCopies(config.copy(), log.streams().stateFolder(), this::copy, this::forget, versions);
        watch = new ViewsWatch(
                ends,
                copies,
                new TopicPartition(log.topics().messages().name(), 0),
                platform.meters(),
                this::brokersAnswer);
        LocalReads local = new LocalReads(
                log.topics(),
                new ReadBarrier(ends, platform.meters()),
                new ConversationReader(config.views().retention()::of),
                platform.clock());
        routing = new Routing(
                new Routing.Settings(
                        config.peers(), config.readWithin(), config.internal().secret()),
                copies,
                local,
                ends,
                this::address,
                threads);
        http = new SyncHttp(
                routing.reads(),
                config.limits(),
                new SyncHttp.Callers(config.origins(), dependencies.verifier(), config.mayStart()),
                dependencies.presence(),
                platform.front().budgets(),
                threads,
                platform.clock(),
                platform.meters());
        push = new PushFactsCall(routing.reads(), config.limits(), http::profiles, http::unreadMessages);
    }

    @Override
    public String name() {
        return "sync-api";
    }

    @Override
    public void start() throws Exception {
        internal.start();
        ends.start();
        try {
            copies.start();
        } catch (Exception e) {
            stop(Duration.ofSeconds(5));
            throw e;
        }
        routing.mount(internal);
        GatewayCalls gateways = new GatewayCalls(
                http.sync(),
                http.people(),
                http.devices(),
                http.moderation(),
                q -> push.facts(
                        new DeviceKey(new UserKey(q.tenant(), q.userId()), q.deviceId()),
                        q.conversationId(),
                        q.after(),
                        q.upTo(),
                        q.releases() == null ? List.of() : q.releases()));
        gateways.mount(
                internal,
                new InternalGate(
                        config.internal().secret(),
                        threads,
                        GATEWAY_CALLS_MAX,
                        (exchange, body) -> gateways.answer(exchange.getRequestPath(), body)));
        // For gateways, which pass on the reads of their clients.
        internal.mount(http.api());
        platform.front().mount(http.api());
        platform.readiness().set(name(), true, "");
        watch.start();
    }

    private synchronized void brokersAnswer(boolean now) {
        if (over || now == answering) {
            return;
        }
        answering = now;
        platform.readiness().set(name(), now, "the brokers do not answer");
        if (now) {
            LOG.info("The brokers answer again; reads are answered");
        } else {
            LOG.error("The brokers do not answer: reads are not answered until they do");
        }
    }

    private synchronized void end(String reason) {
        over = true;
        platform.readiness().set(name(), false, reason);
    }

    @Override
    public void stop(Duration within) throws InterruptedException {
        watch.close();
        end("stopped");
        platform.front().unmount(http.api());
        copies.stop(within);
        internal.stop(within);
        ends.stop(within);
        routing.close();
        threads.shutdownNow();
    }

    /// The sync as plain Java, for a gateway in the same process.
    public SyncCall sync() {
        return http.sync();
    }

    /// Who may see whom, as plain Java, for a gateway in the same process.
    public PeopleCall people() {
        return http.people();
    }

    /// What is kept of devices, as plain Java, for a gateway in the same process.
    public DevicesCall devices() {
        return http.devices();
    }

    /// What moderators and warned users are shown, as plain Java, for a gateway in the same process.
    public ModerationCalls moderation() {
        return http.moderation();
    }

    /// What push asks before it sends.
    public PushFactsCall push() {
        return push;
    }

    /// The views of this instance.
    public ViewCopies views() {
        return copies;
    }

    /// Where other instances and the operator's tools call, once started.
    public String internalUrl() {
        HostInfo address = address();
        return "http://" + address.host() + ":" + address.port();
    }

    /// Other instances may call as soon as they find this one: its answer says what it cannot do.
    private static Readiness reachable() {
        Readiness always = new Readiness();
        always.set(Readiness.START, true, "");
        return always;
    }

    private HostInfo address() {
        return new HostInfo(config.internal().advertisedHost(), internal.port());
    }

    private ViewCopy copy(ViewName name) {
        return new ViewCopy(
                name,
                new ViewCopy.Parts(
                        log.topics(),
                        config.views(),
                        log.streams(),
                        address(),
                        log.clients(),
                        platform.meters(),
                        platform.clock()),
                versions,
                this::gaveUp);
    }

    private void gaveUp() {
        end("the views have given up");
        platform.onFailure().run();
    }

    private KafkaConsumer<byte[], byte[]> endsConsumer() {
        Map<String, Object> asked = Map.of(
                // High watermarks, not the last stable offsets that a committed reader would see.
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return new KafkaConsumer<>(
                log.clients().consumer(asked), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private boolean forget(ViewName gone) {
        String group = ViewCopy.group(gone);
        try (Admin admin = Admin.create(log.clients().admin())) {
            admin.deleteConsumerGroups(List.of(group)).all().get(FORGET_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The group {} could not be deleted", group, e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
