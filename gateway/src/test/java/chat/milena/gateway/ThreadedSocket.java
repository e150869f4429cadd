package chat.milena.gateway;

import chat.milena.gateway.session.ClientSocket;
import chat.milena.protocol.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// A socket on an I/O thread of its own test, written to by any, whose client reads everything at once.
public final class ThreadedSocket implements ClientSocket {
    private final ExecutorService io;
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    /// @param io one thread
    public ThreadedSocket(ExecutorService io) {
        this.io = io;
    }

    /// The next frame's text.
    public String next() throws InterruptedException {
        String frame = frames.poll(30, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame came");
        }
        return frame;
    }

    @Override
    public void execute(Runnable task) {
        try {
            io.execute(task);
        } catch (RejectedExecutionException e) {
            // The test is over.
        }
    }

    @Override
    public void executeBurst(Runnable burst) {
        burst.run();
    }

    @Override
    public void write(List<ByteBuffer> texts, Runnable flushed) {
        for (ByteBuffer text : texts) {
            frames.add(StandardCharsets.UTF_8.decode(text).toString());
        }
        flushed.run();
    }

    @Override
    public void pong(ByteBuffer payload, Runnable flushed) {}

    @Override
    public void close(CloseCode code) {
        frames.add("{\"type\":\"closed " + code + "\"}");
    }

    @Override
    public void cutSoon() {}
}
