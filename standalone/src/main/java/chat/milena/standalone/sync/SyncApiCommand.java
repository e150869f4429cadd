package chat.milena.standalone.sync;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.http.OperatorListener;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.runtime.lifecycle.ForegroundRun;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.runtime.lifecycle.StopSignal;
import chat.milena.runtime.observe.FileHandles;
import chat.milena.runtime.observe.Metrics;
import chat.milena.runtime.observe.Readiness;
import chat.milena.runtime.token.Tokens;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.standalone.up.Exposure;
import chat.milena.standalone.up.UpOptions;
import chat.milena.streams.run.NativeRocksDb;
import chat.milena.streams.run.StateFolder;
import chat.milena.streams.run.StateReady;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.syncapi.SyncApiConfig;
import chat.milena.syncapi.SyncApiService;
import chat.milena.syncapi.view.View;
import chat.milena.topology.TopicsReady;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sync-api`: runs one instance of the sync API over a cluster, or beside an `up`, until SIGTERM.
@Command(
        name = "sync-api",
        mixinStandardHelpOptions = true,
        description =
                "Runs one instance of the sync API by itself, over the brokers at MILENA_KAFKA_BOOTSTRAP_SERVERS.")
public final class SyncApiCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(SyncApiCommand.class);
    private static final int PORT_DEFAULT = 8081;
    private static final int PORT_MAX = 65_535;

    private final CommandContext context;

    @Option(names = "--port", paramLabel = "PORT", description = "The port for clients (default: 8081; 0: any).")
    private @Nullable String port;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "The address to listen on (default: 127.0.0.1).")
    private @Nullable String bind;

    @Option(names = "--state", paramLabel = "DIR", description = "The folder of the views (default: ./views).")
    private @Nullable String state;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of an `up` on this machine, for its secrets and its broker's password.")
    private @Nullable String data;

    @Option(
            names = "--create-topics",
            description = "Creates the missing topics of the cluster. Without it, such a cluster is rejected.")
    private boolean createTopics;

    public SyncApiCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException, StartException, InterruptedException {
        Settings options = given();
        Settings environment = context.settings();
        StopSignal stop = new StopSignal();
        Readiness readiness = new Readiness();
        Metrics metrics = new Metrics();
        AllowedOrigins origins = AllowedOrigins.of(environment);
        HttpConfig http = http(options, environment);
        HttpFront front = new HttpFront(http, readiness, origins, metrics.registry());
        OperatorListener operators = new OperatorListener(
                environment.text("MILENA_OPERATOR_BIND", "127.0.0.1"),
                UpOptions.operatorPort(environment, http.port()),
                readiness,
                metrics::scrape);
        List<Component> components =
                new ArrayList<>(components(options, environment, front, origins, readiness, metrics, stop));
        components.add(1, operators);
        InetAddress bind = bind(options, environment);
        Settings.checkRead(options, environment);
        Exposure.warning(bind, environment.has("MILENA_ORIGINS")).ifPresent(LOG::warn);
        environment.unknown().forEach(name -> LOG.warn("{} is set but means nothing", name));

        return new ForegroundRun(components, readiness, stop).run(() -> print(front), () -> {});
    }

    private void print(HttpFront front) {
        context.out().printf(Locale.ROOT, "sync-api on port %d%n", front.port());
        context.out().flush();
    }

    private List<Component> components(
            Settings options,
            Settings environment,
            HttpFront front,
            AllowedOrigins origins,
            Readiness readiness,
            Metrics metrics,
            StopSignal stop)
            throws DataFolderException {
        Sizing sizing = UpOptions.sizing(environment);
        DataFolder shared =
                data == null ? null : DataFolder.existing(options.read("--data", Path.of("data"), Path::of));
        Secret internal = shared == null ? null : shared.operatorSecret().derived(SyncApiConfig.SECRET_PURPOSE);
        Tokens tokens = shared == null
                ? Tokens.of(environment, List.of(), List.of(), context.clock())
                : Tokens.of(
                        environment, List.of(shared.tokenSecret()), List.of(shared.operatorSecret()), context.clock());
        Path folder = options.read("--state", environment.read("MILENA_STATE", Path.of("views"), Path::of), Path::of);
        Path natives = folder.resolve("native");
        StreamsConfiguration streams = StreamsConfiguration.of(environment, folder);
        SyncApiConfig config = SyncApiConfig.of(environment, sizing.messageRetention(), origins, internal);
        KafkaClients clients = shared == null
                ? KafkaClients.of(environment)
                : KafkaClients.ofCluster(environment, new BrokerLogin(shared.kafkaPassword()).clientProperties());
        TopicCatalogue topics = new TopicCatalogue(sizing, ShippedSchemas.load());
        return List.of(
                front,
                tokens.keys(),
                new TopicsReady(topics, clients, createTopics),
                new StateReady(
                        new StateFolder(folder),
                        clients,
                        topics.deliveries(),
                        name -> View.all().stream()
                                .anyMatch(view -> view.topic(topics).name().equals(name)),
                        context.clock()),
                new Deferred<>("sync-api", () -> {
                    NativeRocksDb.unpackInto(natives);
                    return new SyncApiService(
                            config,
                            new SyncApiService.Dependencies(
                                    new SyncApiService.Platform(
                                            front, readiness, metrics.registry(), context.clock(), stop::fail),
                                    new SyncApiService.Log(topics, clients, streams),
                                    tokens.verifier()));
                }));
    }

    private static InetAddress bind(Settings options, Settings environment) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return options.read(
                "--bind", environment.read("MILENA_BIND", loopback, UpOptions::address), UpOptions::address);
    }

    private static HttpConfig http(Settings options, Settings environment) {
        String host = bind(options, environment).getHostAddress();
        int port = environment.integer("MILENA_PORT", PORT_DEFAULT, 0, PORT_MAX);
        HttpConfig usual = HttpConfig.of(host, options.integer("--port", port, 0, PORT_MAX));
        int connections =
                FileHandles.connections(FileHandles.limit(), usual.connections().max());
        return usual.withBounds(connections, usual.exchangeWithin())
                .behind(TrustedProxies.of(environment), usual.idleWithin());
    }

    private Settings given() {
        Map<String, @Nullable String> given = new HashMap<>();
        given.put("--port", port);
        given.put("--bind", bind);
        given.put("--state", state);
        given.put("--data", data);
        return Settings.ofOptions(given);
    }
}
