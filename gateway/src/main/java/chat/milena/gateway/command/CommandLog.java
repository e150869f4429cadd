package chat.milena.gateway.command;

import chat.milena.schemas.avro.InboundCommand;
import java.time.Duration;

/// The log that commands are appended to. Implementations are safe for all threads and never block.
///
/// Commands of one conversation that one thread appends are in the log in that order, whatever the turn of each.
public interface CommandLog {

    /// Takes a command to append.
    ///
    /// @param failure called once, on any thread, if the command was not appended; in rare cases it was, so its
    /// sender may retry but not assume that it was not done
    /// @return false if there is no room, or no time; then nothing happens
    boolean append(InboundCommand command, When when, AppendFailure failure);

    /// Whether the disk has room for commands. Without room nothing is appended, and a retry is useless until an
    /// operator has made room.
    default boolean hasRoom() {
        return true;
    }

    /// When a command should be appended.
    ///
    /// @param after how long it waits for others, unless the log is closed
    /// @param within how long its sender waits from now on. It is not appended later, since the sender has been
    /// answered by then
    record When(Duration after, Duration within) {

        /// Whether its turn comes in time.
        boolean isPossible() {
            return after.isZero() || after.compareTo(within) < 0;
        }
    }

    /// Handles a command that was not appended.
    @FunctionalInterface
    interface AppendFailure {
        void failed(long commandId);
    }
}
