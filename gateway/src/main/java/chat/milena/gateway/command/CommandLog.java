package chat.milena.gateway.command;

import chat.milena.schemas.avro.InboundCommand;
import java.time.Duration;

/// The log that commands are appended to. Implementations are safe for all threads and never block.
///
/// Commands of one conversation that one thread appends stand in the log in that order, whatever the turn of each.
public interface CommandLog {

    /// Takes a command for appending.
    ///
    /// @param failure called once, on any thread, if the command turned out not to be appended; it may still
    ///     have been in rare cases, so its sender may try again but not take it for undone
    /// @return false if there is no room, or no time; nothing happens then
    boolean append(InboundCommand command, When when, AppendFailure failure);

    /// Whether there is room on the disk for commands. While there is none, nothing is appended, and a retry makes no
    /// sense before an operator has made room.
    default boolean hasRoom() {
        return true;
    }

    /// When a command should be appended.
    ///
    /// @param after how long it gives way to others, unless the log is closed meanwhile
    /// @param within how long its sender waits from now on. It is not appended later: the sender has been answered
    ///     by then
    record When(Duration after, Duration within) {

        /// Whether its turn comes in time.
        boolean isPossible() {
            return after.isZero() || after.compareTo(within) < 0;
        }
    }

    /// What to do when a command was not appended.
    @FunctionalInterface
    interface AppendFailure {
        void failed(long commandId);
    }
}
