package chat.milena.gateway.inbound;

import chat.milena.schemas.avro.InboundCommand;
import java.time.Duration;

/// The log that commands are appended to. Implementations are safe for all threads and never block.
///
/// Commands of one conversation that one thread appends stand in the log in that order.
public interface CommandLog {

    /// Takes a command for appending.
    ///
    /// @param within how long its sender waits; not appended later, since they have been told so by then
    /// @param failure called once, on any thread, if the command turned out not to be appended; it may still
    ///     have been in rare cases, so its sender may try again but not take it for undone
    /// @return false if there is no room; nothing happens then
    boolean append(InboundCommand command, Duration within, AppendFailure failure);

    /// What to do when a command was not appended.
    @FunctionalInterface
    interface AppendFailure {
        void failed(long commandId);
    }
}
