package chat.milena.runtime.lifecycle;

import java.time.Duration;

/// A part of a process that is started once and stopped once.
public interface Component {
    /// The name that operators see.
    String name();

    /// Returns when the component does its work. A start that fails cleans up after itself: the component is not
    /// stopped.
    void start() throws Exception;

    /// Returns when the component has stopped completely, before `within` if it can.
    void stop(Duration within) throws Exception;
}
