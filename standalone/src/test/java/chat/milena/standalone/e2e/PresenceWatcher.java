package chat.milena.standalone.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Somebody who watches everybody over one gateway, and comes back to it whenever it dies. Safe for all threads.
final class PresenceWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceWatcher.class);
    private static final int AGAIN_MILLIS = 200;

    /// So that the socket is never silent for long.
    private static final int BEAT_MILLIS = 3_000;

    private final String userId;
    private final int port;
    private final String token;
    private final Set<String> watched;
    private final Map<String, String> statuses = new HashMap<>();
    private @Nullable RawSocket socket;
    private boolean subscribed;
    private long asked;
    private long answered;
    private volatile boolean ended;

    PresenceWatcher(LiveWorld world, String userId, int port, Set<String> watched) {
        this.userId = userId;
        this.port = port;
        this.token = world.home().tokenOf(userId);
        this.watched = watched;
    }

    void start() {
        Thread.ofVirtual().name("watches-" + userId).start(this::comeAndRead);
        Thread.ofVirtual().name("asks-" + userId).start(this::ask);
    }

    /// Who is there in whatever way, as it was told; null while it does not watch everybody.
    synchronized @Nullable Set<String> present() {
        return !subscribed
                ? null
                : statuses.entrySet().stream()
                        .filter(one -> !one.getValue().equals("offline"))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
    }

    /// How what it was told differs from the truth.
    String differs(Set<String> truth) {
        Set<String> present = present();
        if (present == null) {
            return userId + " does not watch";
        }
        Set<String> wrongly = new HashSet<>(present);
        wrongly.removeAll(truth);
        Set<String> missing = new HashSet<>(truth);
        missing.removeAll(present);
        return userId + " sees " + wrongly + " who are gone, and not " + missing + " who are there";
    }

    /// Asks anew how everybody is, over the connection that it has.
    synchronized void askAgain() {
        asked++;
    }

    /// Whether it was told after it asked anew.
    synchronized boolean isAnswered() {
        return answered == asked;
    }

    private void comeAndRead() {
        while (!ended) {
            try (RawSocket opened = RawSocket.connected(port, token)) {
                synchronized (this) {
                    socket = opened;
                    subscribed = false;
                }
                while (opened.next() instanceof RawSocket.Received.Text(var frame)) {
                    hear(frame);
                }
            } catch (IOException | AssertionError e) {
                LOG.debug("{} lost its connection: {}", userId, e.toString());
            }
            synchronized (this) {
                socket = null;
                subscribed = false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS));
        }
    }

    private synchronized void hear(JsonNode frame) {
        switch (frame.path("type").asText()) {
            case "presence.bulk" -> {
                List<JsonNode> presences =
                        frame.at("/payload/presences").valueStream().toList();
                presences.forEach(this::note);
                subscribed = presences.size() == watched.size();
                answered = subscribed ? Math.max(answered, frame.path("id").asLong()) : answered;
            }
            case "presence.update" -> note(frame.path("payload"));
            default -> {}
        }
    }

    private void note(JsonNode presence) {
        statuses.put(presence.path("userId").asText(), presence.path("status").asText());
    }

    private void ask() {
        String everybody = watched.stream().map(Rest::quoted).collect(Collectors.joining(","));
        long beaten = System.nanoTime();
        while (!ended) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS));
            RawSocket current;
            boolean due;
            long id;
            synchronized (this) {
                current = socket;
                due = !subscribed || answered < asked;
                id = asked;
            }
            if (current == null) {
                continue;
            }
            try {
                if (due) {
                    current.text("{\"type\":\"presence.subscribe\",\"id\":\"" + id + "\",\"payload\":{\"userIds\":["
                            + everybody + "]}}");
                }
                if (System.nanoTime() - beaten > TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS)) {
                    beaten = System.nanoTime();
                    current.text("{\"type\":\"heartbeat\"}");
                }
            } catch (IOException e) {
                LOG.debug("{} could not write: {}", userId, e.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        ended = true;
        RawSocket current;
        synchronized (this) {
            current = socket;
        }
        if (current != null) {
            current.close();
        }
    }
}
