package chat.milena.bench.load;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.CheckReport;
import chat.milena.bench.check.Checker;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Pairs that send at one rate, step by step, while their caller does other work beside them. For one thread.
public final class SteadyPairs implements AutoCloseable {
    private final double rate;
    private final Checker checker = new Checker();
    private final Notices notices = new Notices();
    private final Lane lane;
    private final Driver driver;
    private final ChatClient client;

    private SteadyPairs(Shape.Pairs shape, double rate, LoadSettings settings, Clock clock, Progress progress) {
        this.rate = rate;
        this.lane = new Lane(checker, notices, shape, settings.text());
        this.driver = new Driver(settings, checker, progress);
        this.client = new ChatClient(settings.clientOptions(), settings.tokens(), clock);
    }

    /// Connects all users and creates their conversations.
    public static SteadyPairs gather(
            Shape.Pairs shape, double rate, LoadSettings settings, RestClient rest, Clock clock, Progress progress)
            throws InterruptedException {
        SteadyPairs pairs = new SteadyPairs(shape, rate, settings, clock, progress);
        try {
            new Crowd(shape, "pair", progress).gather(pairs.client, rest, pairs.lane);
            pairs.driver.awaitBeginning();
            return pairs;
        } catch (InterruptedException | RuntimeException e) {
            pairs.close();
            throw e;
        }
    }

    /// Sends for an unmeasured time, then for a measured one; ends early when `over` says so.
    public StepResult step(Duration unmeasured, Duration measured, BooleanSupplier over) throws InterruptedException {
        return driver.step(Map.of(lane, rate), unmeasured, measured, now -> over.getAsBoolean())
                .values()
                .iterator()
                .next();
    }

    /// The check over all steps so far.
    public CheckReport check() {
        return checker.report();
    }

    /// Sends without an answer.
    public long unanswered() {
        return lane.unanswered();
    }

    public Map<String, Long> notices() {
        return notices.counts();
    }

    @Override
    public void close() {
        client.close();
    }
}
