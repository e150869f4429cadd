package chat.milena.bench.load;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// One lane of load, at one rate after another, through sockets and REST like any client.
public final class RatedLoad {
    public static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);
    public static final Duration REST_PATIENCE = Duration.ofSeconds(60);

    private RatedLoad() {}

    /// Runs a load to its end.
    public static LoadResult run(Shape shape, RatePlan rates, LoadSettings settings, Clock clock, Progress progress)
            throws InterruptedException {
        Checker checker = new Checker();
        Lane lane = new Lane(checker, new Notices(), shape, settings.text());
        RestClient.requireServer(settings.server(), ANSWER_PATIENCE);
        try (ChatClient client = new ChatClient(settings.clientOptions(), settings.tokens(), clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), REST_PATIENCE)) {
            new Crowd(shape, "load", progress).gather(client, rest, lane);
            Driver driver = new Driver(settings, checker, progress);
            driver.awaitBeginning();
            List<StepResult> steps = new ArrayList<>();
            List<RatePlan.Step> outcomes = new ArrayList<>();
            OptionalDouble rate = rates.next(outcomes);
            while (rate.isPresent()) {
                Duration unmeasured = steps.isEmpty() ? settings.warmup() : settings.settle();
                for (StepResult step : driver.step(Map.of(lane, rate.getAsDouble()), unmeasured)
                        .values()) {
                    steps.add(step);
                    outcomes.add(new RatePlan.Step(step.rate(), step.holds(settings.bound())));
                }
                rate = rates.next(outcomes);
            }
            progress.end();
            return new LoadResult(
                    shape.users(),
                    shape.conversations(),
                    shape.membersEach(),
                    settings.payloadBytes(),
                    steps,
                    checker.report(),
                    lane.unanswered(),
                    RatePlan.held(outcomes),
                    lane.notices().counts());
        }
    }
}
