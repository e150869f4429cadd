package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Finding;
import chat.milena.conversation.judge.Ruleset;
import chat.milena.conversation.judge.SenderFacts;
import chat.milena.conversation.judge.SenderFacts.RecentSend;
import chat.milena.schemas.avro.RecentSends;
import chat.milena.schemas.avro.SentMessage;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Reading.Decoded;
import chat.milena.streams.deadletter.Reading.Malformed;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/// Judges the senders of messages by what they have sent lately, in all conversations. For the stream thread.
///
/// Times are those of the messages, so a record that is handled again is judged as before, and an edit does not
/// save a message of a flood: it is no further message, but is judged by what was sent until the message was.
/// **Bound:** the latest [Ruleset#TIMES_MAX] messages are looked at; the store forgets them after two hours.
final class SenderProcessor implements TaskProcessor.Work<byte[], byte[]> {
    private static final Duration AHEAD_MAX = Duration.ofMinutes(1);

    private final RecordReader<UserKey, SentMessage> reader;
    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final RuleTable rules;
    private final FoundCommands commands;
    private final WindowStore<UserKey, RecentSends> sends;
    private final KeyValueStore<UserKey, Long> accounts;
    private final DeadLetters deadLetters;

    /// @param compiled the rules of all tenants
    /// @param deadLetters takes records that cannot be handled
    SenderProcessor(
            ProcessorContext<LogKey, SpecificRecord> context,
            RecordReader<UserKey, SentMessage> reader,
            RuleCache compiled,
            JudgeMeters meters,
            DeadLetters deadLetters) {
        this.context = context;
        this.reader = reader;
        this.rules = new RuleTable(context, compiled);
        this.commands = new FoundCommands(context, ModerationTopology.SENDERS_COMMANDS, meters);
        this.sends = context.getStateStore(ModerationTopology.RECENT_SENDS);
        this.accounts = context.getStateStore(ModerationTopology.ACCOUNTS);
        this.deadLetters = deadLetters;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (reader.read(record, context.taskId().partition())) {
            case Malformed<?, ?> malformed -> deadLetters.addWithoutValue(record, malformed.reason());
            case Decoded<UserKey, SentMessage> decoded -> judge(decoded.key(), decoded.value(), record.timestamp());
        }
    }

    private void judge(UserKey user, SentMessage sent, long writtenMillis) {
        Instant moment = sent.getTimestamp();
        Ruleset found = rules.find(user.tenant(), moment);
        if (found == null || !found.judgesSenders()) {
            return;
        }
        List<RecentSend> recent = List.of();
        if (found.sendsWithin().isPositive()) {
            Instant counted = counted(moment);
            if (!sent.getAgain()) {
                note(user, counted, sent.getContentHash());
            }
            recent = recent(user, counted, found.sendsWithin());
        }
        SenderFacts facts = new SenderFacts(sent.getContentHash(), sent.getHasLink(), recent, age(user, moment));
        FoundCommands.Judged judged = new FoundCommands.Judged(
                new ConversationKey(sent.getTenant(), sent.getConversationId()),
                sent.getMessageId(),
                sent.getRevision(),
                // The age of an edit counts from the edit.
                sent.getAgain() ? writtenMillis : moment.toEpochMilli());
        commands.emit(judged, found.version(), Finding.carriedOut(found.judge(facts)), sent.getContent());
    }

    private Duration age(UserKey user, Instant moment) {
        Long since = accounts.get(user);
        return since == null ? Duration.ZERO : Duration.between(Instant.ofEpochMilli(since), moment);
    }

    /// A message whose conversation runs ahead counts as of now: the newest time in the store decides what it
    /// forgets, for all users.
    private Instant counted(Instant moment) {
        Instant latest = Instant.ofEpochMilli(context.currentSystemTimeMs()).plus(AHEAD_MAX);
        return moment.isAfter(latest) ? latest : moment;
    }

    private void note(UserKey user, Instant at, long contentHash) {
        long millis = at.toEpochMilli();
        RecentSends before = sends.fetch(user, millis);
        List<Long> hashes = new ArrayList<>(before == null ? List.of() : before.getContentHashes());
        if (hashes.size() < Ruleset.TIMES_MAX) {
            hashes.add(contentHash);
            sends.put(user, new RecentSends(hashes), millis);
        }
    }

    /// The latest messages before the end of a time, the last one first.
    private List<RecentSend> recent(UserKey user, Instant moment, Duration within) {
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
