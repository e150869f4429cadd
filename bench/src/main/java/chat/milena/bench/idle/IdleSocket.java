package chat.milena.bench.idle;

import chat.milena.bench.call.RawReader;
import chat.milena.bench.client.CloseReason;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One idle connection, over any number of attempts; a few fields and no thread. For the crowd's thread.
final class IdleSocket implements RawReader.Sink {
    private static final JsonFactory JSON = new JsonFactory();

    /// The state of the connection.
    enum State {
        /// Waits for its first or next attempt.
        OUTSIDE,
        CONNECTING,
        CONNECTED,
        /// Ended for good.
        OVER
    }

    private final IdleCrowd crowd;
    private final String userId;
    private State state = State.OUTSIDE;
    private @Nullable SocketChannel channel;
    private RawReader reader = new RawReader();
    private long startedNanos;
    private long beatNanos;
    private boolean beating;
    private int attempts;

    IdleSocket(IdleCrowd crowd, String userId) {
        this.crowd = crowd;
        this.userId = userId;
    }

    String userId() {
        return userId;
    }

    State state() {
        return state;
    }

    int attempts() {
        return attempts;
    }

    long startedNanos() {
        return startedNanos;
    }

    @Nullable
    SocketChannel channel() {
        return channel;
    }

    void begins(SocketChannel opened, long nowNanos) {
        channel = opened;
        reader = new RawReader();
        state = State.CONNECTING;
        startedNanos = nowNanos;
        attempts++;
    }

    void waits() {
        channel = null;
        state = State.OUTSIDE;
    }

    void ends() {
        channel = null;
        state = State.OVER;
    }

    /// Called before a heartbeat is written.
    ///
    /// @return whether the previous one still had no answer
    boolean beats(long nowNanos) {
        boolean unanswered = beating;
        beating = true;
        beatNanos = nowNanos;
        return unanswered;
    }

    /// Whether a heartbeat has no answer yet.
    boolean beating() {
        return beating;
    }

    void read(ByteBuffer bytes) {
        reader.read(bytes, this);
    }

    @Override
    public void refused(int status, @Nullable Duration retryAfter) {
        crowd.ended(this, "HTTP " + status, status == 429 || status == 503, retryAfter);
    }

    @Override
    public void text(byte[] utf8) {
        long now = System.nanoTime();
        String type = "";
        long interval = 0;
        try (JsonParser json = JSON.createParser(utf8)) {
            json.nextToken();
            String field;
            while ((field = json.nextFieldName()) != null) {
                JsonToken value = json.nextToken();
                if (field.equals("type")) {
                    type = json.getText();
                } else if (field.equals("heartbeatInterval") && value == JsonToken.VALUE_NUMBER_INT) {
                    interval = json.getLongValue();
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            broken("a frame that is not JSON");
            return;
        }
        switch (type) {
            case "connected" -> {
                state = State.CONNECTED;
                crowd.connected(this, now - startedNanos, Duration.ofMillis(interval));
            }
            case "heartbeat" -> {
                if (beating) {
                    beating = false;
                    crowd.beatAnswered(now - beatNanos);
                }
            }
            default -> {}
        }
    }

    @Override
    public void ping(byte[] pongFrame) {
        crowd.write(this, pongFrame);
    }

    @Override
    public void closed(CloseReason reason) {
        crowd.ended(this, reason.toString(), !reason.isFinal(), null);
    }

    @Override
    public void broken(String why) {
        crowd.ended(this, why, false, null);
    }
}
