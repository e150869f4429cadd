package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Finding;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.RuleAction;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Makes a command of each finding, in the transaction that moves the offset past the message. The sequencer takes
/// the same command twice for one. For the stream thread.
record FoundCommands(ProcessorContext<LogKey, SpecificRecord> context, String sink, JudgeMeters meters) {

    /// What was judged.
    ///
    /// @param timestampMillis of its record
    record Judged(ConversationKey conversation, String messageId, long revision, long timestampMillis) {}

    /// @param version of the rules
    /// @param content of the message; null where it is not known
    void emit(Judged judged, long version, List<Finding> findings, @Nullable Content content) {
        long now = context.currentSystemTimeMs();
        for (Finding finding : findings) {
            meters.found(judged.conversation().tenant(), finding);
            context.forward(new Record<>(judged.conversation(), command(judged, version, finding, content), now), sink);
        }
        meters.judged(now - judged.timestampMillis());
    }

    private static InboundCommand command(Judged judged, long version, Finding finding, @Nullable Content content) {
        Instant moment = Instant.ofEpochMilli(judged.timestampMillis());
        InboundCommand command = new InboundCommand();
        command.setTenant(judged.conversation().tenant());
        command.setConversationId(judged.conversation().conversationId());
        command.setUserId(Ids.MODERATION);
        command.setActorKind(ActorKind.MODERATION.word());
        command.setKind(CommandKind.MESSAGE_FLAG.word());
        // Nobody waits for the outcome.
        command.setOrigin(new CommandOrigin("", "", 0L));
        command.setAcceptedAt(moment);
        FlagMessage found = new FlagMessage();
        found.setMessageId(judged.messageId());
        found.setRevision(judged.revision());
        found.setRule(finding.rule());
        found.setVersion(version);
        found.setAction(finding.action().word());
        if (finding.action() == RuleAction.FLAG && content != null) {
            found.setCopy(new MessageCopy(content, judged.revision(), moment));
        }
        command.setFlag(found);
        return command;
    }
}
