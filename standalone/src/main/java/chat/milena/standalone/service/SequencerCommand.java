package chat.milena.standalone.service;

import chat.milena.standalone.CommandContext;
import chat.milena.topology.WriteSide;
import picocli.CommandLine.Command;

/// `sequencer`: runs one sequencer over a cluster, until SIGTERM.
@Command(
        name = "sequencer",
        mixinStandardHelpOptions = true,
        description = "Runs one sequencer by itself, over the brokers at MILENA_KAFKA_BOOTSTRAP_SERVERS. Several share"
                + " the partitions, each with its own MILENA_INSTANCE_ID and --state (default: ./sequencer).")
public final class SequencerCommand extends DecidingCommand {
    public SequencerCommand(CommandContext context) {
        super(context, "sequencer", WriteSide::sequencerAccess, WriteSide::onlySequencer);
    }
}
