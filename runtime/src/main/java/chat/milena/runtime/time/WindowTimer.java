package chat.milena.runtime.time;

import java.time.Duration;

/// Ends windows of time. Implementations are safe for all threads.
@FunctionalInterface
public interface WindowTimer {

    /// Runs something short when the window is over; never, if time is no longer kept by then.
    void after(Duration window, Runnable end);
}
