package chat.milena.bench.worker;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.check.Observer;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.load.Crowd;
import chat.milena.bench.load.Driver;
import chat.milena.bench.load.Lane;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.LoadUser;
import chat.milena.bench.load.RatedLoad;
import chat.milena.bench.load.Shape;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.ServerMemory;
import chat.milena.bench.worker.PushLoadResult.CatchUp;
import chat.milena.bench.worker.PushLoadResult.MemoryAt;
import chat.milena.bench.worker.PushLoadResult.Phase;
import chat.milena.bench.worker.PushLoadResult.Phases;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Messages at one rate to users of whom some are connected and the others are notified by a push service in this
/// process. Its effect on messages is a ratio between neighbors in time: without registered devices push does nothing.
///
/// All readers have a registered device. Those who are connected must not be notified.
final class PushLoad {
    /// The device that a client of this harness connects with.
    private static final String CONNECTED = "bench";

    private static final String PHONE = "phone";

    private final PushSettings push;
    private final LoadSettings settings;
    private final Progress progress;
    private final Checker checker = new Checker();
    private final Notices notices = new Notices();
    private final Driver driver;
    private final Shape.Pairs presentShape;
    private final Shape.Writers awayShape;
    private final Lane present;
    private final Lane away;
    private final Recipients recipients;
    private final PushPeer peer;
    private final List<MemoryAt> memory = new ArrayList<>();

    private PushLoad(PushSettings push, LoadSettings settings, Progress progress) {
        this.push = push;
        this.settings = settings;
        this.progress = progress;
        this.driver = new Driver(settings, checker, progress);
        this.presentShape = new Shape.Pairs(2 * push.present());
        this.awayShape = new Shape.Writers(push.away());
        this.present = new Lane(checker, notices, presentShape, settings.text(), 1);
        this.away = new Lane(checker, notices, awayShape, settings.text());
        this.recipients = new Recipients(push.away());
        this.peer = new PushPeer(push.peerPort(), user -> recipients.pushed(user, System.nanoTime()));
    }

    /// Runs all parts.
    static PushLoadResult run(PushSettings push, LoadSettings settings, Clock clock, Progress progress)
            throws InterruptedException {
        RestClient.requireServer(settings.server(), RatedLoad.ANSWER_PATIENCE);
        PushLoad load = new PushLoad(push, settings, progress);
        try (PushPeer open = load.peer;
                ChatClient client = new ChatClient(settings.clientOptions(), settings.tokens(), clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), RatedLoad.REST_PATIENCE)) {
            Registrations registrations = new Registrations(
                    rest,
                    "start it with MILENA_VAPID_SUBJECT=mailto:bench@example.org and MILENA_PUSH_ALLOW=http://127.0.0.1:"
                            + open.port());
            PushLoadResult result = load.measure(registrations, load.gather(client, rest));
            progress.end();
            return result;
        }
    }

    /// Returns the devices of all readers.
    private List<Registrations.Device> gather(ChatClient client, RestClient rest) throws InterruptedException {
        Crowd connected = new Crowd(presentShape, "present", progress);
        connected.gather(client, rest, present);
        Crowd writers = new Crowd(awayShape, "away", progress);
        writers.gather(
                user -> client,
                rest,
                away,
                user -> new Writer(away, checker.observer(writers.userId(user)), recipients, user));
        driver.awaitBeginning();
        List<Registrations.Device> devices = new ArrayList<>();
        for (int pair = 0; pair < push.present(); pair++) {
            devices.add(new Registrations.Device(
                    connected.userId(presentShape.member(pair, 1)), CONNECTED, peer.present(pair)));
        }
        for (int user = 0; user < push.away(); user++) {
            devices.add(new Registrations.Device(Crowd.readerOf(writers.userId(user)), PHONE, peer.away(user)));
        }
        return devices;
    }

    /// Writes to a user who is away.
    private static final class Writer extends LoadUser {
        private final Recipients recipients;
        private final int reader;

        private Writer(Lane lane, Observer observer, Recipients recipients, int reader) {
            super(lane, observer);
            this.recipients = recipients;
            this.reader = reader;
        }

        @Override
        protected void acked(ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
            if (sent != null) {
                recipients.written(reader, sent.firstWrittenNanos());
            }
            super.acked(ack, sent);
        }
    }

    private PushLoadResult measure(Registrations registrations, List<Registrations.Device> devices)
            throws InterruptedException {
        Phase without = phase(settings.warmup(), settings.duration(), () -> {});
        readMemory("without registrations");
        recipients.forget();
        progress.print("registering " + devices.size() + " devices");
        registrations.register(devices);
        Phase pushing = phase(settings.settle(), settings.duration(), () -> {});
        readMemory("while pushing");
        Phase stalled = phase(Duration.ZERO, push.stall(), peer::stall);
        readMemory("at the end of the stall");
        recipients.resume(System.nanoTime());
        peer.resume();
        // From the first push of the backlog on, and long enough behind the last one.
        Phase after = phase(
                Duration.ZERO,
                settings.duration().plus(push.within()),
                () -> {},
                now -> recipients.isCaughtUpFor(settings.duration().toNanos(), now));
        progress.print("waiting for the last pushes");
        recipients.awaitAll(push.within().toNanos());
        int forgotten = recipients.open();
        readMemory("after the stall");
        registrations.unregister(devices);
        Phase withoutAgain = phase(settings.settle(), settings.duration(), () -> {});
        return new PushLoadResult(
                new Phases(without, pushing, stalled, after, withoutAgain),
                new CatchUp(peer.stalled(), recipients.caughtUpSeconds(), recipients.backlogAges()),
                peer.wrong(),
                forgotten,
                memory,
                checker.report(),
                present.unanswered() + away.unanswered(),
                notices.counts());
    }

    private Phase phase(Duration unmeasured, Duration measured, Runnable atBegin) throws InterruptedException {
        return phase(unmeasured, measured, atBegin, now -> false);
    }

    private Phase phase(Duration unmeasured, Duration measured, Runnable atBegin, LongPredicate over)
            throws InterruptedException {
        Map<Lane, Double> rates = new LinkedHashMap<>();
        rates.put(present, push.presentRate());
        rates.put(away, push.awayRate());
        Beginning beginning = new Beginning(atBegin, over);
        Map<Lane, StepResult> results = driver.step(rates, unmeasured, measured, beginning);
        double seconds = (System.nanoTime() - beginning.atNanos) / 1e9;
        return new Phase(
                of(results, present),
                of(results, away),
                (peer.accepted() - beginning.accepted) / seconds,
                beginning.ages.summary());
    }

    /// Where the measured time begins.
    private final class Beginning implements Driver.Happening {
        private final Runnable also;
        private final LongPredicate over;
        private long atNanos = System.nanoTime();
        private long accepted;
        private Latencies ages = new Latencies();

        private Beginning(Runnable also, LongPredicate over) {
            this.over = over;
            this.also = also;
        }

        @Override
        public void begin(long nowNanos) {
            atNanos = nowNanos;
            accepted = peer.accepted();
            ages = recipients.begin();
            also.run();
        }

        @Override
        public boolean isOver(long nowNanos) {
            return over.test(nowNanos);
        }
    }

    private static StepResult of(Map<Lane, StepResult> results, Lane lane) {
        StepResult result = results.get(lane);
        if (result == null) {
            throw new IllegalStateException("a step without a result for one of its lanes");
        }
        return result;
    }

    private void readMemory(String part) throws InterruptedException {
        if (settings.serverPid() != null) {
            memory.add(new MemoryAt(part, ServerMemory.read(settings.serverPid())));
        }
    }
}
