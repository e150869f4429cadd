package chat.milena.bench.load;

import chat.milena.bench.check.Checker;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.RestClient;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Users in twos who send each other messages on a fixed schedule, through sockets and REST as any client would.
///
/// The calling thread is the scheduler. A send that the bounded in-flight window of its connection has no room for, and
/// one that the server refuses, is counted as refused and not tried again: a load that waits is no open loop.
public final class PairsLoad {
    private static final int IN_FLIGHT_MAX = 1024;
    private static final int CREATING_IN_PARALLEL = 8;
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SETUP_PATIENCE = Duration.ofSeconds(60);

    private final PairsOptions options;
    private final Progress progress;
    private final Checker checker = new Checker();
    private final List<PairUser> users = new ArrayList<>();
    private final MessageIds ids = new MessageIds(UUID.randomUUID());
    private final LongAdder unanswered = new LongAdder();
    private final Notices notices = new Notices();
    private volatile StepMeter meter = new StepMeter(new Schedule(0, 1, 0), 0, 0);
    private long nextIndex;

    private PairsLoad(PairsOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /// Runs a load to its end.
    public static PairsResult run(PairsOptions options, Clock clock, Progress progress) throws InterruptedException {
        ClientOptions clientOptions = new ClientOptions(
                options.server(),
                options.eventLoopThreads(),
                options.connectsPerSecond(),
                IN_FLIGHT_MAX,
                true,
                Duration.ofSeconds(30),
                Duration.ZERO,
                Duration.ofSeconds(90));
        PairsLoad load = new PairsLoad(options, progress);
        RestClient.requireServer(options.server(), ANSWER_PATIENCE);
        try (ChatClient client = new ChatClient(clientOptions, options.tokens(), clock);
                RestClient rest = new RestClient(options.server(), options.tokens(), SETUP_PATIENCE)) {
            load.connect(client, rest);
            return load.runSteps();
        }
    }

    private void connect(ChatClient client, RestClient rest) throws InterruptedException {
        String run = UUID.randomUUID().toString().substring(0, 8);
        List<CompletableFuture<Connection>> opening = new ArrayList<>();
        for (int i = 0; i < options.users(); i++) {
            String userId = "pair-" + run + "-" + i;
            PairUser user = new PairUser(this, checker.observer(userId));
            users.add(user);
            opening.add(client.connect(userId, "bench", user));
        }
        progress.tell("connecting " + options.users() + " users");
        Duration patience = SETUP_PATIENCE.plusSeconds(options.users() / options.connectsPerSecond());
        for (int i = 0; i < opening.size(); i++) {
            users.get(i).connected(await(opening.get(i), patience));
        }
        progress.tell("creating " + options.users() / 2 + " conversations");
        try (ExecutorService creators = Executors.newFixedThreadPool(
                CREATING_IN_PARALLEL, Thread.ofVirtual().factory())) {
            List<Future<?>> creating = new ArrayList<>();
            for (int i = 0; i < options.users(); i += 2) {
                int first = i;
                String one = "pair-" + run + "-" + first;
                String other = "pair-" + run + "-" + (first + 1);
                creating.add(creators.submit(() -> {
                    String conversationId = rest.createDirect(one, other);
                    users.get(first).joins(conversationId);
                    users.get(first + 1).joins(conversationId);
                    return conversationId;
                }));
            }
            for (Future<?> one : creating) {
                await(one, patience);
            }
        }
    }

    private static <T> T await(Future<T> future, Duration patience) throws InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UsageFailure known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new UsageFailure("the server did not let all users in within " + patience.toSeconds() + " s");
        }
    }

    private PairsResult runSteps() throws InterruptedException {
        List<PairsResult.Step> steps = new ArrayList<>();
        List<RatePlan.Step> outcomes = new ArrayList<>();
        OptionalDouble rate = options.rates().next(outcomes);
        while (rate.isPresent()) {
            Duration unmeasured = steps.isEmpty() ? options.warmup() : options.settle();
            PairsResult.Step step = runStep(rate.getAsDouble(), unmeasured);
            steps.add(step);
            outcomes.add(new RatePlan.Step(step.rate(), step.holds(options.bound())));
            rate = options.rates().next(outcomes);
        }
        progress.end();
        return new PairsResult(
                options.users(),
                options.payloadBytes(),
                steps,
                checker.report(),
                unanswered.sum(),
                RatePlan.held(outcomes),
                notices.counts());
    }

    private PairsResult.Step runStep(double rate, Duration unmeasured) throws InterruptedException {
        long warm = (long) (rate * unmeasured.toMillis() / 1000);
        long count = warm + (long) Math.max(1, rate * options.duration().toMillis() / 1000);
        Schedule schedule = new Schedule(System.nanoTime(), rate, count);
        StepMeter running = new StepMeter(schedule, nextIndex, warm);
        meter = running;
        String text = "m".repeat(options.payloadBytes());
        MachineUse.Reading reading = MachineUse.start();
        long toldNanos = schedule.startNanos();
        long done = 0;
        while (done < count) {
            long now = System.nanoTime();
            long due = schedule.dueBy(now);
            while (done < due) {
                send(nextIndex++, text, running);
                if (++done == warm) {
                    reading = MachineUse.start();
                }
            }
            if (now - toldNanos > 1_000_000_000L) {
                toldNanos = now;
                progress.tell((done < warm ? "warm-up" : "measuring") + " at " + Table.count(Math.round(rate))
                        + "/s: sent " + Table.count(done) + " of " + Table.count(count) + ", unanswered "
                        + Table.count(unanswered.sum()));
            }
            if (done < count) {
                LockSupport.parkNanos(schedule.dueNanos(done) - System.nanoTime());
            }
        }
        MachineUse machine = reading.untilNow();
        awaitTail(running);
        return running.result(machine);
    }

    /// Sends go round the pairs, and change direction after each round.
    private void send(long index, String text, StepMeter running) {
        int pairs = options.users() / 2;
        int pair = (int) (index % pairs);
        int side = (int) (index / pairs % 2);
        running.sent(index);
        unanswered.increment();
        if (!users.get(2 * pair + side).trySend(ids.of(index), text, index)) {
            unanswered.decrement();
            running.refused(index, "IN_FLIGHT");
        }
    }

    private void awaitTail(StepMeter running) throws InterruptedException {
        long giveUp = System.nanoTime() + options.tail().toNanos();
        while (System.nanoTime() - giveUp < 0
                && !(unanswered.sum() == 0 && running.settled() && checker.behind() == 0)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    void acked(SentMessage sent, long nowNanos) {
        unanswered.decrement();
        meter.acked(sent.tag(), nowNanos, sent.firstWrittenNanos());
    }

    void delivered(String messageId, long nowNanos) {
        long index = ids.indexOf(messageId);
        if (index >= 0) {
            meter.delivered(index, nowNanos);
        }
    }

    void refused(SentMessage sent, String code) {
        unanswered.decrement();
        meter.refused(sent.tag(), code);
    }

    Notices notices() {
        return notices;
    }
}
