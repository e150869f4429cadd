package chat.milena.bench.load;

import chat.milena.bench.check.Checker;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Progress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Drives lanes through steps, all lanes of a step together, on the calling thread.
public final class Driver {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long POLL_MILLIS = 20;

    private final LoadSettings settings;
    private final Checker checker;
    private final Progress progress;

    public Driver(LoadSettings settings, Checker checker, Progress progress) {
        this.settings = settings;
        this.checker = checker;
        this.progress = progress;
    }

    /// Waits until all users have received the creation of their conversations, at most as long as for a tail.
    public void awaitBeginning() throws InterruptedException {
        awaitCalm(List.of());
    }

    /// An action beside a measured time, on the driver's thread.
    public interface Happening {
        /// The measured time begins.
        default void begin(long nowNanos) {}

        /// Called repeatedly within the measured time; returns whether it ends early.
        boolean isOver(long nowNanos);
    }

    /// One step: each lane at its rate, first unmeasured, then measured, then until the outstanding messages
    /// arrive.
    public Map<Lane, StepResult> step(Map<Lane, Double> rates, Duration unmeasured) throws InterruptedException {
        return step(rates, unmeasured, settings.duration(), now -> false);
    }

    /// Like [#step(Map, Duration)], measured for the given time or until a happening is over.
    public Map<Lane, StepResult> step(
            Map<Lane, Double> rates, Duration unmeasured, Duration measured, Happening happening)
            throws InterruptedException {
        List<Lane> lanes = List.copyOf(rates.keySet());
        long startNanos = System.nanoTime();
        rates.forEach((lane, rate) -> lane.begin(startNanos, rate, unmeasured, measured));
        long measuredFromNanos = startNanos + unmeasured.toNanos();
        MachineUse.Reading reading = null;
        long toldNanos = startNanos;
        while (!lanes.stream().allMatch(Lane::allSent)) {
            long now = System.nanoTime();
            if (reading == null && now - measuredFromNanos >= 0) {
                reading = MachineUse.start(settings.serverPid());
                happening.begin(now);
            } else if (reading != null && happening.isOver(now)) {
                lanes.forEach(Lane::cut);
            }
            long nextNanos = now + SECOND_NANOS;
            for (Lane lane : lanes) {
                lane.sendDue(now);
                if (!lane.allSent() && lane.nextDueNanos() - nextNanos < 0) {
                    nextNanos = lane.nextDueNanos();
                }
            }
            if (now - toldNanos > SECOND_NANOS) {
                toldNanos = now;
                print(reading == null ? "warm-up" : "measuring", lanes);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            // Never later than the start of the measurement of the machine.
            if (reading == null && measuredFromNanos - nextNanos < 0) {
                nextNanos = measuredFromNanos;
            }
            if (!lanes.stream().allMatch(Lane::allSent)) {
                LockSupport.parkNanos(nextNanos - System.nanoTime());
            }
        }
        MachineUse machine = (reading == null ? MachineUse.start(settings.serverPid()) : reading).untilNow();
        awaitCalm(lanes);
        Map<Lane, StepResult> results = new LinkedHashMap<>();
        lanes.forEach(lane -> results.put(lane, lane.result(machine)));
        return results;
    }

    private void print(String phase, List<Lane> lanes) {
        progress.print(phase + " "
                + String.join("; ", lanes.stream().map(Lane::progress).toList()));
    }

    private void awaitCalm(List<Lane> lanes) throws InterruptedException {
        long giveUpNanos = System.nanoTime() + settings.tail().toNanos();
        while (System.nanoTime() - giveUpNanos < 0
                && !(lanes.stream().allMatch(Lane::settled) && checker.behind() == 0)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
