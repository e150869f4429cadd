package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.MessageFlag;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.topology.moderation.RuleTags;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Counts what is decided on messages, and how many wait for that, as of the last sweep of each partition. A
/// record that is handled again after an aborted transaction is counted again. Safe for all threads.
public final class ReportMeters {
    /// The label in place of a rule where a moderator removed a message that no rule found.
    private static final String BY_MODERATOR = "moderator";

    private final Map<Integer, Backlog> backlogs = new ConcurrentHashMap<>();
    private final Counter decided;
    private final MeterRegistry meters;
    private final RuleTags rules = new RuleTags();
    private final Counter unlisted;

    /// The messages of a partition that wait for a decision.
    ///
    /// @param oldest when the first of them came; null without any
    record Backlog(int count, @Nullable Instant oldest) {
        static final Backlog NONE = new Backlog(0, null);

        Backlog plus(Instant came) {
            return plus(new Backlog(1, came));
        }

        Backlog plus(Backlog more) {
            boolean isOlder = oldest == null || (more.oldest != null && more.oldest.isBefore(oldest));
            return new Backlog(count + more.count, isOlder ? more.oldest : oldest);
        }
    }

    public ReportMeters(MeterRegistry meters) {
        this.meters = meters;
        decided = Counter.builder("milena.reports.decided")
                .description("Decisions on messages, by moderators and rules")
                .register(meters);
        overturned(RuleTags.OTHERS);
        unlisted = Counter.builder("milena.reports.unlisted")
                .description("Flags that are in the audit alone, since the queue of their tenant was full")
                .register(meters);
        Gauge.builder("milena.reports.open", this, ReportMeters::count)
                .description("Messages that moderators are to decide on, held ones too, in this process")
                .register(meters);
        Gauge.builder("milena.reports.oldest", this, ReportMeters::oldestSeconds)
                .description("Age of the message that has waited longest for moderators")
                .baseUnit("seconds")
                .register(meters);
    }

    void noted(ModerationEvent event) {
        if (event.getKind().equals("flag.unlisted")) {
            unlisted.increment();
        }
        if (event.getKind().equals("decision")) {
            decided.increment();
        }
    }

    /// A moderator lets stand what the last rule found, or else what another moderator removed.
    void overturned(ReportedMessage message) {
        List<MessageFlag> flags = message.getFlags();
        String rule = flags.isEmpty() ? BY_MODERATOR : flags.getLast().getRule();
        overturned(rules.of(message.getTenant(), rule)).increment();
    }

    private Counter overturned(Tags rule) {
        return Counter.builder("milena.reports.overturned")
                .description("Decisions of moderators that let stand what a rule found, or what was removed")
                .tags(rule)
                .register(meters);
    }

    void swept(int partition, Backlog backlog) {
        backlogs.put(partition, backlog);
    }

    /// The partition is with another process now.
    void left(int partition) {
        backlogs.remove(partition);
    }

    private double count() {
        return backlogs.values().stream().mapToInt(Backlog::count).sum();
    }

    private double oldestSeconds() {
        return backlogs.values().stream()
                .map(Backlog::oldest)
                .filter(Objects::nonNull)
                .mapToLong(oldest -> Math.max(0, System.currentTimeMillis() - oldest.toEpochMilli()) / 1_000)
                .max()
                .orElse(0);
    }
}
