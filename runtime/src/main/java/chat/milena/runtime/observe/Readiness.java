package chat.milena.runtime.observe;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Which components of this process can do their work; what `/readyz` answers from. Safe for all threads.
///
/// It is ready when it knows of a component and all of those it knows are ready. A component is known from its first
/// [#set], so whoever starts a process names all of them as not ready first, and the process as a whole as [#START].
public final class Readiness {
    /// The process as a whole: ready when all has started, until it begins to stop.
    public static final String START = "start";

    private final Map<String, State> states = new TreeMap<>();

    /// Says how a component is now. Its last word counts.
    ///
    /// @param reason why it is not ready, for an operator's eyes; ignored where it is
    public synchronized void set(String component, boolean ready, String reason) {
        states.put(component, new State(ready, ready ? "ready" : reason));
        notifyAll();
    }

    /// A component does its work without something that it can do without; that makes nothing unready.
    ///
    /// @param lacking what is missing, for an operator's eyes
    public synchronized void degraded(String component, String lacking) {
        states.put(component, new State(true, lacking));
        notifyAll();
    }

    /// A component is no longer part of this process.
    public synchronized void forget(String component) {
        states.remove(component);
        notifyAll();
    }

    /// Whether all components are ready.
    public synchronized boolean ready() {
        return !states.isEmpty() && states.values().stream().allMatch(State::ready);
    }

    /// Whether the process has started and does not stop yet. Components may be unready for a while in between, and it
    /// goes on serving.
    public synchronized boolean started() {
        State start = states.get(START);
        return start != null && start.ready();
    }

    /// One line a component: its name, and `ready`, or why not, or what it does without.
    public synchronized String describe() {
        return states.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue().word())
                .collect(Collectors.joining("\n"));
    }

    /// Waits until all components are ready.
    ///
    /// @return false if they still were not when the time was over
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
