package chat.milena.gateway.session;

import chat.milena.protocol.frame.CloseCode;
import org.jspecify.annotations.Nullable;

/// The state of an [Outbox]. Immutable.
///
/// ```
/// Gathering ──open──▶ Idle ⇄ Bursting
///     │                 │        │
///     └──────────── close, give up ─────▶ Closing ──all is written──▶ Closed
/// ```
/// The socket may be gone at any moment: the outbox is then closing, or closed if nothing is being written.
sealed interface OutboxState {

    /// Whether nothing that is sent from now on would be written.
    boolean isClosing();

    /// It is closed, or gives up; the first code counts.
    OutboxState toClosing(CloseCode with);

    /// Not open yet: frames wait.
    ///
    /// @param code to close with once it is open
    record Gathering(@Nullable CloseCode code) implements OutboxState {
        static final Gathering OPEN = new Gathering(null);

        @Override
        public boolean isClosing() {
            return code != null;
        }

        /// It is opened.
        ///
        /// @param hasFrames whether there is something to write
        OutboxState toOpened(boolean hasFrames) {
            if (code != null) {
                return new Closing(code, false);
            }
            return hasFrames ? Bursting.NOW : Idle.IDLE;
        }

        @Override
        public Gathering toClosing(CloseCode with) {
            return code == null ? new Gathering(with) : this;
        }
    }

    /// No frame waits.
    record Idle() implements OutboxState {
        static final Idle IDLE = new Idle();

        @Override
        public boolean isClosing() {
            return false;
        }

        /// A frame has come.
        Bursting toBursting() {
            return Bursting.NOW;
        }

        /// The close is written like a burst.
        @Override
        public Closing toClosing(CloseCode with) {
            return new Closing(with, false);
        }

        /// The socket is gone.
        Closed toClosed(CloseCode code) {
            return new Closed(code);
        }
    }

    /// A burst is in progress: it is due, or the socket has not taken it yet.
    sealed interface Writing extends OutboxState {
        /// Whether the burst waits for its slice.
        boolean inSlice();

        /// The burst is left to a slice.
        Writing toSlice();

        /// The burst is no longer left to a slice.
        Writing toNow();
    }

    /// A burst is in progress, and more frames may come.
    record Bursting(boolean inSlice) implements Writing {
        private static final Bursting NOW = new Bursting(false);
        private static final Bursting IN_SLICE = new Bursting(true);

        @Override
        public boolean isClosing() {
            return false;
        }

        @Override
        public Bursting toSlice() {
            return IN_SLICE;
        }

        @Override
        public Bursting toNow() {
            return NOW;
        }

        /// Everything is written.
        Idle toIdle() {
            return Idle.IDLE;
        }

        /// The waiting frames are the last to be written.
        @Override
        public Closing toClosing(CloseCode with) {
            return new Closing(with, inSlice);
        }
    }

    /// The waiting frames are still written, and then the close.
    record Closing(CloseCode code, boolean inSlice) implements Writing {
        @Override
        public boolean isClosing() {
            return true;
        }

        @Override
        public Closing toSlice() {
            return new Closing(code, true);
        }

        @Override
        public Closing toNow() {
            return new Closing(code, false);
        }

        @Override
        public Closing toClosing(CloseCode with) {
            return this;
        }

        /// Everything is written.
        Closed toClosed() {
            return new Closed(code);
        }
    }

    /// The end.
    record Closed(CloseCode code) implements OutboxState {
        @Override
        public boolean isClosing() {
            return true;
        }

        @Override
        public Closed toClosing(CloseCode with) {
            return this;
        }
    }
}
