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
import chat.milena.bench.worker.ClassifierArguments.Classifying;
import chat.milena.bench.worker.ModerationResult.Classified;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Pairs who write recorded talk with planted spam. Whether there are rules is up to the server: two runs compare
/// them. A classifier may be in this process.
///
/// @param classifier null for none
record ModerationLoad(
        PlantedTexts texts, LoadSettings settings, @Nullable Classifying classifier, Clock clock) {
    /// Removals and flags that come later are none.
    private static final Duration QUIET = Duration.ofSeconds(2);

    ModerationResult run(Shape.Pairs shape, double rate, Progress progress) throws InterruptedException {
        Checker checker = new Checker();
        Notices notices = new Notices();
        Lane lane = Lane.ofTexts(checker, notices, shape, texts::of);
        RemovalMeter meter = new RemovalMeter(texts::isSpam);
        Driver driver = new Driver(settings, checker, progress);
        RestClient.requireServer(settings.server(), RatedLoad.ANSWER_PATIENCE);
        try (ClassifierPeer peer = peer(lane);
                ChatClient client = new ChatClient(settings.clientOptions(), settings.tokens(), clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), RatedLoad.REST_PATIENCE)) {
            Crowd crowd = new Crowd(shape, "judged", progress);
            crowd.gather(
                    user -> client, rest, lane, user -> new Reader(lane, checker.observer(crowd.userId(user)), meter));
            driver.awaitBeginning();
            Instant measuredFrom = clock.instant().plus(settings.warmup());
            StepResult step = Objects.requireNonNull(
                    driver.step(Map.of(lane, rate), settings.warmup()).get(lane));
            awaitQuiet(meter, settings.tail());
            Classified classified = peer == null || classifier == null
                    ? null
                    : new Classified(
                            flags(lane, classifier, measuredFrom), peer.age().summary());
            progress.end();
            return new ModerationResult(
                    step, meter.found(), classified, checker.report(), lane.unanswered(), notices.counts());
        }
    }

    private @Nullable ClassifierPeer peer(Lane lane) {
        return classifier == null
                ? null
                : new ClassifierPeer(
                        classifier.port(),
                        classifier.delay(),
                        messageId -> {
                            long number = lane.indexOf(messageId);
                            return number >= 0 && texts.isSpam(number);
                        },
                        clock);
    }

    /// Once no more come.
    private FlagQueue.Flags flags(Lane lane, Classifying asked, Instant measuredFrom) throws InterruptedException {
        long giveUpNanos = System.nanoTime() + settings.tail().toNanos();
        try (RestClient rest = new RestClient(settings.server(), asked.moderators(), RatedLoad.REST_PATIENCE)) {
            FlagQueue queue = new FlagQueue(rest, lane::indexOf, texts::isSpam);
            FlagQueue.Flags flags = queue.read(measuredFrom);
            long before;
            do {
                before = flags.all();
                TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
                flags = queue.read(measuredFrom);
            } while (flags.all() != before && System.nanoTime() - giveUpNanos < 0);
            return flags;
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
