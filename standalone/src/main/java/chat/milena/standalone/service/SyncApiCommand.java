package chat.milena.standalone.service;

import chat.milena.ephemeral.presence.DevicePresence;
import chat.milena.ephemeral.presence.PresenceTimes;
import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.runtime.observe.FileHandles;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.query.SeenDevices;
import chat.milena.standalone.service.ServiceOptions.Listening;
import chat.milena.standalone.service.ServiceOptions.Stateful;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.streams.run.NativeRocksDb;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.syncapi.SeparateSyncApi;
import chat.milena.syncapi.SyncApiConfig;
import chat.milena.syncapi.SyncApiService;
import chat.milena.topology.TopicsReady;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `sync-api`: runs one instance of the sync API over a cluster, or beside an `up`, until SIGTERM.
@Command(
        name = "sync-api",
        mixinStandardHelpOptions = true,
        description = "Runs one instance of the sync API by itself, over the brokers at"
                + " MILENA_KAFKA_BOOTSTRAP_SERVERS (port: 8081, state: ./views).")
public final class SyncApiCommand implements Callable<Integer> {
    private static final int PORT_DEFAULT = 8081;

    private final CommandContext context;

    @Mixin
    private Listening listening = new Listening();

    @Mixin
    private Stateful stateful = new Stateful();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(
            names = "--create-topics",
            description = "Creates the missing topics of the cluster. Without it, such a cluster is rejected.")
    private boolean createTopics;

    public SyncApiCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException, StartException, InterruptedException {
        ServiceProcess process = new ServiceProcess("sync-api", context, options.given(listening, stateful));
        Settings environment = process.environment;
        Installation installation = process.installation;
        InetAddress bind = ServiceOptions.bind(process.options, environment);
        HttpConfig http = http(bind, ServiceOptions.port(process.options, environment, PORT_DEFAULT), environment);
        Path state = ServiceOptions.state(process.options, environment, "views");
        StreamsConfiguration streams = StreamsConfiguration.of(environment, state);
        AllowedOrigins origins = AllowedOrigins.of(environment);
        SyncApiConfig config = SyncApiConfig.of(
                environment, installation.sizing().messageRetention(), origins, installation.internalSecret());
        RedisConfig redis = RedisConfig.of(environment);
        SeenDevices seen = new SeenDevices(
                new DevicePresence(redis::url, redis.timeout(), PresenceTimes.of(environment), System::nanoTime));
        process.check(http.port(), bind);
        HttpFront front = new HttpFront(http, process.readiness, origins, process.metrics.registry());
        List<Component> components = SeparateSyncApi.components(
                config,
                new SyncApiService.Dependencies(
                        new SyncApiService.Platform(
                                front,
                                process.readiness,
                                process.metrics.registry(),
                                context.clock(),
                                process.stop::fail),
                        new SyncApiService.Log(installation.topics(), installation.clients(), streams),
                        installation.tokens().verifier(),
                        seen),
                () -> NativeRocksDb.unpackInto(state.resolve("native")));
        TopicsReady checked = process.checked(SeparateSyncApi.access(installation.topics()));
        TopicsReady topics = createTopics ? TopicsReady.making(installation.topics(), installation.clients()) : checked;
        return process.run(front, topics, components);
    }

    private static HttpConfig http(InetAddress bind, int port, Settings environment) {
        HttpConfig usual = HttpConfig.of(bind.getHostAddress(), port);
        int connections =
                FileHandles.connections(FileHandles.limit(), usual.connections().max());
        return usual.withBounds(connections, usual.exchangeWithin())
                .behind(TrustedProxies.of(environment), usual.idleWithin());
    }
}
