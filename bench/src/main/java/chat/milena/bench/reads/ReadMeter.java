package chat.milena.bench.reads;

import chat.milena.bench.answer.PageAsk;
import chat.milena.bench.answer.PageRules;
import chat.milena.bench.answer.ReadBodies;
import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.check.Examples;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Notices;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Checks all pages of one step, and measures those of the measured time. Thread-safe.
final class ReadMeter {
    private final long lastSequence;
    private final boolean checks;
    private final Examples examples;
    private final Latencies latency = new Latencies();
    private final Latencies behind = new Latencies();
    private final Notices refused = new Notices();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder inTime = new LongAdder();
    private final LongAdder answered = new LongAdder();

    /// @param checks whether the answers are pages of history
    /// @param examples wrong pages; shared by the steps of a run
    ReadMeter(long lastSequence, boolean checks, Examples examples) {
        this.lastSequence = lastSequence;
        this.checks = checks;
        this.examples = examples;
    }

    /// The end of a read, with or without success; false if it had no page.
    boolean answered(PageAsk ask, @Nullable HttpAnswer answer, @Nullable Throwable failure, boolean withinTime) {
        answered.increment();
        if (answer == null || !answer.ok()) {
            refused.add(answer == null ? reason(failure) : "HTTP " + answer.status());
            return false;
        }
        if (withinTime) {
            inTime.increment();
        }
        Optional<String> fault;
        try {
            fault = checks ? PageRules.fault(ask, ReadBodies.page(answer.body()), lastSequence) : Optional.empty();
        } catch (IOException e) {
            fault = Optional.of("not a page of history");
        }
        fault.ifPresent(reason -> {
            wrong.increment();
            examples.add(ask + ": " + reason);
        });
        return true;
    }

    void measured(long latencyNanos, long behindNanos) {
        latency.record(latencyNanos);
        behind.record(behindNanos);
    }

    /// Reads that have ended, measured or not.
    long ended() {
        return answered.sum();
    }

    ReadStep step(double rate, double seconds, MachineUse machine) {
        Latencies.Summary summary = latency.summary();
        return new ReadStep(
                rate,
                inTime.sum() / seconds,
                seconds,
                summary.count(),
                wrong.sum(),
                refused.counts(),
                summary,
                behind.summary(),
                machine);
    }

    void unanswered(long reads) {
        for (long i = 0; i < reads; i++) {
            refused.add("unanswered at the end");
        }
    }

    /// Without ports and addresses, which would make each failure a kind of its own.
    private static String reason(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause == null ? "no answer" : cause.getClass().getSimpleName();
    }
}
