package chat.milena.gateway.edge;

import chat.milena.gateway.FakeSocket;
import chat.milena.gateway.session.ClientSocket;

/// The fake of other tests keeps the contract of sockets.
class FakeSocketTest extends ClientSocketContract {
    private final FakeSocket socket = new FakeSocket();

    @Override
    ClientSocket socket() {
        return socket;
    }

    @Override
    void work() {
        socket.run();
    }

    @Override
    String readTo(String text) {
        socket.read();
        return String.join("", socket.written);
    }

    @Override
    void stopReading() {
        socket.reading = false;
    }

    @Override
    void vanish() {
        socket.read();
    }

    @Override
    String readToEnd() {
        socket.read();
        return String.join("", socket.written);
    }

    @Override
    int closes(String read) {
        return socket.closed == null ? 0 : 1;
    }
}
