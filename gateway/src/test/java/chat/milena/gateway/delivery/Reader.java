package chat.milena.gateway.delivery;

import chat.milena.gateway.session.ClientSocket;
import chat.milena.protocol.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A socket whose client reads everything at once.
public final class Reader implements ClientSocket {
    private final List<String> frames = new ArrayList<>();
    private final List<ByteBuffer> buffers = new ArrayList<>();

    /// The texts that came.
    public List<String> frames() {
        return frames;
    }

    /// The same as they were handed over.
    List<ByteBuffer> buffers() {
        return buffers;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void executeBurst(Runnable burst) {
        burst.run();
    }

    @Override
    public void write(List<ByteBuffer> texts, Runnable flushed) {
        buffers.addAll(texts);
        texts.forEach(text ->
                frames.add(StandardCharsets.UTF_8.decode(text.duplicate()).toString()));
        flushed.run();
    }

    @Override
    public void pong(ByteBuffer payload, Runnable flushed) {}

    @Override
    public void close(CloseCode code) {}

    @Override
    public void cutSoon() {}
}
