package chat.milena.bench.scenario;

import chat.milena.bench.call.RawFrames;
import chat.milena.bench.call.RawReader;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A member whose socket is not read between [#connect] and [#drain], with the smallest buffer that the system
/// allows. It sends heartbeats, so that only its slowness can cause a close. For one thread.
///
/// The messages that it reads in the end must be complete, except for gaps that a `resync` announced. A number
/// that is missing between two messages without a `resync` before the second, or that arrives twice or late, is a
/// broken contract.
final class SlowReader implements AutoCloseable, RawReader.Sink {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECEIVE_BUFFER_BYTES = 4096;
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration QUIET_AT_THE_END = Duration.ofMillis(500);
    private static final Duration DRAIN_MAX = Duration.ofSeconds(60);

    private final URI server;
    private final TokenSource tokens;
    private final String userId;
    private final String conversationId;
    private final Clock clock;
    private final RandomGenerator random = new SplittableRandom();
    private final RawReader reader = new RawReader();
    private final Socket socket = new Socket();
    private final byte[] buffer = new byte[RECEIVE_BUFFER_BYTES];
    private boolean connected;
    private @Nullable String ended;
    private long received;
    private long lastNumber;
    private long missing;
    private long wrong;
    private long resyncs;
    private boolean resynced;

    SlowReader(URI server, TokenSource tokens, String userId, String conversationId, Clock clock) {
        this.server = server;
        this.tokens = tokens;
        this.userId = userId;
        this.conversationId = conversationId;
        this.clock = clock;
    }

    /// Connects and reads up to `connected`, and bytes that may have arrived together with it.
    void connect() {
        long giveUpNanos = System.nanoTime() + CONNECT_PATIENCE.toNanos();
        try {
            socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
            socket.connect(ClientOptions.address(server), (int) CONNECT_PATIENCE.toMillis());
            socket.setSoTimeout((int) CONNECT_PATIENCE.toMillis());
            socket.getOutputStream().write(RawFrames.handshake(server, "slow", tokens.tokenFor(userId), random));
            while (!connected && ended == null && System.nanoTime() - giveUpNanos < 0) {
                readSome(socket.getInputStream());
            }
        } catch (IOException e) {
            throw new UsageFailure("the slow member cannot connect: " + e.getMessage());
        }
        if (!connected) {
            throw new UsageFailure("the slow member cannot connect: " + (ended == null ? "no `connected`" : ended));
        }
    }

    /// Sends a heartbeat and reads no answer.
    void beat() {
        try {
            write(RawFrames.heartbeat(clock.millis(), random));
        } catch (IOException e) {
            end("the socket was lost: " + e.getMessage());
        }
    }

    /// Reads the waiting frames until none arrives for a while: a shorter one once the last message has arrived.
    ///
    /// @param highest the number up to which all has been delivered to others
    SlowResult.Outcome drain(long highest) {
        long giveUpNanos = System.nanoTime() + DRAIN_MAX.toNanos();
        String unread = null;
        try {
            while (ended == null && System.nanoTime() - giveUpNanos < 0) {
                Duration quiet = lastNumber < highest ? QUIET : QUIET_AT_THE_END;
                socket.setSoTimeout((int) quiet.toMillis());
                readSome(socket.getInputStream());
            }
        } catch (SocketTimeoutException e) {
            unread = "still connected";
        } catch (IOException e) {
            end("the socket was lost: " + e.getMessage());
        }
        // An open socket without a resync must have delivered all messages. After a close nothing is owed.
        long tail = ended == null && !resynced && lastNumber > 0 ? Math.max(0, highest - lastNumber) : 0;
        String outcome = ended == null ? unread == null ? "still sent to" : unread : ended;
        return new SlowResult.Outcome(received, missing, resyncs, wrong + (tail > 0 ? 1 : 0), outcome);
    }

    private void readSome(InputStream in) throws IOException {
        int read = in.read(buffer);
        if (read < 0) {
            end("the socket was lost");
        } else {
            reader.read(ByteBuffer.wrap(buffer, 0, read), this);
        }
    }

    @Override
    public void text(byte[] utf8) {
        JsonNode frame;
        try {
            frame = JSON.readTree(utf8);
        } catch (IOException e) {
            broken("a frame that is not JSON");
            return;
        }
        JsonNode payload = frame.path("payload");
        switch (frame.path("type").asText()) {
            case "connected" -> connected = true;
            case "resync" -> {
                resyncs++;
                resynced = true;
            }
            case "message.new" -> {
                if (payload.path("conversationId").asText().equals(conversationId)) {
                    message(payload.path("sequenceNumber").asLong());
                }
            }
            default -> {}
        }
    }

    private void message(long number) {
        received++;
        if (lastNumber > 0 && number <= lastNumber) {
            wrong++;
            return;
        }
        if (lastNumber > 0 && number > lastNumber + 1) {
            missing += number - lastNumber - 1;
            wrong += resynced ? 0 : 1;
        }
        resynced = false;
        lastNumber = number;
    }

    @Override
    public void refused(int status, @Nullable Duration retryAfter) {
        end("the upgrade was refused with HTTP " + status);
    }

    @Override
    public void ping(byte[] pongFrame) {
        try {
            write(pongFrame);
        } catch (IOException e) {
            end("the socket was lost: " + e.getMessage());
        }
    }

    @Override
    public void closed(CloseReason reason) {
        end(reason.toString());
    }

    @Override
    public void broken(String why) {
        wrong++;
        end(why);
    }

    private void write(byte[] frame) throws IOException {
        if (ended == null) {
            socket.getOutputStream().write(frame);
        }
    }

    private void end(String why) {
        if (ended == null) {
            ended = why;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is gone in any case.
        }
    }
}
