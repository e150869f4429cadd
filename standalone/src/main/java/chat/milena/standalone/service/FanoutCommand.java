package chat.milena.standalone.service;

import chat.milena.standalone.CommandContext;
import chat.milena.topology.WriteSide;
import picocli.CommandLine.Command;

/// `fanout`: runs one fanout of large groups over a cluster, until SIGTERM.
@Command(
        name = "fanout",
        mixinStandardHelpOptions = true,
        description =
                "Runs one fanout of large groups by itself, over the brokers at MILENA_KAFKA_BOOTSTRAP_SERVERS."
                        + " Several share the partitions, each with its own MILENA_INSTANCE_ID and --state (default: ./fanout).")
public final class FanoutCommand extends DecidingCommand {
    public FanoutCommand(CommandContext context) {
        super(context, "fanout", WriteSide::fanoutAccess, WriteSide::onlyFanout);
    }
}
