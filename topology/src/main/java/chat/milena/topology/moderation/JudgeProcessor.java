package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Finding;
import chat.milena.conversation.judge.JudgedContent;
import chat.milena.conversation.judge.Ruleset;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.SentMessage;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Faults;
import chat.milena.streams.deadletter.Reading.Decoded;
import chat.milena.streams.deadletter.Reading.Malformed;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Judges the content of each message, and of each edit, by the rules that its tenant had at that time. For the
/// stream thread.
///
/// A message on which the rules fail becomes a dead letter, without its content. Without rules, nothing is read.
final class JudgeProcessor implements TaskProcessor.Work<byte[], byte[]> {
    private final RecordReader<EventKey, TimelineEvent> reader;
    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final RuleTable rules;
    private final FoundCommands commands;
    private final DeadLetters deadLetters;

    /// @param compiled the rules of all tenants
    /// @param deadLetters takes records that cannot be handled
    JudgeProcessor(
            ProcessorContext<LogKey, SpecificRecord> context,
            RecordReader<EventKey, TimelineEvent> reader,
            RuleCache compiled,
            JudgeMeters meters,
            DeadLetters deadLetters) {
        this.context = context;
        this.reader = reader;
        this.rules = new RuleTable(context, compiled);
        this.commands = new FoundCommands(context, ModerationTopology.JUDGE_COMMANDS, meters);
        this.deadLetters = deadLetters;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.value() == null || rules.isEmpty()) {
            return;
        }
        switch (reader.read(record, context.taskId().partition())) {
            // The views make a dead letter of it.
            case Malformed<?, ?> malformed -> {}
            case Decoded<EventKey, TimelineEvent> decoded -> read(record, decoded.value());
        }
    }

    private void read(Record<byte[], byte[]> record, TimelineEvent event) {
        if (!EventKind.isJudged(event)) {
            return;
        }
        Instant moment = Instant.ofEpochMilli(record.timestamp());
        Ruleset found = rules.find(event.getTenant(), moment);
        if (found != null) {
            judge(record, event, event.getMessage(), found);
        }
    }

    private void judge(Record<byte[], byte[]> record, TimelineEvent event, Message message, Ruleset found) {
        JudgedContent content;
        List<Finding> findings;
        try {
            content = JudgedContent.of(message.getContent());
            findings = Finding.carriedOut(found.judge(content));
        } catch (RuntimeException e) {
            reject(record, Faults.describe(e));
            return;
        } catch (StackOverflowError e) {
            reject(record, "a pattern is too deep");
            return;
        }
        FoundCommands.Judged judged = new FoundCommands.Judged(
                new ConversationKey(event.getTenant(), event.getConversationId()),
                message.getMessageId(),
                event.getRevision(),
                record.timestamp());
        commands.emit(judged, found.version(), findings, message.getContent());
        if (found.judgesSenders()) {
            UserKey sender = new UserKey(event.getTenant(), event.getActorId());
            context.forward(
                    // Not the time of the message: after a long stop that could be so old that Kafka deletes it first.
                    new Record<>(
                            sender, sent(record, event, content, found.flagsSenders()), context.currentSystemTimeMs()),
                    ModerationTopology.SENDS_OUT);
        }
    }

    private void reject(Record<byte[], byte[]> record, String reason) {
        deadLetters.addWithoutValue(record, "rules: " + reason);
    }

    private static SentMessage sent(
            Record<byte[], byte[]> record, TimelineEvent event, JudgedContent content, boolean withContent) {
        Message message = event.getMessage();
        SentMessage sent = new SentMessage();
        sent.setTenant(event.getTenant());
        sent.setUserId(event.getActorId());
        sent.setConversationId(event.getConversationId());
        sent.setMessageId(message.getMessageId());
        // Of the message, for an edit too: the sender is judged by what they had sent then.
        sent.setTimestamp(event.getTimestamp());
        sent.setContentHash(content.hash());
        sent.setHasLink(content.hasLink());
        sent.setRevision(event.getRevision());
        sent.setContent(withContent ? message.getContent() : null);
        // Its record is written again when it is edited, and under the time of that.
        sent.setAgain(record.timestamp() != event.getTimestamp().toEpochMilli());
        return sent;
    }
}
