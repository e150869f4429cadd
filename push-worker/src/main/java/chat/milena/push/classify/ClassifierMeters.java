package chat.milena.push.classify;

import chat.milena.push.classify.ClassifierAnswer.Answered;
import chat.milena.push.classify.ClassifierAnswer.Failed;
import chat.milena.push.courier.Reasons;
import chat.milena.schemas.word.RuleAction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is asked, and what comes of it; by no tenant, of which there may be many. Safe for all threads.
final class ClassifierMeters {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final MeterRegistry meters;
    private final Counter asked;
    private final Timer age;

    ClassifierMeters(MeterRegistry meters) {
        this.meters = meters;
        this.asked = Counter.builder("milena.classifier.asked")
                .description("Messages and edits that a classifier is to judge")
                .register(meters);
        this.age = Timer.builder("milena.classifier.age")
                .description("Age of a message when the answer of the classifier, or its failure, is recorded")
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(meters);
        answers(null);
        for (RuleAction action : RuleAction.values()) {
            answers(action);
        }
        Reasons.all().forEach(this::failures);
        failures(Asker.BACKLOG);
        failures(Asker.OVERDUE);
    }

    /// @param backlog questions that wait or are asked
    /// @param lag records that were not read
    /// @param silentSeconds since when nothing was read or looked at
    void watch(Supplier<Number> backlog, Supplier<Number> lag, Supplier<Number> silentSeconds) {
        Gauge.builder("milena.classifier.silent", silentSeconds)
                .description("Time since the log was last read for classifiers")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("milena.classifier.backlog", backlog)
                .description("Questions that wait for their turn or for an answer")
                .register(meters);
        Gauge.builder("milena.classifier.lag", lag)
                .description("Records of messages that were not read yet")
                .register(meters);
    }

    void asked() {
        asked.increment();
    }

    /// The outcome is in the log.
    void recorded(ClassifierAnswer outcome, Duration old) {
        age.record(old.isNegative() ? Duration.ZERO : old);
        switch (outcome) {
            case Answered(RuleAction action, String _) -> answers(action).increment();
            case Failed(String cause) -> failures(cause).increment();
        }
    }

    private Counter failures(String cause) {
        return Counter.builder("milena.classifier.failures")
                .description("Questions without an answer, by cause: what `onFailure` says holds for them")
                .tag("cause", cause)
                .register(meters);
    }

    private Counter answers(@Nullable RuleAction action) {
        return Counter.builder("milena.classifier.answers")
                .description("Answers of classifiers")
                .tag("action", action == null ? "pass" : action.name().toLowerCase(Locale.ROOT))
                .register(meters);
    }
}
