package chat.milena.standalone.service;

import chat.milena.gateway.SeparateGateway;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.Version;
import chat.milena.standalone.service.ServiceOptions.Listening;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.syncapi.SyncApiConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gateway`: runs one gateway over a cluster, until SIGTERM.
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description = "Runs one gateway by itself, over the brokers at MILENA_KAFKA_BOOTSTRAP_SERVERS and the sync APIs"
                + " at MILENA_SYNC_API_URLS.")
public final class GatewayCommand implements Callable<Integer> {
    private static final int PORT_DEFAULT = 8080;

    private final CommandContext context;

    @Mixin
    private Listening listening = new Listening();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    public GatewayCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException, StartException, InterruptedException {
        ServiceProcess process = new ServiceProcess("gateway", context, options.given(listening, null));
        Installation installation = process.installation;
        InetAddress bind = ServiceOptions.bind(process.options, process.environment);
        int port = ServiceOptions.port(process.options, process.environment, PORT_DEFAULT);
        SeparateGateway gateway = new SeparateGateway(
                process.environment,
                bind,
                port,
                Version.number(),
                new SeparateGateway.Secrets(installation.operatorSecret(), installation.internalSecret()),
                process.host());
        Map<String, Long> readLimits = readLimits(process);
        process.check(port, bind);
        List<Component> components = gateway.components(
                installation.topics(),
                installation.clients(),
                installation.tokens().verifier(),
                readLimits);
        return process.run(gateway.front(), process.checked(SeparateGateway.access(installation.topics())), components);
    }

    /// Those of the sync APIs, which have the same settings.
    private static Map<String, Long> readLimits(ServiceProcess process) {
        return SyncApiConfig.of(
                        process.environment,
                        process.installation.sizing().messageRetention(),
                        AllowedOrigins.ANY,
                        new Secret("only its limits are used"))
                .limitsByName();
    }
}
