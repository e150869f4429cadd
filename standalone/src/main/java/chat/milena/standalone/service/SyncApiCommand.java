package chat.milena.standalone.service;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.query.SeenDevices;
import chat.milena.standalone.service.ServiceOptions.Listening;
import chat.milena.standalone.service.ServiceOptions.Stateful;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.syncapi.SeparateSyncApi;
import chat.milena.topology.TopicsReady;
import java.net.InetAddress;
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
        int port = ServiceOptions.port(process.options, environment, PORT_DEFAULT);
        SeparateSyncApi service = new SeparateSyncApi(
                environment,
                bind,
                port,
                process.state("views"),
                installation.sizing().messageRetention(),
                installation.internalSecret(),
                process.host());
        SeenDevices seen = SeenDevices.of(environment);
        process.check(port, bind);
        TopicsReady checked = process.checked(SeparateSyncApi.access(installation.topics()));
        return process.run(
                service.front(),
                createTopics ? TopicsReady.making(installation.topics(), installation.clients()) : checked,
                service.components(
                        installation.topics(),
                        installation.clients(),
                        installation.tokens().verifier(),
                        seen));
    }
}
