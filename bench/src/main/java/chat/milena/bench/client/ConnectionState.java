package chat.milena.bench.client;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The states of a [Connection].
///
/// ```text
/// Down ──▶ Opening ──▶ Up ──▶ Closing ──▶ Closed
///   ▲         │         │                   ▲
///   └─────────┴─────────┴── for good ───────┘
/// ```
/// Timers of a socket end with its state.
sealed interface ConnectionState {

    /// The socket, if there is one.
    @Nullable
    Channel socket();

    /// No socket; an attempt may be scheduled.
    record Down() implements ConnectionState {
        Opening toOpening() {
            return new Opening(null);
        }

        @Override
        public @Nullable Channel socket() {
            return null;
        }
    }

    /// An attempt is in progress.
    ///
    /// @param socket null until it is connected
    record Opening(@Nullable Channel socket) implements ConnectionState {
        Opening toConnected(Channel connected) {
            return new Opening(connected);
        }

        Up toUp(Channel connected, List<ScheduledFuture<?>> timers) {
            return new Up(connected, timers);
        }
    }

    /// The server has sent `connected`.
    ///
    /// @param timers heartbeats and resends of this socket
    record Up(Channel socket, List<ScheduledFuture<?>> timers) implements ConnectionState {
        public Up {
            timers = List.copyOf(timers);
        }

        void stopTimers() {
            timers.forEach(timer -> timer.cancel(false));
        }
    }

    /// This side has sent its close frame.
    record Closing(Channel socket) implements ConnectionState {}

    /// It has ended for good.
    record Closed() implements ConnectionState {
        @Override
        public @Nullable Channel socket() {
            return null;
        }
    }
}
