package chat.milena.runtime.lifecycle;

import java.time.Duration;

/// A part of a process that is started once and stopped once.
public interface Component {
    /// What operators know it by.
    String name();

    /// Returns when the component does its work. A start that fails has cleaned up behind it: it is not stopped.
    void start() throws Exception;

    /// Returns when nothing of it runs any longer, sooner than `within` if it can.
    void stop(Duration within) throws Exception;
}
