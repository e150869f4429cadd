package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Ruleset;
import chat.milena.conversation.judge.SenderFacts;
import chat.milena.conversation.judge.SenderFacts.RecentSend;
import chat.milena.conversation.judge.Verdict;
import chat.milena.schemas.avro.RecentSends;
import chat.milena.schemas.avro.SentMessage;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Reading.Decoded;
import chat.milena.streams.deadletter.Reading.Malformed;
import chat.milena.streams.deadletter.RecordReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/// Judges the senders of messages by what they have sent lately, in all conversations. For the stream thread.
///
/// Times are those of the messages, so a record that is handled again is judged as before, and an edit does not
/// save a message of a flood: it is no further message, but is judged by what was sent until the message was.
/// **Bound:** the latest [Ruleset#TIMES_MAX] messages are looked at; the store forgets them after two hours.
final class SenderProcessor implements Processor<byte[], byte[], LogKey, SpecificRecord> {
    private static final Duration AHEAD_MAX = Duration.ofMinutes(1);

    private final RecordReader<UserKey, SentMessage> reader;
    private final RuleCache compiled;
    private final JudgeMeters meters;
    private final Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> deadLetters;
    private @Nullable Task task;

    /// Objects with the life of the task.
    private record Task(
            ProcessorContext<LogKey, SpecificRecord> context,
            DeadLetters deadLetters,
            RuleTable rules,
            FoundCommands commands,
            WindowStore<UserKey, RecentSends> sends,
            KeyValueStore<UserKey, Long> accounts) {}

    /// @param deadLetters makes the object that takes records that cannot be handled
    SenderProcessor(
            RecordReader<UserKey, SentMessage> reader,
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
                new FoundCommands(context, ModerationTopology.SENDERS_COMMANDS, meters),
                context.getStateStore(ModerationTopology.RECENT_SENDS),
                context.getStateStore(ModerationTopology.ACCOUNTS));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        switch (reader.read(record, task.context.taskId().partition())) {
            case Malformed<?, ?> malformed -> task.deadLetters.add(record, malformed.reason());
            case Decoded<UserKey, SentMessage> decoded ->
                judge(task, decoded.key(), decoded.value(), record.timestamp());
        }
    }

    private static void judge(Task task, UserKey user, SentMessage sent, long writtenMillis) {
        Instant moment = sent.getTimestamp();
        Ruleset rules = task.rules.find(user.tenant(), moment);
        if (rules == null || !rules.judgesSenders()) {
            return;
        }
        List<RecentSend> recent = List.of();
        if (rules.sendsWithin().isPositive()) {
            Instant counted = counted(task, moment);
            if (!sent.getAgain()) {
                note(task.sends, user, counted, sent.getContentHash());
            }
            recent = recent(task.sends, user, counted, rules.sendsWithin());
        }
        SenderFacts facts =
                new SenderFacts(sent.getContentHash(), sent.getHasLink(), recent, age(task.accounts, user, moment));
        FoundCommands.Judged judged = new FoundCommands.Judged(
                new ConversationKey(sent.getTenant(), sent.getConversationId()),
                sent.getMessageId(),
                sent.getRevision(),
                // The age of an edit counts from the edit.
                sent.getAgain() ? writtenMillis : moment.toEpochMilli());
        task.commands.emit(judged, rules.version(), Verdict.carriedOut(rules.judge(facts)), null);
    }

    private static Duration age(KeyValueStore<UserKey, Long> accounts, UserKey user, Instant moment) {
        Long since = accounts.get(user);
        return since == null ? Duration.ZERO : Duration.between(Instant.ofEpochMilli(since), moment);
    }

    /// A message whose conversation runs ahead counts as of now: the newest time in the store decides what it
    /// forgets, for all users.
    private static Instant counted(Task task, Instant moment) {
        Instant latest =
                Instant.ofEpochMilli(task.context.currentSystemTimeMs()).plus(AHEAD_MAX);
        return moment.isAfter(latest) ? latest : moment;
    }

    private static void note(WindowStore<UserKey, RecentSends> sends, UserKey user, Instant at, long contentHash) {
        long millis = at.toEpochMilli();
        RecentSends before = sends.fetch(user, millis);
        List<Long> hashes = new ArrayList<>(before == null ? List.of() : before.getContentHashes());
        if (hashes.size() < Ruleset.TIMES_MAX) {
            hashes.add(contentHash);
            sends.put(user, new RecentSends(hashes), millis);
        }
    }

    /// The latest messages before the end of a time, the last one first.
    private static List<RecentSend> recent(
            WindowStore<UserKey, RecentSends> sends, UserKey user, Instant moment, Duration within) {
        List<RecentSend> recent = new ArrayList<>();
        try (WindowStoreIterator<RecentSends> entries = sends.backwardFetch(user, moment.minus(within), moment)) {
            while (entries.hasNext() && recent.size() < Ruleset.TIMES_MAX) {
                KeyValue<Long, RecentSends> entry = entries.next();
                Duration age = Duration.ofMillis(moment.toEpochMilli() - entry.key);
                entry.value.getContentHashes().forEach(hash -> recent.add(new RecentSend(age, hash)));
            }
        }
        return recent;
    }
}
