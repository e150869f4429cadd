package chat.milena.bench.worker;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.check.Observer;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.load.Crowd;
import chat.milena.bench.load.Driver;
import chat.milena.bench.load.Lane;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.LoadUser;
import chat.milena.bench.load.RatedLoad;
import chat.milena.bench.load.Shape;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Pairs who write recorded talk with planted spam. Whether there are rules is up to the server: two runs compare
/// them.
final class ModerationLoad {
    /// Removals that come later are none.
    private static final Duration QUIET = Duration.ofSeconds(2);

    private ModerationLoad() {}

    static ModerationResult run(
            Shape.Pairs shape, double rate, PlantedTexts texts, LoadSettings settings, Clock clock, Progress progress)
            throws InterruptedException {
        Checker checker = new Checker();
        Notices notices = new Notices();
        Lane lane = Lane.ofTexts(checker, notices, shape, texts::of);
        RemovalMeter meter = new RemovalMeter(texts::isSpam);
        Driver driver = new Driver(settings, checker, progress);
        RestClient.requireServer(settings.server(), RatedLoad.ANSWER_PATIENCE);
        try (ChatClient client = new ChatClient(settings.clientOptions(), settings.tokens(), clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), RatedLoad.REST_PATIENCE)) {
            Crowd crowd = new Crowd(shape, "judged", progress);
            crowd.gather(
                    user -> client, rest, lane, user -> new Reader(lane, checker.observer(crowd.userId(user)), meter));
            driver.awaitBeginning();
            StepResult step = Objects.requireNonNull(
                    driver.step(Map.of(lane, rate), settings.warmup()).get(lane));
            awaitQuiet(meter, settings.tail());
            progress.end();
            return new ModerationResult(step, meter.found(), checker.report(), lane.unanswered(), notices.counts());
        }
    }

    private static void awaitQuiet(RemovalMeter meter, Duration within) throws InterruptedException {
        long giveUpNanos = System.nanoTime() + within.toNanos();
        int before;
        do {
            before = meter.caught();
            TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
        } while (meter.caught() != before && System.nanoTime() - giveUpNanos < 0);
    }

    /// A user who notes when messages come, and when they are removed.
    private static final class Reader extends LoadUser {
        private final Lane lane;
        private final RemovalMeter meter;

        Reader(Lane lane, Observer observer, RemovalMeter meter) {
            super(lane, observer);
            this.lane = lane;
            this.meter = meter;
        }

        @Override
        protected void delivered(ServerFrame.MessageNew message) {
            long number = lane.indexOf(message.messageId());
            if (number >= 0) {
                meter.delivered(number, System.nanoTime());
            }
            super.delivered(message);
        }

        @Override
        protected void changed(ServerFrame.TimelineChange change) {
            long number = change.messageId() == null ? -1 : lane.indexOf(change.messageId());
            if (number >= 0 && change.type().equals("message.deleted")) {
                meter.removed(number, System.nanoTime());
            }
        }
    }
}
