package chat.milena.bench.idle;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.ServerMemory;
import chat.milena.bench.report.Table;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Opens many connections, each of its own user, holds them, and reports their cost.
public final class Idle {
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);
    private static final int OTHER_FILES = 200;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final IdleSettings settings;
    private final Progress progress;
    private final IdleMeter meter = new IdleMeter();
    private long toldNanos = System.nanoTime();

    private Idle(IdleSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Runs from the server at rest to the end of the hold.
    public static IdleResult run(IdleSettings settings, Clock clock, Progress progress) throws InterruptedException {
        RestClient.requireServer(settings.server(), ANSWER_PATIENCE);
        requireFiles(settings.connections());
        Idle idle = new Idle(settings, progress);
        try (IdleCrowd crowd = new IdleCrowd(settings, clock, idle.meter)) {
            IdleResult result = idle.run(crowd);
            progress.end();
            return result;
        }
    }

    /// With too few file descriptors the harness would look like a server that refuses connections.
    private static void requireFiles(int connections) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
            if (free < connections + (long) OTHER_FILES) {
                throw new UsageFailure(Table.count(connections) + " connections need as many file descriptors and "
                        + OTHER_FILES + " more; this process may open " + Table.count(free)
                        + ": raise that with `ulimit -n`");
            }
        }
    }

    private IdleResult run(IdleCrowd crowd) throws InterruptedException {
        progress.print("the server at rest");
        ServerMemory before = settings.serverPid() == null ? null : ServerMemory.read(settings.serverPid());
        MachineUse.Reading resting = MachineUse.start(settings.serverPid());
        TimeUnit.NANOSECONDS.sleep(settings.rest().toNanos());
        MachineUse atRest = resting.untilNow();

        turn(crowd, "connecting", settings.connectWithin(), crowd::settled);
        crowd.stopConnecting();
        long made = crowd.everConnected();
        double connectSeconds = crowd.connectSeconds();
        ServerMemory connected = memory(crowd);

        meter.resetBeats();
        long startNanos = System.nanoTime();
        MachineUse.Reading holding = MachineUse.start(settings.serverPid());
        turn(crowd, "holding", settings.hold(), () -> false);
        MachineUse atHold = holding.untilNow();
        double holdSeconds = (System.nanoTime() - startNanos) / 1e9;
        crowd.stopBeating();
        turn(crowd, "last heartbeats", ANSWER_PATIENCE, () -> crowd.beating() == 0);
        ServerMemory held = memory(crowd);

        return new IdleResult(
                settings.connections(),
                made,
                connectSeconds,
                meter.connecting(),
                meter.refused(),
                meter.lost(),
                before == null || connected == null || held == null
                        ? null
                        : IdleResult.Memory.of(before, connected, held, crowd.connected()),
                holdSeconds,
                meter.beatsSent(),
                meter.beatsUnanswered() + crowd.beating(),
                meter.beats(),
                atRest,
                atHold);
    }

    private void turn(IdleCrowd crowd, String phase, Duration atMost, BooleanSupplier over)
            throws InterruptedException {
        long startNanos = System.nanoTime();
        long now = startNanos;
        while (now - startNanos < atMost.toNanos() && !over.getAsBoolean()) {
            crowd.turn();
            now = System.nanoTime();
            if (now - toldNanos > SECOND_NANOS) {
                toldNanos = now;
                progress.print(phase + ": connected " + Table.count(crowd.connected()) + " of "
                        + Table.count(settings.connections()) + ", lost " + Table.count(meter.lostCount())
                        + ", heartbeats answered " + Table.count(meter.beatsAnswered()));
            }
        }
    }

    /// Reads the memory while the connections continue.
    private @Nullable ServerMemory memory(IdleCrowd crowd) throws InterruptedException {
        Long pid = settings.serverPid();
        if (pid == null) {
            return null;
        }
        CompletableFuture<ServerMemory> reading = new CompletableFuture<>();
        Thread reader = Thread.startVirtualThread(() -> {
            try {
                reading.complete(ServerMemory.read(pid));
            } catch (InterruptedException | RuntimeException e) {
                reading.completeExceptionally(e);
            }
        });
        try {
            while (!reading.isDone()) {
                crowd.turn();
            }
            return reading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UsageFailure known ? known : e;
        } finally {
            reader.interrupt();
        }
    }
}
