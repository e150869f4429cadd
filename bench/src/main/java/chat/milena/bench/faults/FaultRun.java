package chat.milena.bench.faults;

import chat.milena.bench.call.TokenMinter;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.Cluster;
import chat.milena.bench.cluster.ServerPrograms;
import chat.milena.bench.replay.Replay;
import chat.milena.bench.replay.ReplayOptions;
import chat.milena.bench.replay.ReplayResult;
import chat.milena.bench.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// One fault of a running cluster, under load. Afterwards the cluster is whole again.
public final class FaultRun {
    private static final Duration TOKENS = Duration.ofHours(6);
    private static final Duration EACH_SERVICE = Duration.ofSeconds(15);
    private static final Duration EACH_BROKER = Duration.ofSeconds(20);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration STOPPED = Duration.ofMillis(200);
    private static final Duration AWAKE = Duration.ofMillis(50);
    /// What moderation finds in the talk: one message in a hundred.
    private static final String RULES = """
            {"rules": [{"name": "round", "kind": "pattern", "pattern": "^line [0-9]*50$", "action": "flag"}]}""";

    private final Cluster cluster;
    private final FaultSettings settings;
    private final Progress progress;
    private final TokenSource tokens;

    public FaultRun(Cluster cluster, FaultSettings settings, Progress progress) {
        this.cluster = cluster;
        this.settings = settings;
        this.progress = progress;
        this.tokens = TokenMinter.fromFile(cluster.operatorSecret(), Clock.systemUTC())
                .forTenant("default", TOKENS);
    }

    /// Talks for a while, so that new processes have compiled what they use most. From now on moderation flags one
    /// message in a hundred.
    public void warmUp(Duration time) throws IOException, InterruptedException {
        Path rules = Files.writeString(cluster.folder().resolve("rules.json"), RULES);
        ChildProcess put = cluster.run("moderation", List.of("moderation", "rules", "put", rules.toString()), Map.of());
        if (put.exitCode() != 0) {
            throw new IOException("the rules of moderation were not put: " + put.lines());
        }
        Replay.run(FaultLoad.of(cluster.url(), tokens, settings, time, 0), Clock.systemUTC(), progress);
    }

    /// Runs to the end of the load.
    public FaultResult run(Fault fault) throws IOException, InterruptedException {
        Timeline timeline = new Timeline();
        Duration away = fault.isRolling() ? rolling(fault) : settings.during();
        Duration talk = settings.warmup()
                .plus(settings.before())
                .plus(away)
                .plus(settings.starts())
                .plus(settings.back())
                .plus(settings.after());
        ReplayOptions load = FaultLoad.of(
                cluster.url(),
                tokens,
                settings,
                talk,
                ThreadLocalRandom.current().nextInt(1_000_000));
        try (ReadProbe reads = new ReadProbe(cluster.url(), tokens);
                ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<ReplayResult> replay = beside.submit(() -> Replay.run(load, Clock.systemUTC(), progress, timeline));
            while (timeline.count() == 0 && !replay.isDone()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            long startNanos = System.nanoTime();
            pause(settings.warmup());
            long beforeNanos = System.nanoTime();
            pause(settings.before());
            long faultNanos = System.nanoTime();
            happen(fault);
            Map<String, String> ended = new HashMap<>(cluster.relaunchEnded());
            cluster.awaitServing(cluster.running());
            pause(settings.back());
            long backNanos = System.nanoTime();
            ReplayResult result = get(replay);
            ended.putAll(cluster.relaunchEnded());
            cluster.awaitServing(cluster.running());
            // Nothing is due after the last line, unless an earlier one is still without its ack.
            long talkedNanos = Math.max(startNanos + talk.toNanos(), timeline.lastNanos());
            long endNanos = Math.min(backNanos + settings.after().toNanos(), talkedNanos);
            return new FaultResult(
                    fault.name(),
                    result,
                    ended,
                    timeline.latencies(faultNanos, faultNanos + FIRST.toNanos()).maxMs() / 1000,
                    timeline.longestAway(faultNanos, endNanos),
                    timeline.longestGap(faultNanos, endNanos),
                    timeline.latencies(faultNanos, endNanos).maxMs() / 1000,
                    reads.longestGap(faultNanos, endNanos),
                    reads.failures(faultNanos, endNanos),
                    reads.stale(),
                    timeline.p99Ms(beforeNanos, faultNanos),
                    timeline.p99Ms(faultNanos, backNanos),
                    timeline.p99Ms(backNanos, endNanos));
        }
    }

    private static Duration rolling(Fault fault) {
        long brokers = fault.members().stream()
                .filter(name -> name.startsWith("broker"))
                .count();
        return EACH_BROKER
                .multipliedBy(brokers)
                .plus(EACH_SERVICE.multipliedBy(fault.members().size() - brokers));
    }

    private static ReplayResult get(Future<ReplayResult> replay) throws InterruptedException {
        try {
            return replay.get();
        } catch (ExecutionException | CancellationException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }

    private void happen(Fault fault) throws IOException, InterruptedException {
        List<String> members = fault.members().stream().map(this::member).toList();
        switch (fault.kind()) {
            case KILL -> away(members, cluster::kill9, cluster::launch);
            case FREEZE -> away(members, this::freeze, this::thaw);
            case STUTTER -> {
                long endNanos = System.nanoTime() + settings.during().toNanos();
                while (System.nanoTime() - endNanos < 0) {
                    each(members, this::freeze);
                    pause(STOPPED);
                    each(members, this::thaw);
                    pause(AWAKE);
                }
            }
            case CUT -> away(members, cluster::cut, cluster::mend);
            case FILL ->
                away(
                        members,
                        member -> cluster.process(member).refuseWrites(),
                        member -> cluster.process(member).acceptWrites());
            case ROLL -> roll(members);
            case UPGRADE -> {
                cluster.use(ServerPrograms.ofThisProcess());
                roll(members);
            }
        }
    }

    /// What happens to one member.
    private interface Happening {
        void to(String member) throws IOException, InterruptedException;
    }

    private void away(List<String> members, Happening begin, Happening end) throws IOException, InterruptedException {
        each(members, begin);
        pause(settings.during());
        each(members, end);
    }

    private static void each(List<String> members, Happening happening) throws IOException, InterruptedException {
        for (String member : members) {
            happening.to(member);
        }
    }

    private void freeze(String member) throws IOException, InterruptedException {
        cluster.process(member).freeze();
    }

    private void thaw(String member) throws IOException, InterruptedException {
        cluster.process(member).thaw();
    }

    private void roll(List<String> members) throws IOException, InterruptedException {
        for (String member : members) {
            long nextNanos = System.nanoTime() + (member.startsWith("broker") ? EACH_BROKER : EACH_SERVICE).toNanos();
            int code = cluster.stop(member);
            // Kafka's own program ends with the number of the signal.
            if (code != 0 && !member.startsWith("broker")) {
                throw new UsageFailure(member + " ended with " + code + " when it was asked to end");
            }
            cluster.launch(member);
            cluster.awaitServing(List.of(member));
            pause(Duration.ofNanos(Math.max(0, nextNanos - System.nanoTime())));
        }
    }

    private String member(String name) {
        String controller = cluster.controller();
        return switch (name) {
            case Fault.CONTROLLER -> controller;
            case Fault.BROKER -> controller.equals("broker-1") ? "broker-2" : "broker-1";
            default -> name;
        };
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
