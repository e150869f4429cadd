package chat.milena.runtime.time;

import java.time.Duration;

/// Ends windows of time. Implementations are safe for all threads.
@FunctionalInterface
public interface WindowTimer {

    /// Runs a short action when the window is over; never, if the timer has been closed by then.
    void after(Duration window, Runnable end);
}
