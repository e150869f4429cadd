package chat.milena.bench.hostile;

import java.time.Duration;

/// The actions of one connection of a flood: its first bytes, further bytes, how much of the answers it reads, and
/// whether it stays.
///
/// @param opening the first bytes
/// @param upgrades whether `opening` asks for a WebSocket; then `more` waits for its `connected`
/// @param more the bytes after the opening, written at `pace`
/// @param readBytesMax answers are read up to here, then left unread
public record Script(Bytes opening, boolean upgrades, Bytes more, Pace pace, long readBytesMax, Ending ending) {
    private static final Bytes NOTHING = Bytes.same(new byte[0]);

    /// The bytes to write, by the number of the connection. Arrays may be shared and are never changed.
    interface Bytes {
        byte[] of(int connection);

        static Bytes same(byte[] bytes) {
            return connection -> bytes;
        }
    }

    /// When `more` is written.
    sealed interface Pace {
        record Never() implements Pace {}

        record Once() implements Pace {}

        /// Again whenever the socket has room.
        record AsTaken() implements Pace {}

        /// Again after each answer.
        record Answered() implements Pace {}

        record Every(Duration span) implements Pace {}
    }

    /// When a connection leaves. The next one replaces it.
    enum Ending {
        STAYS,
        LEAVES_ANSWERED,
        LEAVES_UNANSWERED
    }

    /// Writes once, reads all answers and stays.
    static Script opening(Bytes opening) {
        return new Script(opening, false, NOTHING, new Pace.Never(), Long.MAX_VALUE, Ending.STAYS);
    }

    /// Like [#opening(Bytes)], with the same bytes for each connection.
    static Script opening(byte[] opening) {
        return opening(Bytes.same(opening));
    }

    /// Sends a request, and sends it again after each answer.
    static Script asking(Bytes request) {
        return opening(request).then(request, new Pace.Answered());
    }

    /// Asks for a WebSocket, and stays.
    static Script upgrading(Bytes handshake) {
        return new Script(handshake, true, NOTHING, new Pace.Never(), Long.MAX_VALUE, Ending.STAYS);
    }

    Script then(Bytes next, Pace when) {
        return new Script(opening, upgrades, next, when, readBytesMax, ending);
    }

    Script then(byte[] next, Pace when) {
        return then(Bytes.same(next), when);
    }

    /// Reads nothing, except the beginning of a WebSocket.
    Script unread() {
        return new Script(opening, upgrades, more, pace, 0, ending);
    }

    Script leaving(Ending when) {
        return new Script(opening, upgrades, more, pace, readBytesMax, when);
    }
}
