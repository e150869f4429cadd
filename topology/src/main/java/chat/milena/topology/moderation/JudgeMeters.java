package chat.milena.topology.moderation;

import chat.milena.conversation.judge.Finding;
import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.RuleKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what rules decide, and how long after the message. A record that is handled again after an aborted
/// transaction is counted again. Safe for all threads.
public final class JudgeMeters {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final MeterRegistry meters;
    private final Timer age;
    private final RuleTags rules = new RuleTags();
    /// Of tenants whose latest rules have some.
    private final Map<String, Integer> leftOut = new ConcurrentHashMap<>();

    public JudgeMeters(MeterRegistry meters) {
        this.meters = meters;
        this.age = Timer.builder("milena.moderation.age")
                .description("Age of a message when the rules have decided on it")
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(meters);
        Gauge.builder("milena.moderation.rules.left.out", leftOut, JudgeMeters::sum)
                .description("Stored rules that cannot be applied, of tenants whose messages were judged here")
                .register(meters);
        for (RuleKind kind : RuleKind.values()) {
            for (RuleAction action : RuleAction.values()) {
                findings(RuleTags.OTHERS, kind, action);
            }
        }
    }

    /// A message of this age was judged by its content, or by its sender.
    void judged(long ageMillis) {
        age.record(Duration.ofMillis(Math.max(0, ageMillis)));
    }

    /// The rules of a tenant were compiled, without this many that cannot be applied.
    void leftOut(String tenant, int count) {
        if (count == 0) {
            leftOut.remove(tenant);
        } else {
            leftOut.put(tenant, count);
        }
    }

    private static double sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    void found(String tenant, Finding finding) {
        findings(rules.of(tenant, finding.rule()), finding.kind(), finding.action())
                .increment();
    }

    private Counter findings(Tags rule, RuleKind kind, RuleAction action) {
        return Counter.builder("milena.moderation.verdicts")
                .description("Messages that a rule flagged or removed")
                .tags(rule)
                .tag("kind", kind.word())
                .tag("action", action.word())
                .register(meters);
    }
}
