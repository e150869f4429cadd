package chat.milena.push.topology;

import chat.milena.push.pending.Candidate;
import chat.milena.push.pending.CandidateRules;
import chat.milena.push.pending.Target;
import chat.milena.schemas.avro.PushCandidate;
import chat.milena.schemas.avro.PushHeld;
import chat.milena.schemas.avro.PushTargets;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Keeps candidates and targets in the stores of one task. For the stream thread.
///
/// A user has at most [#CONVERSATIONS_MAX] candidates. Beyond that the one that nothing has happened in for the longest
/// time goes.
final class Candidates {
    static final int CONVERSATIONS_MAX = 1_000;

    private static final Serializer<byte[]> PREFIX = new ByteArraySerializer();

    private final CandidateRules.Times times;
    private final KeyValueStore<UserKey, PushTargets> targets;
    private final KeyValueStore<MembershipKey, PushCandidate> candidates;
    private final WakeTimes wakes;

    /// A candidate as it is stored.
    ///
    /// @param wakeAt where it is in the store of times
    record Stored(@Nullable Candidate candidate, @Nullable Instant wakeAt) {}

    Candidates(ProcessorContext<?, ?> context, CandidateRules.Times times) {
        this.times = times;
        this.targets = context.getStateStore(PushTopology.TARGETS);
        this.candidates = context.getStateStore(PushTopology.CANDIDATES);
        this.wakes = new WakeTimes(context.getStateStore(PushTopology.WAKES));
    }

    List<Target> targets(UserKey user) {
        return CandidateRecords.targets(targets.get(user));
    }

    void targets(UserKey user, List<Target> now) {
        targets.put(user, now.isEmpty() ? null : CandidateRecords.record(now));
    }

    Stored load(MembershipKey key) {
        PushCandidate stored = candidates.get(key);
        return stored == null
                ? new Stored(null, null)
                : new Stored(CandidateRecords.candidate(stored), stored.getWakeAt());
    }

    /// Saves what became of a candidate; one that is over goes.
    ///
    /// @return how many candidates of the user were dropped, since there were too many
    int save(MembershipKey key, Stored before, Candidate next) {
        if (next.equals(before.candidate())) {
            if (!next.isOver()) {
                // Other times may be set than when it was saved.
                Instant wakeAt = next.wakeAt(times);
                if (before.wakeAt() != null && !before.wakeAt().equals(wakeAt)) {
                    put(key, before, next, wakeAt);
                }
            }
            return 0;
        }
        if (next.isOver()) {
            if (before.candidate() != null) {
                delete(key, before.wakeAt());
            }
            return 0;
        }
        int dropped = before.candidate() == null ? makeRoom(key.user()) : 0;
        put(key, before, next, next.wakeAt(times));
        return dropped;
    }

    private void put(MembershipKey key, Stored before, Candidate next, @Nullable Instant wakeAt) {
        candidates.put(key, CandidateRecords.record(next, wakeAt));
        wakes.move(key, before.wakeAt(), wakeAt);
    }

    void delete(MembershipKey key, @Nullable Instant wakeAt) {
        candidates.delete(key);
        wakes.move(key, wakeAt, null);
    }

    List<MembershipKey> due(Instant now, int max) {
        return wakes.due(now, max);
    }

    /// The keys of all candidates of a user.
    List<MembershipKey> of(UserKey user) {
        List<MembershipKey> keys = new ArrayList<>();
        try (KeyValueIterator<MembershipKey, PushCandidate> range = scan(user)) {
            range.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    private int makeRoom(UserKey user) {
        int count = 0;
        KeyValue<MembershipKey, PushCandidate> first = null;
        try (KeyValueIterator<MembershipKey, PushCandidate> range = scan(user)) {
            while (range.hasNext()) {
                KeyValue<MembershipKey, PushCandidate> next = range.next();
                count++;
                if (first == null || activeMillis(next.value) < activeMillis(first.value)) {
                    first = next;
                }
            }
        }
        if (count < CONVERSATIONS_MAX || first == null) {
            return 0;
        }
        delete(first.key, first.value.getWakeAt());
        return 1;
    }

    /// When something last happened, or will.
    private static long activeMillis(PushCandidate candidate) {
        return Stream.concat(
                        candidate.getHeld().stream().map(PushHeld::getSince),
                        candidate.getDevices().stream()
                                .flatMap(device -> Stream.of(
                                        device.getShownAt(), device.getOutstandingSince(), device.getDueAt())))
                .filter(Objects::nonNull)
                .mapToLong(Instant::toEpochMilli)
                .max()
                .orElse(0);
    }

    private KeyValueIterator<MembershipKey, PushCandidate> scan(UserKey user) {
        return candidates.prefixScan(new MembershipKey(user, "").toBytes(), PREFIX);
    }
}
