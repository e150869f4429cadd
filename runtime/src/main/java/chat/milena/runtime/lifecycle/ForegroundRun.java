package chat.milena.runtime.lifecycle;

import java.time.Duration;
import java.util.List;

/// One run of a process in the foreground: its components start, it waits for a stop signal, and they stop. Used
/// once.
public final class ForegroundRun {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);
    private static final int FAILED = 1;

    private final Lifecycle lifecycle;
    private final Readiness readiness;
    private final StopSignal stop;
    private final Duration notice;

    /// @param components in the order in which they start
    public ForegroundRun(List<Component> components, Readiness readiness, StopSignal stop) {
        this(components, readiness, stop, Duration.ZERO);
    }

    /// @param notice how long before its stop the process reports that it is not ready, so that proxies send
    /// nothing new to it
    public ForegroundRun(List<Component> components, Readiness readiness, StopSignal stop, Duration notice) {
        this.notice = notice;
        this.lifecycle = new Lifecycle(components, STOP_WITHIN);
        this.readiness = readiness;
        this.stop = stop;
    }

    /// Runs until a stop is requested.
    ///
    /// @param whenStarted called once everything has started
    /// @param whenAsked called as soon as a stop is requested, on a thread that must not block
    /// @return the exit code
    /// @throws StartException if a component could not start; all others are stopped again
    public int run(Runnable whenStarted, Runnable whenAsked) throws StartException, InterruptedException {
        stop.install(() -> {
            whenAsked.run();
            lifecycle.cancelStart();
        });
        readiness.set(Readiness.START, false, "starting");
        try {
            lifecycle.start();
        } catch (StartException e) {
            if (stop.wasAsked() && !stop.failed()) {
                return Lifecycle.CLEAN;
            }
            throw e;
        }
        readiness.set(Readiness.START, true, "");
        whenStarted.run();

        stop.await();
        if (!stop.failed() && notice.isPositive()) {
            readiness.set(Readiness.LEAVING, false, "about to stop");
            Thread.sleep(notice);
        }
        readiness.set(Readiness.START, false, "stopping");
        return Math.max(lifecycle.stop(), stop.failed() ? FAILED : Lifecycle.CLEAN);
    }
}
