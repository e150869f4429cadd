package chat.milena.topology.users;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.moderation.BanListRules;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Saves and publishes the bans of tenants, notes them for good, and notifies the devices of banned users. Ended bans
/// are deleted within an hour. For the stream thread.
final class BanWriter {
    private static final Serializer<byte[]> PREFIX = new ByteArraySerializer();
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final KeyValueStore<BanKey, Ban> bans;
    private final int shards;

    BanWriter(ProcessorContext<LogKey, SpecificRecord> context, int shards) {
        this.context = context;
        this.bans = context.getStateStore(UserStores.BANS);
        this.shards = shards;
        context.schedule(
                SWEEP_EVERY,
                PunctuationType.WALL_CLOCK_TIME,
                nowMillis -> deleteEnded(Instant.ofEpochMilli(nowMillis)));
    }

    @Nullable
    Ban find(BanKey key) {
        return bans.get(key);
    }

    /// How many a tenant has.
    int count(String tenant) {
        int count = 0;
        try (KeyValueIterator<BanKey, Ban> range = bans.prefixScan(BanKey.prefix(tenant), PREFIX)) {
            for (; range.hasNext(); range.next()) {
                count++;
            }
        }
        return count;
    }

    /// Applies what was decided; the answer is a delivery of its own. The same ban again is published again, and so
    /// restores a record that the log has lost.
    void apply(InboundCommand inbound, BanKey key, ChangeBan change, Answer answer, Instant now) {
        if (answer instanceof Answer.Duplicate && change.getBanned()) {
            emit(UserTopology.BANS, key, bans.get(key), now);
            return;
        }
        if (answer instanceof Answer.Rejected
                && inbound.getOrigin().getGatewayId().isEmpty()) {
            // The decision was answered before, so only the audit can say that there is no ban.
            ModerationEvent refused = event(inbound, change, now);
            refused.setKind("ban.refused");
            emit(UserTopology.MODERATION, UserKey.moderation(key.tenant()), refused, now);
        }
        if (!(answer instanceof Answer.Accepted)) {
            return;
        }
        Ban next = change.getBanned()
                ? new Ban(
                        key.tenant(),
                        key.userId(),
                        change.getConversationId(),
                        change.getUntil(),
                        change.getReason(),
                        inbound.getUserId(),
                        now)
                : null;
        Ban before = bans.get(key);
        bans.put(key, next);
        emit(UserTopology.BANS, key, next, now);
        emit(UserTopology.MODERATION, UserKey.moderation(key.tenant()), event(inbound, change, now), now);
        Delivery notice = new Delivery();
        notice.setTenant(key.tenant());
        notice.setConversationId(key.conversationId());
        notice.setRecipients(List.of(key.userId()));
        ChangeBan shown = ChangeBan.newBuilder(change).build();
        if (next == null) {
            shown.setReason(Objects.requireNonNull(before).getReason());
        }
        notice.setBan(shown);
        emit(UserTopology.DELIVERIES, new UserKey(key.tenant(), key.userId()).shard(shards), notice, now);
    }

    private static ModerationEvent event(InboundCommand inbound, ChangeBan change, Instant now) {
        return new ModerationEvent(
                inbound.getTenant(),
                change.getBanned() ? "ban.set" : "ban.ended",
                now,
                inbound.getUserId(),
                inbound.getActorKind(),
                change.getUserId(),
                change.getConversationId(),
                change.getUntil(),
                change.getBanned() ? change.getReason() : null,
                null,
                null,
                null,
                null,
                false);
    }

    /// A ban that has ended holds nowhere already.
    private void deleteEnded(Instant now) {
        List<BanKey> ended = new ArrayList<>();
        try (KeyValueIterator<BanKey, Ban> all = bans.all()) {
            all.forEachRemaining(entry -> {
                if (!BanListRules.holds(entry.value, now)) {
                    ended.add(entry.key);
                }
            });
        }
        for (BanKey key : ended) {
            bans.delete(key);
            emit(UserTopology.BANS, key, null, now);
        }
    }

    private void emit(String sink, LogKey key, @Nullable SpecificRecord value, Instant timestamp) {
        context.forward(new Record<>(key, value, timestamp.toEpochMilli()), sink);
    }
}
