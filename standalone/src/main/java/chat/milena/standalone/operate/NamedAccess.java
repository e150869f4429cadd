package chat.milena.standalone.operate;

import chat.milena.gateway.SeparateGateway;
import chat.milena.push.PushWorker;
import chat.milena.push.send.PushOperations;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.deadletter.DeadLetterLog;
import chat.milena.syncapi.SeparateSyncApi;
import chat.milena.topology.WriteSide;
import chat.milena.topology.moderation.RuleOperations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What each service and each command of an operator does at the brokers, by its name. Pure.
public final class NamedAccess {
    /// All names.
    public static final List<String> ALL = List.of(
            "sequencer",
            "fanout",
            "moderation",
            "gateway",
            "sync-api",
            "push-worker",
            "dead-letters",
            "moderation-rules",
            "push",
            "explain");

    /// All names, as a text.
    static final String NAMES = "sequencer, fanout, moderation, gateway, sync-api or push-worker; dead-letters,"
            + " moderation-rules, push or explain";

    private NamedAccess() {}

    /// Null for another name.
    public static @Nullable TopicAccess of(String name, TopicCatalogue topics) {
        return switch (name) {
            case "sequencer" -> WriteSide.sequencerAccess(topics);
            case "fanout" -> WriteSide.fanoutAccess(topics);
            case "moderation" -> WriteSide.moderationAccess(topics);
            case "gateway" -> SeparateGateway.access(topics);
            case "sync-api" -> SeparateSyncApi.access(topics);
            case "push-worker" -> PushWorker.access(topics);
            case "dead-letters" -> DeadLetterLog.access(topics);
            case "moderation-rules" -> RuleOperations.access(topics);
            case "push" -> PushOperations.access(topics);
            case "explain" -> ExplainCommand.access(topics);
            default -> null;
        };
    }
}
