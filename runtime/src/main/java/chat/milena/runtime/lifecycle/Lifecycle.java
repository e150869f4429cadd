package chat.milena.runtime.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the components of a process in order and stops the started ones in reverse order, all within one bound.
/// Used once; start and stop may be called from different threads.
///
/// Later components use earlier ones, so each is stopped before those it depends on. A stop during a start waits
/// for the component that is starting and starts no further one: a component that is torn down half-started leaves
/// more behind than one that is stopped. A component that does not stop within its share of the bound is
/// abandoned, and the exit code says so.
public final class Lifecycle {
    /// The exit code after a clean stop.
    public static final int CLEAN = 0;

    /// The exit code after a component failed to stop, or did not stop in time.
    public static final int UNCLEAN = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    /// Shares of the bound, of which one is reserved for each component still to be stopped. With many components there
    /// are two for each, so that the first to stop has half of the bound.
    private static final int SHARES_MIN = 20;

    private final List<Component> components;
    private final Duration stopWithin;
    private final Deque<Component> started = new ArrayDeque<>();
    private final ReentrantLock moving = new ReentrantLock();
    private volatile boolean stopping;

    /// @param components in the order in which they start
    /// @param stopWithin how long stopping all of them may take
    public Lifecycle(List<Component> components, Duration stopWithin) {
        this.components = List.copyOf(components);
        this.stopWithin = stopWithin;
    }

    /// Starts all components or none: if one fails, those before it are stopped.
    ///
    /// @throws StartException if a component failed, or a stop was requested
    public void start() throws StartException {
        moving.lock();
        try {
            for (Component component : components) {
                if (stopping) {
                    throw new StartException("stopped before all was started", new CancellationException());
                }
                startOne(component);
            }
        } catch (StartException e) {
            stopStarted(deadline());
            throw e;
        } finally {
            moving.unlock();
        }
    }

    /// Ends a start in progress after the component that is starting. Returns immediately.
    public void cancelStart() {
        stopping = true;
    }

    /// Stops the started components, the last one first. Further calls find nothing to stop.
    ///
    /// @return [#CLEAN] or [#UNCLEAN]
    public int stop() {
        long deadline = deadline();
        cancelStart();
        boolean moved = false;
        try {
            moved = moving.tryLock(stopWithin.toNanos(), TimeUnit.NANOSECONDS);
            if (!moved) {
                LOG.warn("a component did not finish starting within {} ms", stopWithin.toMillis());
                return UNCLEAN;
            }
            return stopStarted(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNCLEAN;
        } finally {
            if (moved) {
                moving.unlock();
            }
        }
    }

    private void startOne(Component component) throws StartException {
        long begin = System.nanoTime();
        try {
            component.start();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new StartException(describe(e), e);
        }
        started.push(component);
        LOG.debug("{} started in {} ms", component.name(), millisSince(begin));
    }

    private int stopStarted(long deadline) {
        // The stop continues after an interrupted start. The flag would end each wait below immediately.
        boolean interrupted = Thread.interrupted();
        int exitCode = CLEAN;
        int shares = Math.max(SHARES_MIN, 2 * components.size());
        while (!started.isEmpty()) {
            Component component = started.pop();
            long keptBack = stopWithin.toNanos() / shares * started.size();
            long share = Math.max(0, deadline - System.nanoTime() - keptBack);
            if (!stopOne(component, Duration.ofNanos(share))) {
                exitCode = UNCLEAN;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return exitCode;
    }

    private static boolean stopOne(Component component, Duration within) {
        long begin = System.nanoTime();
        FutureTask<Void> stop = new FutureTask<>(() -> {
            component.stop(within);
            return null;
        });
        // A thread of its own: one that hangs can be abandoned, and as a daemon it does not keep the process
        // alive.
        Thread.ofPlatform().daemon().name("stop-" + component.name()).start(stop);
        try {
            stop.get(within.toNanos(), TimeUnit.NANOSECONDS);
            LOG.debug("{} stopped in {} ms", component.name(), millisSince(begin));
            return true;
        } catch (ExecutionException e) {
            LOG.warn("{} failed to stop", component.name(), e.getCause());
        } catch (TimeoutException e) {
            LOG.warn("{} did not stop within {} ms", component.name(), within.toMillis());
            stop.cancel(true);
        } catch (InterruptedException e) {
            LOG.warn("{} may still be stopping: interrupted", component.name());
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private long deadline() {
        return System.nanoTime() + stopWithin.toNanos();
    }

    private static String describe(Exception e) {
        String last = LastCause.text(e);
        String message = e.getMessage();
        // Some messages already contain their last cause, shortened.
        return message == null || e.getCause() == null || message.contains(last)
                ? Objects.requireNonNullElse(message, last)
                : message + " (" + last + ")";
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
