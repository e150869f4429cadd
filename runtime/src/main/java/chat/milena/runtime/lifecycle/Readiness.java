package chat.milena.runtime.lifecycle;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Which components of this process can do their work; the source of `/readyz`. Safe for all threads.
///
/// The process is ready if it has at least one component and all of them are ready. A component counts from its
/// first [#set], so the code that starts a process first sets all of them to not ready, and the process as a whole
/// as [#START].
public final class Readiness {
    /// The process as a whole: ready from the end of its start until its stop begins.
    public static final String START = "start";

    /// Set to not ready when the process is about to stop: it finishes what it has and should get nothing new.
    public static final String LEAVING = "leaving";

    private final Map<String, State> states = new TreeMap<>();

    /// Sets the state of a component. The last call counts.
    ///
    /// @param reason why it is not ready, for an operator; ignored if it is
    public synchronized void set(String component, boolean ready, String reason) {
        states.put(component, new State(ready, ready ? "ready" : reason));
        notifyAll();
    }

    /// A component works without something optional; the process stays ready.
    ///
    /// @param lacking what is missing, for an operator
    public synchronized void degraded(String component, String lacking) {
        states.put(component, new State(true, lacking));
        notifyAll();
    }

    /// Removes a component from this process.
    public synchronized void forget(String component) {
        states.remove(component);
        notifyAll();
    }

    /// Whether all components are ready.
    public synchronized boolean ready() {
        return !states.isEmpty() && states.values().stream().allMatch(State::ready);
    }

    /// Whether the process has started and its stop has not begun. Components may be unready in between, and the
    /// process still serves.
    public synchronized boolean started() {
        State start = states.get(START);
        return start != null && start.ready();
    }

    /// Whether the process is about to stop.
    public synchronized boolean leaving() {
        return states.containsKey(LEAVING);
    }

    /// One line a component: its name, and `ready`, the reason why not, or what it lacks.
    public synchronized String describe() {
        return states.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue().word())
                .collect(Collectors.joining("\n"));
    }

    /// Waits until all components are ready.
    ///
    /// @return false if the time ran out first
    public synchronized boolean await(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (!ready()) {
            long leftMillis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }

    private record State(boolean ready, String word) {}
}
