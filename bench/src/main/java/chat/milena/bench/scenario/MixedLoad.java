package chat.milena.bench.scenario;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.load.Crowd;
import chat.milena.bench.load.Driver;
import chat.milena.bench.load.Lane;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.RatedLoad;
import chat.milena.bench.load.Shape;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pairs at one rate, and beside them another load: off, on, and off again in one run. Its effect is a ratio
/// between neighbors in time, not between two runs.
///
/// All users are connected from the beginning; only the sending of the other load is switched. Each load has event
/// loops of its own, so that the frames of one do not delay the other within the harness, as far as the processors
/// allow.
public final class MixedLoad {
    private final LoadSettings settings;
    private final double rate;
    private final Driver driver;
    private final Checker checker = new Checker();
    private final Notices notices = new Notices();
    private final Lane pairs;
    private boolean warm;

    private MixedLoad(Shape.Pairs shape, double rate, LoadSettings settings, Progress progress) {
        this.settings = settings;
        this.rate = rate;
        this.driver = new Driver(settings, checker, progress);
        this.pairs = new Lane(checker, notices, shape, settings.text());
    }

    /// Runs all three times.
    public static MixedResult run(
            Shape.Pairs shape, double rate, Beside beside, LoadSettings settings, Clock clock, Progress progress)
            throws InterruptedException {
        RestClient.requireServer(settings.server(), RatedLoad.ANSWER_PATIENCE);
        MixedLoad load = new MixedLoad(shape, rate, settings, progress);
        try (ChatClient client = new ChatClient(settings.clientOptions(), settings.tokens(), clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), RatedLoad.REST_PATIENCE)) {
            new Crowd(shape, "pair", progress).gather(client, rest, load.pairs);
            MixedResult result = switch (beside) {
                case Beside.GroupLoad group -> {
                    Lane groups = new Lane(load.checker, load.notices, group.shape(), settings.text());
                    yield load.besideLane(groups, group.shape(), "group", group.rate(), rest, clock, progress);
                }
                case Beside.Changes changes -> {
                    Lane lane = Lane.ofChanges(load.checker, load.notices, changes.shape(), settings.text());
                    yield load.besideLane(lane, changes.shape(), "changer", changes.rate(), rest, clock, progress);
                }
                case Beside.TenantFlood flood -> load.besideFlood(flood, clock, progress);
            };
            progress.end();
            return result;
        }
    }

    private MixedResult besideLane(
            Lane beside, Shape shape, String kind, double besideRate, RestClient rest, Clock clock, Progress progress)
            throws InterruptedException {
        try (ChatClient client = new ChatClient(settings.clientOptions(), settings.tokens(), clock)) {
            new Crowd(shape, kind, progress).gather(client, rest, beside);
            driver.awaitBeginning();
            StepResult before = alone();
            Map<Lane, Double> both = new LinkedHashMap<>();
            both.put(pairs, rate);
            both.put(beside, besideRate);
            Map<Lane, StepResult> during = driver.step(both, settings.settle());
            StepResult after = alone();
            return result(before, of(during, pairs), after, of(during, beside), null, beside.unanswered());
        }
    }

    private MixedResult besideFlood(Beside.TenantFlood options, Clock clock, Progress progress)
            throws InterruptedException {
        try (FloodingTenant flood = new FloodingTenant(options, settings, clock)) {
            flood.gather(progress);
            driver.awaitBeginning();
            StepResult before = alone();
            flood.start();
            StepResult during = pairsStep(settings.settle());
            FloodResult flooded = flood.stop();
            return result(before, during, alone(), null, flooded, 0);
        }
    }

    private StepResult alone() throws InterruptedException {
        Duration unmeasured = warm ? settings.settle() : settings.warmup();
        warm = true;
        return pairsStep(unmeasured);
    }

    private StepResult pairsStep(Duration unmeasured) throws InterruptedException {
        return of(driver.step(Map.of(pairs, rate), unmeasured), pairs);
    }

    private MixedResult result(
            StepResult before,
            StepResult during,
            StepResult after,
            @Nullable StepResult group,
            @Nullable FloodResult flood,
            long pendingBeside) {
        return new MixedResult(
                before,
                during,
                after,
                group,
                flood,
                checker.report(),
                pairs.unanswered() + pendingBeside,
                notices.counts());
    }

    private static StepResult of(Map<Lane, StepResult> results, Lane lane) {
        StepResult result = results.get(lane);
        if (result == null) {
            throw new IllegalStateException("a step without a result for one of its lanes");
        }
        return result;
    }
}
