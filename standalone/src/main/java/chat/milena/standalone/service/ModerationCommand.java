package chat.milena.standalone.service;

import chat.milena.push.classify.Classification;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.standalone.CommandContext;
import chat.milena.topology.WriteSide;
import chat.milena.topology.WriteSideConfig;
import java.util.List;
import picocli.CommandLine.Command;

/// `moderation`: runs one moderation application over a cluster, until SIGTERM.
@Command(
        name = "moderation",
        mixinStandardHelpOptions = true,
        description = "Runs one moderation application by itself, over the brokers at MILENA_KAFKA_BOOTSTRAP_SERVERS."
                + " Several share the partitions, each with its own MILENA_INSTANCE_ID and --state (default:"
                + " ./moderation). `moderation rules` changes what it judges by.")
public final class ModerationCommand extends DecidingCommand {
    public ModerationCommand(CommandContext context) {
        super(context, "moderation", WriteSide::moderationAccess, WriteSide::onlyModeration);
    }

    @Override
    List<Component> beside(ServiceProcess process, WriteSideConfig config) {
        return Classification.components(
                process.installation.log(),
                OutsideEndpoints.ofWebhooks(process.environment),
                config.streams().instanceId(),
                process.host());
    }
}
