package chat.milena.standalone.service;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.service.ServiceOptions.Stateful;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.topology.WriteSide;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `fanout`: runs one fanout of large groups over a cluster, until SIGTERM.
@Command(
        name = "fanout",
        mixinStandardHelpOptions = true,
        description =
                "Runs one fanout of large groups by itself, over the brokers at MILENA_KAFKA_BOOTSTRAP_SERVERS."
                        + " Several share the partitions, each with its own MILENA_INSTANCE_ID and --state (default: ./fanout).")
public final class FanoutCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private Stateful stateful = new Stateful();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    public FanoutCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException, StartException, InterruptedException {
        ServiceProcess process = new ServiceProcess("fanout", context, options.given(null, stateful));
        return DecidingProcess.run(
                process,
                "fanout",
                WriteSide.fanoutAccess(process.installation.topics()),
                WriteSide::onlyFanout);
    }
}
