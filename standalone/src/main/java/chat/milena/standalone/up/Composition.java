package chat.milena.standalone.up;

import chat.milena.ephemeral.presence.DevicePresence;
import chat.milena.gateway.ChatPage;
import chat.milena.gateway.ClientListener;
import chat.milena.gateway.GatewayConfig;
import chat.milena.gateway.GatewayService;
import chat.milena.gateway.GatewayService.Dependencies;
import chat.milena.gateway.GatewayService.Keys;
import chat.milena.gateway.GatewayService.Queries;
import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.live.PresenceConfig;
import chat.milena.gateway.live.SyncQuery;
import chat.milena.gateway.rest.GroupIds;
import chat.milena.gateway.resume.ResumeTokens;
import chat.milena.push.PushConfig;
import chat.milena.push.PushRun;
import chat.milena.push.PushWorker;
import chat.milena.push.classify.Classification;
import chat.milena.push.provider.ProvidersConfig;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.http.OperatorListener;
import chat.milena.runtime.kafka.BrokersWatch;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicSizing;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.runtime.lifecycle.FolderSize;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.runtime.lifecycle.Metrics;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.lifecycle.Traces;
import chat.milena.runtime.schema.SchemaSource;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.Tokens;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.standalone.Version;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.standalone.query.DeviceAnswers;
import chat.milena.standalone.query.PeopleAnswers;
import chat.milena.standalone.query.PushAnswers;
import chat.milena.standalone.query.SeenDevices;
import chat.milena.standalone.query.SyncAnswers;
import chat.milena.standalone.redis.EmbeddedRedis;
import chat.milena.streams.run.InstalledLog;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.syncapi.PushFactsCall;
import chat.milena.syncapi.SyncApiConfig;
import chat.milena.syncapi.SyncApiService;
import chat.milena.syncapi.http.DevicesCall;
import chat.milena.syncapi.http.ModerationCalls;
import chat.milena.syncapi.http.PeopleCall;
import chat.milena.syncapi.http.SyncCall;
import chat.milena.topology.InstalledTopics;
import chat.milena.topology.TopicsReady;
import chat.milena.topology.WriteSide;
import chat.milena.topology.WriteSideConfig;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The components of a run, and how they fit together. Each component starts after those before it work.
final class Composition {
    private static final String SYNC_API = "sync-api";
    private static final String GATEWAY = "gateway";
    private static final Logger LOG = LoggerFactory.getLogger(Composition.class);

    private final UpOptions options;
    private final @Nullable EmbeddedKafka kafka;
    private final KafkaClients clients;
    private final Tokens tokens;
    private final Clock clock;
    private final Runnable onFailure;
    private final ChatPage page;
    private final GatewayConfig gateway;
    private final EmbeddedRedis redis;
    private final HttpConfig http;
    private final StreamsConfiguration streams;
    private final WriteSideConfig deciding;
    private final SyncApiConfig reading;
    private volatile @Nullable HttpFront clientsFront;
    private volatile @Nullable SyncCall syncCall;
    private volatile @Nullable PeopleCall peopleCall;
    private volatile @Nullable DevicesCall devicesCall;
    private volatile @Nullable ModerationCalls moderationCalls;
    private volatile @Nullable PushFactsCall pushCall;
    private final DataFolder folder;
    private final SchemaSource schemas;
    private final Sizing sizing;
    private final TopicCatalogue topics;
    private final TokenSecret tokenSecret;
    private final Secret resumeSecret;
    private final Secret groupSecret;
    private final PushSetup push;
    private final PushRun pushing;
    private final SeenDevices devices;
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics();
    private final DiskReserve disk;
    private final Duration drainNotice;
    private final OutsideEndpoints webhooks;

    /// Reads the remaining settings of the environment; errors are recorded there.
    ///
    /// @param kafka its own broker; null if the settings name others
    /// @param onFailure called when a component has failed for good
    Composition(
            UpOptions options,
            Settings environment,
            DataFolder folder,
            @Nullable EmbeddedKafka kafka,
            Tokens tokens,
            PrintStream out,
            Clock clock,
            Runnable onFailure)
            throws DataFolderException {
        this.kafka = kafka;
        this.clients = kafka == null
                ? KafkaClients.of(environment)
                : KafkaClients.ofOwnBroker(environment, kafka.bootstrapServers(), kafka.clientProperties());
        this.tokens = tokens;
        this.clock = clock;
        this.onFailure = onFailure;
        this.options = options;
        this.page = page(options, environment, this::clientsPort);
        GatewayConfig config = gateway(options, environment);
        this.gateway = ClientListener.withinHandles(config)
                .withOrigins(config.origins().withOurs(page.publicUrl()::origins));
        this.redis = new EmbeddedRedis(folder.redis());
        this.folder = folder;
        this.http = http(options, environment, gateway);
        this.sizing = sizing(options, environment);
        this.schemas = SchemaSource.of(environment);
        this.topics = new TopicCatalogue(sizing, schemas.ids());
        this.deciding = WriteSideConfig.of(environment, folder.streams(), sizing.messageRetention());
        this.streams = deciding.streams();
        this.reading = SyncApiConfig.of(
                environment,
                sizing.messageRetention(),
                gateway.origins(),
                folder.operatorSecret().derived(SyncApiConfig.SECRET_PURPOSE));
        this.tokenSecret = folder.tokenSecret();
        this.resumeSecret = folder.operatorSecret().derived(ResumeTokens.SECRET_PURPOSE);
        PushSetup setup = PushSetup.of(environment, folder.usualKeys());
        this.push = options.pushLog() ? setup.withEverything(folder.vapidKeys()) : setup;
        this.pushing = PushRun.of(environment, folder.vapidKeyFile(), options.pushLog() ? out : null);
        this.devices = new SeenDevices(new DevicePresence(
                this::redisUrl,
                gateway.presence().redis().timeout(),
                gateway.presence().times(),
                System::nanoTime));
        this.disk = DiskReserve.of(environment, folder.path(), readiness, metrics.registry());
        FolderSize.bind("streams", folder.streams(), metrics.registry());
        if (kafka != null) {
            FolderSize.bind("kafka", folder.kafka(), metrics.registry());
        }
        this.groupSecret = folder.operatorSecret().derived(GroupIds.SECRET_PURPOSE);
        this.drainNotice = drainNotice(environment);
        this.webhooks = OutsideEndpoints.ofWebhooks(environment);
    }

    /// Reads all settings that a run reads of the environment; errors are recorded there.
    static void readSettings(UpOptions options, Settings environment) {
        GatewayConfig gateway = gateway(options, environment);
        Sizing sizing = sizing(options, environment);
        http(options, environment, gateway);
        WriteSideConfig.of(environment, options.data(), sizing.messageRetention());
        Secret derived = new Secret("a run derives one from the secret of its data folder");
        SyncApiConfig.of(environment, sizing.messageRetention(), gateway.origins(), derived);
        if (options.kafka().outside()) {
            KafkaClients.of(environment);
        } else {
            KafkaClients.ofOwnBroker(environment, "localhost", Map.of());
        }
        Tokens.readSettings(environment);
        SchemaSource.readSettings(environment);
        page(options, environment, options::port);
        DiskReserve.readSettings(environment);
        drainNotice(environment);
        PushSetup.readSettings(environment);
        PushConfig.of(environment);
        OutsideEndpoints.ofWebhooks(environment);
        ProvidersConfig.readSettings(environment);
    }

    /// With brokers of a cluster the number of copies must be chosen: the usual one of a single broker would lose
    /// acked records with one disk.
    private static Sizing sizing(UpOptions options, Settings environment) {
        if (!options.kafka().outside()) {
            return TopicSizing.ofOneMachine(environment);
        }
        if (!environment.has("MILENA_SIZING") && !environment.has("MILENA_REPLICATION")) {
            environment.refuse("MILENA_SIZING must be set beside MILENA_KAFKA_BOOTSTRAP_SERVERS: cluster keeps three"
                    + " copies of each record, small only one");
        }
        return TopicSizing.ofCluster(environment);
    }

    private static Duration drainNotice(Settings environment) {
        return environment.duration("MILENA_DRAIN_NOTICE", Duration.ZERO, Duration.ZERO, Duration.ofMinutes(5));
    }

    /// How long before its stop the run reports that it is not ready.
    Duration drainNotice() {
        return drainNotice;
    }

    private static GatewayConfig gateway(UpOptions options, Settings environment) {
        GatewayConfig config = GatewayConfig.of(environment);
        return options.redis() == null
                ? config
                : config.withPresence(config.presence().withRedis(options.redis()));
    }

    private static HttpConfig http(UpOptions options, Settings environment, GatewayConfig gateway) {
        return ClientListener.of(options.bind(), options.port(), environment, gateway);
    }

    private static ChatPage page(UpOptions options, Settings environment, IntSupplier port) {
        return ChatPage.of(environment, true, options.devSignIn(), Version.number(), port);
    }

    Readiness readiness() {
        return readiness;
    }

    ChatPage page() {
        return page;
    }

    /// The clients' port, which is known once the listener is bound.
    private int clientsPort() {
        HttpFront front = clientsFront;
        return options.port() == 0 && front != null ? front.port() : options.port();
    }

    List<Component> components(Announcement announcement) {
        HttpFront front = new HttpFront(http, readiness, gateway.origins(), metrics.registry());
        clientsFront = front;
        page.mount(front, gateway, reading.limitsByName(), push.shown(), tokenSecret, clock);
        OperatorListener operators = new OperatorListener(
                options.operatorBind().getHostAddress(),
                options.operatorPort(),
                readiness,
                metrics::scrape,
                schemas.calls(topics));
        Component log = kafka == null ? new BrokersWatch(clients, readiness) : kafka;
        List<Component> components = new ArrayList<>(List.of(
                // First, so that a port in use stops the start before it changes anything.
                front,
                operators,
                announcement.of(() -> front.port(), () -> operators.port(), clients.bootstrapServers()),
                disk,
                tokens.keys(),
                log,
                TopicsReady.making(topics, clients),
                schemas.check(List.of(topics.conversations(), topics.messages()), clients)));
        components.addAll(components.indexOf(log), schemas.components());
        WriteSide writeSide = writeSide();
        components.addAll(writeSide.components());
        components.add(devices);
        components.add(new Deferred<>(SYNC_API, () -> syncApi(front)));
        components.add(new Deferred<>(GATEWAY, () -> gateway(front)));
        components.add(moderation(writeSide));
        components.addAll(Classification.components(
                log(),
                webhooks,
                streams.instanceId(),
                // The process is ready without it.
                new HostProcess(new Readiness(), metrics.registry(), clock, onFailure)));
        components.addAll(push());
        if (gateway.presence().redis().url() == null) {
            // Second, before the slow components: these start beside them.
            components.add(1, redis);
        }
        Traces traces = clients.traces();
        if (traces != null) {
            components.addFirst(traces);
        }
        return components;
    }

    /// Failed moderation stops nothing else, and the process is ready without it: messages pass before they are
    /// judged.
    private Component moderation(WriteSide writeSide) {
        return writeSide.moderation(new HostProcess(
                new Readiness(),
                metrics.registry(),
                clock,
                () -> LOG.error("No message is judged until this process is restarted")));
    }

    /// Failed push stops nothing else, and the process is ready without it.
    private List<Component> push() {
        PushKeys keys = push.keys();
        return keys == null
                ? List.of()
                : pushing.components(
                        log(),
                        streams,
                        new PushWorker.Asking(
                                PushRun.connections(devices.presence()),
                                new PushAnswers(() -> pushCall),
                                keys,
                                () -> PushRun.navigate(
                                        page.publicUrl().origins().iterator().next())),
                        new HostProcess(
                                new Readiness(),
                                metrics.registry(),
                                clock,
                                () -> LOG.error("Nothing is pushed until this process is restarted")));
    }

    private InstalledLog log() {
        return new InstalledLog(topics, clients, schemas.ids());
    }

    private WriteSide writeSide() {
        return new WriteSide(deciding, log(), new HostProcess(readiness, metrics.registry(), clock, onFailure));
    }

    /// Failed views stop nothing else: messages do not need them, and reads report that they are unavailable.
    private Component syncApi(HttpFront front) {
        SyncApiService service = new SyncApiService(
                reading,
                new SyncApiService.Dependencies(
                        new SyncApiService.Platform(
                                front,
                                readiness,
                                metrics.registry(),
                                clock,
                                () -> LOG.error("Reads are not answered until this process is restarted")),
                        new SyncApiService.Log(topics, clients, streams),
                        tokens.verifier(),
                        devices));
        devicesCall = service.devices();
        moderationCalls = service.moderation();
        pushCall = service.push();
        syncCall = service.sync();
        peopleCall = service.people();
        return new Announced(service, folder.internalUrl());
    }

    private @Nullable Secret redisUrl() {
        Secret url = gateway.presence().redis().url();
        return url == null ? redis.url().orElse(null) : url;
    }

    /// The frame `sync` gets the same answer as the call.
    private SyncQuery sync() {
        return (user, body, bytesMax) -> {
            SyncCall call = syncCall;
            return call == null
                    ? SyncQuery.NONE.answer(user, body, bytesMax)
                    : SyncAnswers.of(call.answer(user, body, "payload.", bytesMax));
        };
    }

    private GatewayService gateway(HttpFront front) {
        PresenceConfig presence = gateway.presence();
        return new GatewayService(
                gateway.withPresence(presence.withRedis(redisUrl())),
                new Dependencies(
                        new GatewayService.Platform(
                                front, readiness, metrics.registry(), clock, cause -> onFailure.run()),
                        new GatewayService.Log(topics, clients, disk::hasRoom),
                        new Queries(
                                sync(),
                                new PeopleAnswers(() -> peopleCall),
                                new DeviceAnswers(() -> devicesCall, () -> moderationCalls)),
                        new Keys(tokens.verifier(), resumeSecret, groupSecret, push)));
    }
}
