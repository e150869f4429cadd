package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Ruleset;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.run.RecentlyUsed;
import java.time.Instant;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rules of tenants, compiled when they are first needed. Safe for all threads: the tasks of a process share
/// it.
///
/// **Bound:** about 64 MiB of rules and their records; the least recently used are compiled again when needed.
final class RuleCache {
    private static final Logger LOG = LoggerFactory.getLogger(RuleCache.class);
    private static final int BYTES_MAX = 64 << 20;

    private final TopicSpec<TenantKey, Tenant> topic;
    private final JudgeMeters meters;
    private final RecentlyUsed<String, Entry> entries = new RecentlyUsed<>(Entry::bytes, BYTES_MAX);

    /// @param stored the record that the rules were compiled from
    private record Entry(
            Bytes stored,
            @Nullable Version present,
            @Nullable Version former) {
        int bytes() {
            return stored.get().length + bytes(present) + bytes(former);
        }

        private static int bytes(@Nullable Version version) {
            return version == null || version.rules() == null
                    ? 0
                    : version.rules().bytes();
        }

        @Nullable
        Ruleset at(Instant moment) {
            if (present != null && !moment.isBefore(present.since())) {
                return present.rules();
            }
            return former != null && !moment.isBefore(former.since()) ? former.rules() : null;
        }
    }

    private record Version(Instant since, @Nullable Ruleset rules) {}

    RuleCache(TopicSpec<TenantKey, Tenant> topic, JudgeMeters meters) {
        this.topic = topic;
        this.meters = meters;
    }

    /// The rules that judge a message from this moment, by this record; null without any.
    synchronized @Nullable Ruleset find(String tenant, byte[] stored, Instant moment) {
        Entry entry = entries.get(tenant);
        // The store, which is in memory, returns the array that was put: usually this compares no bytes.
        if (entry == null || !entry.stored().equals(Bytes.wrap(stored))) {
            entry = compiled(tenant, stored);
            entries.put(tenant, entry);
        }
        return entry.at(moment);
    }

    private Entry compiled(String tenant, byte[] stored) {
        try {
            Tenant record = topic.values().deserializer().deserialize(topic.name(), stored);
            Version former = version(tenant, record.getFormerModeration());
            return new Entry(Bytes.wrap(stored), version(tenant, record.getModeration()), former);
        } catch (SerializationException e) {
            LOG.error("The record of tenant {} cannot be read: no rule of it holds", tenant);
            return new Entry(Bytes.wrap(stored), null, null);
        }
    }

    private @Nullable Version version(String tenant, @Nullable ModerationRuleset rules) {
        if (rules == null) {
            return null;
        }
        Ruleset compiled = Ruleset.ofStored(rules);
        meters.leftOut(tenant, compiled.leftOut());
        if (compiled.leftOut() > 0) {
            LOG.error(
                    "{} of the rules of tenant {}, version {}, do not hold: they cannot be applied; `moderation rules"
                            + " test` says why",
                    compiled.leftOut(),
                    tenant,
                    rules.getVersion());
        }
        return new Version(rules.getSince(), compiled.isEmpty() ? null : compiled);
    }
}
