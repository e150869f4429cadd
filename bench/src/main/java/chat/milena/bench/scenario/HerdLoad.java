package chat.milena.bench.scenario;

import chat.milena.bench.call.KeptTokens;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.TokenSource;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Clients that all lose their sockets together and reconnect together, beside pairs that continue to send.
///
/// Pairs, and users who write to some of the herd, send at a fixed rate all the time: before the cut, from the cut
/// until all clients are back, and after. So the load is the same in all three, and the herd must receive the
/// messages written while it was away. The herd has an event loop of its own, and only its return is without a
/// pace. Before the cut it connects like any load, with tokens that are exempt from rates; it reconnects with
/// other ones.
public final class HerdLoad {
    /// A minimum, so that there is something to measure even if they are fast.
    private static final Duration MEANWHILE_MIN = Duration.ofSeconds(1);

    private final HerdSettings herd;
    private final LoadSettings settings;
    private final Progress progress;
    private final Checker checker = new Checker();
    private final Notices notices = new Notices();
    private final HerdMeter meter;
    private final List<HerdUser> members = new ArrayList<>();
    private final Lane pairs;
    private final Shape.Pairs writtenShape;
    private final Lane written;
    private final Driver driver;
    private volatile boolean thrown;

    private HerdLoad(HerdSettings herd, LoadSettings settings, Progress progress) {
        this.herd = herd;
        this.settings = settings;
        this.progress = progress;
        this.meter = new HerdMeter(herd.clients());
        this.pairs = new Lane(checker, notices, herd.undisturbed(), settings.text());
        this.writtenShape = new Shape.Pairs(2 * herd.written());
        this.written = new Lane(checker, notices, writtenShape, settings.text(), 1);
        this.driver = new Driver(settings, checker, progress);
    }

    /// Runs all three times.
    public static HerdResult run(HerdSettings herd, LoadSettings settings, Clock clock, Progress progress)
            throws InterruptedException {
        RestClient.requireServer(settings.server(), RatedLoad.ANSWER_PATIENCE);
        HerdLoad load = new HerdLoad(herd, settings, progress);
        TokenSource comingBack = new KeptTokens(herd.tokens());
        TokenSource herdTokens = userId ->
                load.thrown ? comingBack.tokenFor(userId) : settings.tokens().tokenFor(userId);
        ClientOptions options = settings.clientOptions();
        try (ChatClient client = new ChatClient(options, settings.tokens(), clock);
                ChatClient herdClient = new ChatClient(options.withReconnect(true, herd.within()), herdTokens, clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), RatedLoad.REST_PATIENCE)) {
            load.gather(client, herdClient, rest, comingBack);
            load.driver.awaitBeginning();
            HerdResult result = load.measure(herdClient);
            progress.end();
            return result;
        }
    }

    private void gather(ChatClient client, ChatClient herdClient, RestClient rest, TokenSource comingBack)
            throws InterruptedException {
        new Crowd(herd.undisturbed(), "pair", progress).gather(client, rest, pairs);
        Crowd some = new Crowd(writtenShape, "herd", progress);
        // In each pair, the first writes and stays, and the second belongs to the herd.
        some.gather(
                i -> i % 2 == 0 ? client : herdClient,
                rest,
                written,
                i -> i % 2 == 0 ? new LoadUser(written, checker.observer(some.userId(i))) : member(some.userId(i)));
        Crowd others = new Crowd(new Shape.Loners(herd.clients() - herd.written()), "herd", progress);
        int first = members.size();
        others.connect(
                herdClient,
                i -> member(others.userId(i)),
                (i, connection) -> members.get(first + i).connected(connection));
        // Signed in advance, so that signing does not delay the herd.
        for (int i = 1; i < writtenShape.users(); i += 2) {
            comingBack.tokenFor(some.userId(i));
        }
        for (int i = 0; i < herd.clients() - herd.written(); i++) {
            comingBack.tokenFor(others.userId(i));
        }
    }

    private HerdUser member(String userId) {
        HerdUser member = new HerdUser(written, checker.observer(userId), meter);
        members.add(member);
        return member;
    }

    private HerdResult measure(ChatClient herdClient) throws InterruptedException {
        Map<Lane, Double> rates = new LinkedHashMap<>();
        rates.put(pairs, herd.rate());
        rates.put(written, herd.writtenRate());
        Map<Lane, StepResult> before = driver.step(rates, settings.warmup());
        Map<Lane, StepResult> meanwhile = driver.step(rates, Duration.ZERO, herd.within(), new Driver.Happening() {
            private long untilNanos;

            @Override
            public void begin(long nowNanos) {
                untilNanos = nowNanos + MEANWHILE_MIN.toNanos();
                throwOff(herdClient);
            }

            @Override
            public boolean isOver(long nowNanos) {
                return nowNanos - untilNanos >= 0 && meter.allBack();
            }
        });
        HerdResult.Return comeback = meter.result();
        Map<Lane, StepResult> after = driver.step(rates, settings.settle());
        return new HerdResult(
                herd.clients(),
                comeback,
                of(before, pairs),
                of(meanwhile, pairs),
                of(after, pairs),
                of(meanwhile, written),
                checker.report(),
                pairs.unanswered() + written.unanswered(),
                notices.counts());
    }

    private void throwOff(ChatClient herdClient) {
        herdClient.dropPace();
        thrown = true;
        meter.thrown(System.nanoTime());
        members.forEach(HerdUser::throwOff);
    }

    private static StepResult of(Map<Lane, StepResult> results, Lane lane) {
        StepResult result = results.get(lane);
        if (result == null) {
            throw new IllegalStateException("a step without a result for one of its lanes");
        }
        return result;
    }
}
