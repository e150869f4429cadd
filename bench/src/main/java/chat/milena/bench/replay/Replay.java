package chat.milena.bench.replay;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.check.Observer;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.Outgoing;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Plays transcripts into groups, all in parallel, through one connection a person, and checks all frames that
/// each of them received.
///
/// It survives restarts of the server: people reconnect and resend unacked lines. It stops if a person has no
/// connection for [ReplayOptions#giveUpAfter()], or if nothing is answered for that time and a minute.
public final class Replay {
    private static final long TICK_MILLIS = 2;
    private static final Duration RESEND_AFTER = Duration.ofSeconds(20);
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration TAIL_MAX = Duration.ofMinutes(5);
    private static final Duration ANSWER_PATIENCE = Duration.ofMinutes(1);
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final ReplayOptions options;
    private final Progress progress;
    private final Checker checker = new Checker();
    private final Notices notices = new Notices();
    private final Latencies delivery = new Latencies();
    private final Latencies ack = new Latencies();
    private final MessageIds ids = new MessageIds(UUID.randomUUID());
    private final Notices refused = new Notices();
    private final Semaphore unbounded = new Semaphore(Integer.MAX_VALUE);
    private final ReplayTimes times;
    private final long lines;
    private volatile List<GroupPlayer> players = List.of();
    private volatile List<Churn> churns = List.of();
    private volatile long lastSeenNanos;
    private volatile @Nullable String stopped;
    private volatile boolean over;
    private volatile @Nullable FoldSyncs syncs;
    private @Nullable AckLog ackLog;
    private @Nullable AckReaders readers;
    private int firstToPlay;
    private long toldNanos = System.nanoTime();

    private Replay(ReplayOptions options, Progress progress, ReplayTimes times) {
        this.options = options;
        this.times = times;
        this.progress = progress;
        this.lines = options.transcripts().stream()
                .mapToLong(transcript -> transcript.lines().size())
                .sum();
    }

    /// Runs a replay to its end, or until it cannot continue. An interruption also ends it, clears the interrupted
    /// flag of the thread, and returns the result so far.
    public static ReplayResult run(ReplayOptions options, Clock clock, Progress progress) throws InterruptedException {
        return run(options, clock, progress, (due, acked) -> {});
    }

    /// The same, and notifies of the times of acks and of people who come back.
    public static ReplayResult run(ReplayOptions options, Clock clock, Progress progress, ReplayTimes times)
            throws InterruptedException {
        ClientOptions clientOptions = ClientOptions.of(options.server())
                .withEventLoopThreads(options.sending().eventLoopThreads())
                .withConnectsPerSecond(options.sending().connectsPerSecond())
                .withInFlightMax(Math.max(options.sending().window(), 64))
                .withReconnect(options.sending().reconnect(), options.giveUpAfter())
                .withRetryRefusedFor(options.giveUpAfter())
                .withResendAfter(RESEND_AFTER);
        Replay replay = new Replay(options, progress, times);
        RestClient.requireServer(options.server(), FIRST_PATIENCE);
        try (FoldSyncs syncs = new FoldSyncs(options);
                ChatClient client = new ChatClient(clientOptions, options.tokens(), clock);
                RestClient rest = new RestClient(options.server(), options.tokens(), options.giveUpAfter());
                AckReaders readers = AckReaders.of(options);
                AckLog ackLog = AckLog.of(options.checks().acks())) {
            replay.syncs = syncs;
            replay.ackLog = ackLog;
            replay.readers = readers;
            Cast cast = new Cast(replay, options, progress);
            cast.connect(client, replay.checker);
            replay.players = cast.createGroups(rest, replay.ids);
            cast.expectLarge(replay.players, replay.checker);
            cast.mutate(replay.players, replay.ids, replay.lines);
            if (readers != null) {
                readers.choose(cast.steady(replay.players));
            }
            replay.churns = cast.churns(replay.players, rest, replay.notices, replay::stop);
            ReplayResult result = replay.playWithChurn(cast);
            replay.over = true;
            return result;
        }
    }

    private ReplayResult playWithChurn(Cast cast) {
        try (ExecutorService movers = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                return play(cast, movers);
            } finally {
                // Wakes the threads that wait for a line that will never be sent, so that closing does not wait
                // for them.
                movers.shutdownNow();
            }
        }
    }

    private ReplayResult play(Cast cast, ExecutorService movers) {
        MachineUse.Reading reading = MachineUse.start(null);
        long startNanos = System.nanoTime();
        lastSeenNanos = startNanos;
        players.forEach(player -> player.begin(startNanos));
        churns.forEach(movers::execute);
        try {
            awaitDone();
            awaitTail();
        } catch (InterruptedException e) {
            stop("interrupted");
        }
        double seconds = (lastSeenNanos - startNanos) / 1e9;
        MachineUse machine = reading.untilNow();
        verify();
        ReplayResult.MutationCount mutations = readFolds(cast);
        progress.end();
        return result(cast.people(), seconds, machine, mutations);
    }

    private ReplayResult.@Nullable MutationCount readFolds(Cast cast) {
        if (options.checks().mutating() == null || stopped != null) {
            return null;
        }
        try {
            awaitDone();
            progress.print("reading all histories");
            return new ReplayResult.MutationCount(
                    mutations(Outgoing.Edit.class),
                    mutations(Outgoing.Deletion.class),
                    mutations(Outgoing.Reaction.class),
                    mutations(Outgoing.Message.class),
                    sumOfMutators(Mutator::late),
                    FoldReaders.read(options, cast.folds(players, checker), syncs == null ? 0 : syncs.done()));
        } catch (InterruptedException e) {
            stop("interrupted");
            return null;
        }
    }

    private long mutations(Class<? extends Outgoing> kind) {
        return sumOfMutators(mutator -> mutator.count(kind));
    }

    private long sumOfMutators(ToLongFunction<Mutator> count) {
        return players.stream()
                .map(GroupPlayer::mutator)
                .filter(Objects::nonNull)
                .mapToLong(count)
                .sum();
    }

    /// A person's connection has lost frames.
    void mustSync(String userId, Observer observer) {
        FoldSyncs all = syncs;
        if (all != null && options.checks().mutating() != null && !over) {
            all.begin(userId, observer);
        }
    }

    private void verify() {
        if (!options.checks().verifyByResend() || stopped != null) {
            return;
        }
        progress.print("sending all acked lines again");
        players.forEach(GroupPlayer::verify);
        try {
            awaitDone();
        } catch (InterruptedException e) {
            stop("interrupted");
        }
    }

    private ReplayResult result(
            int people, double seconds, MachineUse machine, ReplayResult.@Nullable MutationCount mutations) {
        return new ReplayResult(
                players.size(),
                people,
                lines,
                sum(GroupPlayer::sent),
                sum(GroupPlayer::acked),
                refused.counts(),
                sum(GroupPlayer::unsaid),
                expectedDeliveries(),
                checker.report(),
                delivery.summary(),
                ack.summary(),
                seconds,
                sum(GroupPlayer::resends),
                sum(GroupPlayer::wrongResends),
                new ReplayResult.ChurnCount(
                        churns.stream().mapToLong(Churn::leaves).sum(),
                        churns.stream().mapToLong(Churn::joins).sum(),
                        churns.stream().mapToLong(Churn::refused).sum()),
                mutations,
                readers == null ? null : readers.report(),
                machine,
                stopped,
                notices.counts());
    }

    private long expectedDeliveries() {
        return options.checks().churning() == null ? sum(player -> player.said() * player.others()) : -1;
    }

    private void awaitDone() throws InterruptedException {
        long patience = options.giveUpAfter().plus(ANSWER_PATIENCE).toNanos();
        long answered = -1;
        long answeredNanos = System.nanoTime();
        while (stopped == null
                && !(players.stream().allMatch(GroupPlayer::done)
                        && (readers == null || readers.idle())
                        && (syncs == null || syncs.idle())
                        && churns.stream().allMatch(Churn::done))) {
            long now = System.nanoTime();
            playAll(now);
            long answeredNow = sum(GroupPlayer::answered) + sumOfMutators(Mutator::answered);
            if (answeredNow != answered || sum(GroupPlayer::inFlight) + sumOfMutators(Mutator::inFlight) == 0) {
                answered = answeredNow;
                answeredNanos = now;
            } else if (now - answeredNanos > patience) {
                stop("no send was answered for " + patience / SECOND_NANOS + " s");
            }
            printProgress();
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        }
    }

    /// Begins at another player each time, so that the first ones do not take all the room.
    private void playAll(long nowNanos) {
        List<GroupPlayer> all = players;
        for (int i = 0; i < all.size(); i++) {
            all.get((firstToPlay + i) % all.size()).play(nowNanos);
        }
        firstToPlay = (firstToPlay + 1) % all.size();
    }

    /// Waits until no frame is missing, or until no frame has arrived for a while.
    private void awaitTail() throws InterruptedException {
        long giveUpNanos = System.nanoTime() + TAIL_MAX.toNanos();
        BooleanSupplier quiet =
                () -> System.nanoTime() - lastSeenNanos > options.tailQuiet().toNanos();
        while (stopped == null
                && System.nanoTime() - giveUpNanos < 0
                && !quiet.getAsBoolean()
                && checker.behind() > 0) {
            printProgress();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void printProgress() {
        long now = System.nanoTime();
        if (now - toldNanos < SECOND_NANOS) {
            return;
        }
        toldNanos = now;
        long expected = expectedDeliveries();
        progress.print("sent " + Table.count(sum(GroupPlayer::sent)) + " of " + Table.count(lines) + ", acked "
                + Table.count(sum(GroupPlayer::acked)) + ", delivered " + Table.count(checker.deliveries())
                + (expected < 0 ? "" : " of " + Table.count(expected))
                + (readers == null ? "" : ", read after " + Table.count(readers.verified())));
    }

    void acked(SentMessage sent, ServerFrame.MessageAck frame) {
        long now = System.nanoTime();
        Mutator mutator = mutatorOf(sent.tag());
        if (mutator != null) {
            mutator.acked(sent.what(), frame);
            lastSeenNanos = now;
            return;
        }
        GroupPlayer player = playerOf(sent.tag());
        if (player == null) {
            return;
        }
        if (player.acked(sent.tag(), frame)) {
            ack.record(now - player.startedNanos(sent.tag()));
            times.acked(player.startedNanos(sent.tag()), now);
            lastSeenNanos = now;
            if (ackLog != null) {
                ackLog.acked(frame);
            }
            if (readers == null) {
                room().release();
            } else {
                readers.acked(player.speakerOf(sent.tag()), frame);
            }
        }
        player.play(now);
    }

    ReplayTimes times() {
        return times;
    }

    void delivered(String messageId) {
        GroupPlayer player = playerOf(ids.indexOf(messageId));
        if (player != null) {
            long now = System.nanoTime();
            delivery.record(now - player.startedNanos(ids.indexOf(messageId)));
            lastSeenNanos = now;
        }
    }

    void refused(SentMessage sent, ServerFrame.Refusal refusal) {
        if (over) {
            return;
        }
        Mutator mutator = mutatorOf(sent.tag());
        GroupPlayer player = playerOf(sent.tag());
        boolean counts = mutator == null
                ? player == null || player.refused(sent.tag(), refusal.code())
                : mutator.refused(refusal.code());
        if (counts) {
            refused.add(refusal.code());
        }
    }

    void lostForGood(String userId, CloseReason reason) {
        if (!over) {
            stop(userId + " lost the connection for good: " + reason);
        }
    }

    /// Stops the replay at this point; only the first reason is reported.
    private synchronized void stop(String reason) {
        if (stopped == null) {
            stopped = reason;
        }
    }

    Notices notices() {
        return notices;
    }

    /// A permit for each line between its hand-over and the end of its reads; unlimited if there are no reads.
    Semaphore room() {
        return readers == null ? unbounded : readers.room();
    }

    private @Nullable Mutator mutatorOf(long tag) {
        GroupPlayer player = tag < lines ? null : playerOf(tag - lines);
        return player == null ? null : player.mutator();
    }

    /// Players are in the order of their first index.
    private @Nullable GroupPlayer playerOf(long index) {
        List<GroupPlayer> all = players;
        int low = 0;
        int high = all.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            GroupPlayer player = all.get(middle);
            if (player.holds(index)) {
                return player;
            }
            if (player.firstIndex() < index) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    private long sum(ToLongFunction<GroupPlayer> count) {
        return players.stream().mapToLong(count).sum();
    }
}
