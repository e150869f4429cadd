package chat.milena.topology.moderation;

import chat.milena.conversation.judge.JudgedContent;
import chat.milena.conversation.judge.Ruleset;
import chat.milena.conversation.judge.Verdict;
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
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Judges the content of each message, and of each edit, by the rules that its tenant had at that time. For the
/// stream thread.
///
/// A message on which the rules fail becomes a dead letter, without its content. Without rules, nothing is read.
final class JudgeProcessor implements Processor<byte[], byte[], LogKey, SpecificRecord> {
    private final RecordReader<EventKey, TimelineEvent> reader;
    private final RuleCache compiled;
    private final JudgeMeters meters;
    private final Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters;
    private @Nullable Task task;

    /// Objects with the life of the task.
    private record Task(
            ProcessorContext<LogKey, SpecificRecord> context,
            DeadLetters deadLetters,
            RuleTable rules,
            FoundCommands commands) {}

    /// @param deadLetters makes the object that takes records that cannot be handled
    JudgeProcessor(
            RecordReader<EventKey, TimelineEvent> reader,
            RuleCache compiled,
            JudgeMeters meters,
            Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters) {
        this.reader = reader;
        this.compiled = compiled;
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<LogKey, SpecificRecord> context) {
        task = new Task(
                context,
                deadLetters.apply(context),
                new RuleTable(context, compiled),
                new FoundCommands(context, ModerationTopology.JUDGE_COMMANDS, meters));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        if (record.value() == null || task.rules.isEmpty()) {
            return;
        }
        switch (reader.read(record, task.context.taskId().partition())) {
            // The views make a dead letter of it.
            case Malformed<?, ?> malformed -> {}
            case Decoded<EventKey, TimelineEvent> decoded -> read(task, record, decoded.value());
        }
    }

    private void read(Task task, Record<byte[], byte[]> record, TimelineEvent event) {
        Message message = event.getMessage();
        if (!EventKind.MESSAGE.is(event.getKind()) || message == null || event.getDeletedAt() != null) {
            return;
        }
        Instant moment = Instant.ofEpochMilli(record.timestamp());
        Ruleset rules = task.rules.find(event.getTenant(), moment);
        if (rules != null) {
            judge(task, record, event, message, rules);
        }
    }

    private void judge(Task task, Record<byte[], byte[]> record, TimelineEvent event, Message message, Ruleset rules) {
        JudgedContent content;
        List<Verdict> verdicts;
        try {
            content = JudgedContent.of(message.getContent());
            verdicts = Verdict.carriedOut(rules.judge(content));
        } catch (RuntimeException e) {
            reject(task, record, Faults.describe(e));
            return;
        } catch (StackOverflowError e) {
            reject(task, record, "a pattern is too deep");
            return;
        }
        FoundCommands.Judged judged = new FoundCommands.Judged(
                new ConversationKey(event.getTenant(), event.getConversationId()),
                message.getMessageId(),
                event.getRevision(),
                record.timestamp());
        task.commands.emit(judged, rules.version(), verdicts, message.getContent());
        if (rules.judgesSenders()) {
            UserKey sender = new UserKey(event.getTenant(), event.getActorId());
            task.context.forward(
                    // Not the time of the message: after a long stop that could be so old that Kafka deletes it first.
                    new Record<>(sender, sent(record, event, message, content), task.context.currentSystemTimeMs()),
                    ModerationTopology.SENDS_OUT);
        }
    }

    /// A dead letter without the message: letters outlive it.
    private static void reject(Task task, Record<byte[], byte[]> record, String reason) {
        task.deadLetters.add(new Record<>(record.key(), null, record.timestamp()), "rules: " + reason);
    }

    private static SentMessage sent(
            Record<byte[], byte[]> record, TimelineEvent event, Message message, JudgedContent content) {
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
        // Its record is written again when it is edited, and under the time of that.
        sent.setAgain(record.timestamp() != event.getTimestamp().toEpochMilli());
        return sent;
    }
}
