package chat.milena.push.topology;

import chat.milena.push.pending.Candidate;
import chat.milena.push.pending.CandidateRules;
import chat.milena.push.pending.CandidateRules.Intent;
import chat.milena.push.pending.CandidateRules.Step;
import chat.milena.push.pending.PendingMessage;
import chat.milena.push.pending.Target;
import chat.milena.push.topology.Candidates.Stored;
import chat.milena.push.topology.PushListener.Dropped;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.PushKind;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.deadletter.Faults;
import chat.milena.streams.deadletter.Reading;
import chat.milena.streams.deadletter.RecordReader;
import chat.milena.streams.graph.TaskProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Loads candidates, lets the rules decide, saves them and writes intents. For the stream thread.
///
/// Every intent and the state after it are in one transaction: a crash neither forgets nor repeats one. A record that
/// cannot be read, or that the rules fail on, becomes a dead letter.
final class PushProcessor implements TaskProcessor.Work<byte[], byte[]> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /// Candidates that are looked at in a row; the next ones wait for the next look.
    private static final int LOOKED_AT_MAX = 500;

    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final PushTopology.Readers readers;
    private final CandidateRules rules;
    private final PushListener listener;
    private final Candidates candidates;
    private final DeadLetters deadLetters;

    /// @param deadLetters takes records that cannot be handled
    PushProcessor(
            ProcessorContext<LogKey, SpecificRecord> context,
            PushTopology.Readers readers,
            CandidateRules rules,
            PushListener listener,
            DeadLetters deadLetters) {
        this.context = context;
        this.readers = readers;
        this.rules = rules;
        this.listener = listener;
        this.candidates = new Candidates(context, rules.times());
        this.deadLetters = deadLetters;
        context.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, millis -> look());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String topic = context.recordMetadata().orElseThrow().topic();
        if (topic.equals(readers.deliveries().topic().name())) {
            read(record, readers.deliveries(), (key, delivery) -> onDelivery(delivery));
        } else if (topic.equals(readers.results().topic().name())) {
            read(record, readers.results(), (key, result) -> onResult(key, result));
        } else if (record.value() == null && record.key() != null) {
            onDevice(DeviceKey.fromBytes(record.key()), null);
        } else {
            read(record, readers.devices(), (key, device) -> onDevice(key, device));
        }
    }

    @FunctionalInterface
    private interface Handler<K, V> {
        void handle(K key, V value);
    }

    private <K extends LogKey, V extends SpecificRecord> void read(
            Record<byte[], byte[]> record, RecordReader<K, V> reader, Handler<K, V> handler) {
        switch (reader.read(record, context.taskId().partition())) {
            case Reading.Malformed<K, V>(var reason) -> deadLetters.add(record, reason);
            case Reading.Decoded<K, V>(var key, var value) -> {
                try {
                    handler.handle(key, value);
                } catch (NullPointerException | IllegalArgumentException e) {
                    // A record that no process of ours writes.
                    deadLetters.add(record, "rules: " + Faults.describe(e));
                }
            }
        }
    }

    private void onDelivery(Delivery delivery) {
        for (DeliveredChange change : DeliveredChange.of(delivery)) {
            for (String userId : delivery.getRecipients()) {
                if (!change.concerns(userId)) {
                    continue;
                }
                UserKey user = new UserKey(delivery.getTenant(), userId);
                MembershipKey key = new MembershipKey(user, delivery.getConversationId());
                if (change instanceof DeliveredChange.Notifying message && !userId.equals(message.senderId())) {
                    onMessage(key, message);
                } else {
                    change(key, candidate -> onChange(candidate, userId, change, now()));
                }
            }
        }
    }

    private void onMessage(MembershipKey key, DeliveredChange.Notifying message) {
        List<Target> targets = candidates.targets(key.user());
        if (targets.isEmpty()) {
            return;
        }
        PendingMessage pending = message.pendingFor(key.user().userId());
        Stored before = candidates.load(key);
        Candidate next = rules.onMessage(before.candidate(), pending, message.isDirect(key), targets, now());
        listener.onCandidates(next.devices().size());
        save(key, before, next);
    }

    private @Nullable Candidate onChange(Candidate candidate, String userId, DeliveredChange change, Instant now) {
        return switch (change) {
            case DeliveredChange.Message own -> rules.onRead(candidate, own.sequenceNumber(), now);
            case DeliveredChange.Read read -> rules.onRead(candidate, read.upTo(), now);
            case DeliveredChange.OnDevice device -> rules.onDelivered(candidate, device.deviceId(), device.upTo());
            case DeliveredChange.Cleared(long upTo) -> rules.onRead(candidate, upTo, now);
            case DeliveredChange.Released released -> candidate;
            case DeliveredChange.ReleasedAgain again -> rules.onRelease(candidate, again.pendingFor(userId), now);
            case DeliveredChange.Held(String messageId) -> rules.onHold(candidate, messageId, now);
            case DeliveredChange.Deleted(String messageId) -> rules.onDeletion(candidate, messageId);
            case DeliveredChange.Edited edited -> rules.onEdit(candidate, edited.messageId(), edited.mentions(userId));
            case DeliveredChange.Left(var userIds) -> userIds.contains(userId) ? null : candidate;
        };
    }

    private void onResult(DeviceKey device, PushResult result) {
        if (!PushKind.MESSAGE.is(result.getKind())) {
            return;
        }
        MembershipKey key = new MembershipKey(device.user(), result.getConversationId());
        change(
                key,
                candidate -> rules.onResult(
                        candidate,
                        device.deviceId(),
                        result.getSequenceNumber(),
                        result.getAttempt(),
                        IntentRecords.result(result),
                        now()));
    }

    /// A registration that is replaced began when the first one did.
    private void onDevice(DeviceKey key, @Nullable Device device) {
        UserKey user = key.user();
        List<Target> before = candidates.targets(user);
        List<Target> after = new ArrayList<>(before);
        int place = 0;
        while (place < before.size() && !before.get(place).deviceId().equals(key.deviceId())) {
            place++;
        }
        Target known = place < before.size() ? after.remove(place) : null;
        if (device != null && device.getPush() != null) {
            // In its place: a registration that is repeated changes nothing.
            after.add(
                    place,
                    new Target(
                            key.deviceId(),
                            device.getPush().getPlatform(),
                            known == null ? device.getPush().getRegisteredAt() : known.since(),
                            known == null ? null : known.readAt()));
        }
        if (!after.equals(before)) {
            candidates.targets(user, after);
            candidates.of(user).forEach(candidate -> change(candidate, state -> rules.onDevices(state, after)));
        }
    }

    /// What becomes of a candidate.
    @FunctionalInterface
    private interface Change {
        /// The candidate afterwards; null if it goes.
        @Nullable
        Candidate of(Candidate before);
    }

    private void change(MembershipKey key, Change change) {
        Stored before = candidates.load(key);
        if (before.candidate() == null) {
            return;
        }
        Candidate next = change.of(before.candidate());
        if (next == null) {
            candidates.delete(key, before.wakeAt());
        } else {
            save(key, before, next);
        }
    }

    private void save(MembershipKey key, Stored before, Candidate next) {
        int dropped = candidates.save(key, before, next);
        if (dropped > 0) {
            listener.onDropped(Dropped.TOO_MANY, dropped);
        }
    }

    private void look() {
        Instant now = now();
        List<MembershipKey> due = candidates.due(now, LOOKED_AT_MAX);
        due.forEach(key -> look(key, now));
        if (!due.isEmpty()) {
            context.commit();
        }
    }

    private void look(MembershipKey key, Instant now) {
        Stored before = candidates.load(key);
        if (before.candidate() == null) {
            throw new IllegalStateException("A moment without its candidate");
        }
        List<Target> targets = candidates.targets(key.user());
        Step step = rules.onTime(before.candidate(), targets, now);
        for (Intent intent : step.intents()) {
            DeviceKey device = new DeviceKey(key.user(), intent.device().deviceId());
            PushIntent record = IntentRecords.of(key, intent);
            context.forward(new Record<>(device, record, now.toEpochMilli()), PushTopology.INTENTS);
            listener.onIntent(record.getPlatform(), record.getKind());
        }
        noteReads(key.user(), targets, step, now);
        if (step.tooOld() > 0) {
            listener.onDropped(Dropped.TOO_OLD, step.tooOld());
        }
        if (step.unanswered() > 0) {
            listener.onDropped(Dropped.NO_RESULT, step.unanswered());
        }
        save(key, before, step.candidate());
    }

    /// The rate of intents of kind read is that of a device, over all conversations.
    private void noteReads(UserKey user, List<Target> targets, Step step, Instant now) {
        List<String> read = step.intents().stream()
                .filter(intent -> intent instanceof Intent.Read)
                .map(intent -> intent.device().deviceId())
                .toList();
        if (!read.isEmpty()) {
            candidates.targets(
                    user,
                    targets.stream()
                            .map(target -> read.contains(target.deviceId()) ? target.withReadAt(now) : target)
                            .toList());
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
