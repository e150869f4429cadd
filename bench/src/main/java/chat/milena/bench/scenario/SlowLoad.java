package chat.milena.bench.scenario;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.UsageFailure;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A busy group with one member who does not read: without its socket, with it, and both once more in one run. Its
/// effect is a ratio between neighbors in time.
///
/// The slow member belongs to the group throughout; only its socket comes and goes. The others send in turn.
public final class SlowLoad {
    private static final int TIMES = 2;
    private static final int SIZE_MIN = 3;
    private static final long BEAT_NANOS = Duration.ofSeconds(20).toNanos();

    private final LoadSettings settings;
    private final double rate;
    private final Clock clock;
    private final Checker checker = new Checker();
    private final Notices notices = new Notices();
    private final Lane others;
    private final Driver driver;

    private SlowLoad(Shape others, double rate, LoadSettings settings, Clock clock, Progress progress) {
        this.settings = settings;
        this.rate = rate;
        this.clock = clock;
        this.others = new Lane(checker, notices, others, settings.text());
        this.driver = new Driver(settings, checker, progress);
    }

    /// Runs all four times.
    ///
    /// @param size members of the group, the slow one among them
    public static SlowResult run(int size, double rate, LoadSettings settings, Clock clock, Progress progress)
            throws InterruptedException {
        if (size < SIZE_MIN || !(rate > 0)) {
            throw new UsageFailure("--size must be at least " + SIZE_MIN + ", and --rate above 0");
        }
        RestClient.requireServer(settings.server(), RatedLoad.ANSWER_PATIENCE);
        Shape shape = Shape.Groups.distinct(1, size - 1);
        SlowLoad load = new SlowLoad(shape, rate, settings, clock, progress);
        String slowUser = "slow-" + UUID.randomUUID().toString().substring(0, 8);
        try (ChatClient client = new ChatClient(settings.clientOptions(), settings.tokens(), clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), RatedLoad.REST_PATIENCE)) {
            String conversationId = new Crowd(shape, "fast", progress, List.of(slowUser))
                    .gather(client, rest, load.others)
                    .get(0);
            load.driver.awaitBeginning();
            SlowResult result = load.measure(size, slowUser, conversationId);
            progress.end();
            return result;
        }
    }

    private SlowResult measure(int size, String slowUser, String conversationId) throws InterruptedException {
        List<StepResult> without = new ArrayList<>();
        List<StepResult> with = new ArrayList<>();
        List<SlowResult.Outcome> outcomes = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            without.add(step(time == 0 ? settings.warmup() : settings.settle(), now -> false));
            try (SlowReader slow =
                    new SlowReader(settings.server(), settings.tokens(), slowUser, conversationId, clock)) {
                slow.connect();
                with.add(step(settings.settle(), beating(slow)));
                outcomes.add(slow.drain(checker.highest(conversationId)));
            }
        }
        return new SlowResult(size, without, with, outcomes, checker.report(), others.unanswered(), notices.counts());
    }

    private StepResult step(Duration unmeasured, Driver.Happening happening) throws InterruptedException {
        StepResult result = driver.step(Map.of(others, rate), unmeasured, settings.duration(), happening)
                .get(others);
        if (result == null) {
            throw new IllegalStateException("a step without a result for its lane");
        }
        return result;
    }

    private static Driver.Happening beating(SlowReader slow) {
        return new Driver.Happening() {
            private long nextNanos;

            @Override
            public void begin(long nowNanos) {
                nextNanos = nowNanos;
            }

            @Override
            public boolean isOver(long nowNanos) {
                if (nowNanos - nextNanos >= 0) {
                    nextNanos = nowNanos + BEAT_NANOS;
                    slow.beat();
                }
                return false;
            }
        };
    }
}
