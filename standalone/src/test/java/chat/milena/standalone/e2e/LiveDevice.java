package chat.milena.standalone.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One device of one user as a good client behaves: it comes back to any gateway with its last resume token, syncs when
/// it could not go on, and sends again what was not acked. What it is told goes to its [DeviceRecord]. Safe for all
/// threads.
final class LiveDevice implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveDevice.class);
    private static final int TICK_MILLIS = 150;
    private static final int BACK_WITHIN_MILLIS = 1_500;
    private static final int BEATS_EVERY_TICKS = 12;
    private static final int UNACKED_MAX = 20;
    private static final int FORGETS_ONE_IN = 8;
    private static final Set<String> PASSING = Set.of("UNAVAILABLE", "RATE_LIMITED");

    private final LiveWorld world;
    private final String userId;
    private final String deviceId;
    private final String token;
    private final LiveCalls calls;
    private final Random coming;
    private final Random acting;
    private final List<Thread> threads = new ArrayList<>();

    // Guarded by this.
    private final DeviceRecord record;
    private final Map<String, Unacked> unacked = new LinkedHashMap<>();
    private final Map<String, Marked> marks = new HashMap<>();
    private String resumeToken = "";
    private boolean resendDue;
    private int owed = 1;
    private int paid;
    private @Nullable RawSocket socket;

    private volatile boolean away;
    private volatile boolean ended;
    private volatile int port;

    private record Unacked(String conversationId, String messageId) {}

    private record Marked(String conversationId, String kind, long upTo) {}

    LiveDevice(LiveWorld world, String userId, int number) {
        this.world = world;
        this.userId = userId;
        this.deviceId = "d" + number;
        this.token = world.home().tokenOf(userId);
        this.calls = new LiveCalls(world, token);
        long seed = world.seed() * 31 + (userId + deviceId).hashCode();
        this.coming = new Random(seed);
        this.acting = new Random(seed + 1);
        this.record = new DeviceRecord(userId + "/" + deviceId, world.checker().violations());
    }

    void start() {
        threads.add(Thread.ofVirtual().name("reads-" + record.name()).start(this::comeAndRead));
        threads.add(Thread.ofVirtual().name("acts-" + record.name()).start(this::act));
    }

    String userId() {
        return userId;
    }

    /// The gateway that it is connected to; 0 for none.
    synchronized int connectedTo() {
        return socket == null ? 0 : port;
    }

    /// Leaves until [#comeBack()].
    void goAway(boolean clean) {
        away = true;
        breakOff(clean);
    }

    void comeBack() {
        away = false;
    }

    boolean isAway() {
        return away;
    }

    /// Breaks its connection off; it comes back by itself.
    void breakOff(boolean clean) {
        RawSocket current = socket();
        if (current == null) {
            return;
        }
        world.cut();
        try {
            if (clean) {
                current.leave();
            } else {
                current.cut();
            }
        } catch (IOException e) {
            LOG.debug("{} was cut off before: {}", record.name(), e.toString());
        }
    }

    /// Whether it is connected, in sync and has an ack for everything; or stays away.
    synchronized boolean isSettled() {
        return away ? socket == null : socket != null && paid == owed && unacked.isEmpty();
    }

    /// Whether it is connected, or gone if it stays away.
    synchronized boolean isThereOrAway() {
        return away == (socket == null);
    }

    /// Why it is not settled.
    synchronized String state() {
        return "%s: %s, owes %d of %d syncs, %d unacked"
                .formatted(
                        record.name(),
                        socket == null ? "not connected" : "on " + port,
                        owed - paid,
                        owed,
                        unacked.size());
    }

    synchronized long upTo(String conversationId) {
        return record.upTo(conversationId);
    }

    synchronized long receipt(String conversationId, String reader, String kind) {
        return record.receipt(conversationId, reader, kind);
    }

    /// To be looked at when it has ended.
    DeviceRecord record() {
        return record;
    }

    private synchronized @Nullable RawSocket socket() {
        return socket;
    }

    private void comeAndRead() {
        while (!ended) {
            if (!away) {
                port = world.ports().get(coming.nextInt(world.ports().size()));
                try (RawSocket opened = RawSocket.ofDevice(port, token, deviceId, remembered())) {
                    read(opened);
                } catch (IOException | AssertionError e) {
                    LOG.debug("{} lost its connection: {}", record.name(), e.toString());
                } finally {
                    gone();
                }
            }
            pause(coming.nextInt(away ? TICK_MILLIS : BACK_WITHIN_MILLIS));
        }
    }

    /// Its place, unless it has forgotten it.
    private synchronized String remembered() {
        return coming.nextInt(FORGETS_ONE_IN) == 0 ? "" : resumeToken;
    }

    private synchronized void gone() {
        if (socket != null) {
            socket = null;
            marks.clear();
            world.event();
        }
    }

    private void read(RawSocket opened) throws IOException {
        JsonNode greeting = opened.nextFrame();
        if (!greeting.path("type").asText().equals("connected")) {
            throw new IOException("greeted by " + greeting);
        }
        synchronized (this) {
            boolean resumed = greeting.path("resumed").asBoolean();
            record.connected(resumed);
            owed += resumed ? 0 : 1;
            resumeToken = greeting.path("resumeToken").asText();
            resendDue = true;
            socket = opened;
            world.connected(resumed);
        }
        if (away) {
            breakOff(false);
        }
        while (opened.next() instanceof RawSocket.Received.Text(var frame)) {
            hear(frame);
        }
    }

    private synchronized void hear(JsonNode frame) {
        JsonNode payload = frame.path("payload");
        String talk = payload.path("conversationId").asText();
        long number = payload.path("sequenceNumber").asLong();
        switch (frame.path("type").asText()) {
            case "heartbeat" -> resumeToken = frame.path("resumeToken").asText(resumeToken);
            case "message.new" ->
                record.told(talk, number, payload.path("messageId").asText());
            case "conversation.created", "conversation.updated" ->
                record.told(talk, number, DeviceRecord.change(frame.path("type").asText()));
            case "messages.offline" ->
                payload.path("messages")
                        .forEach(entry -> record.told(talk, LiveCalls.number(entry), LiveCalls.what(entry)));
            case "message.ack" -> acked(talk, number, payload);
            case "resync" -> {
                payload.path("conversationIds").forEach(id -> record.resync(id.asText()));
                owed++;
            }
            case "message.delivered" ->
                record.receipt(
                        talk,
                        payload.path("deliveredTo").asText(),
                        "delivered",
                        payload.path("deliveredUpToSequence").asLong());
            case "message.read_receipt" ->
                record.receipt(
                        talk,
                        payload.path("readBy").asText(),
                        "read",
                        payload.path("readUpToSequence").asLong());
            case "ok" -> {
                Marked marked = marks.remove(frame.path("id").asText());
                if (marked != null) {
                    world.checker().confirmed(marked.conversationId(), userId, marked.kind(), marked.upTo());
                }
            }
            case "error" -> refused(frame.path("id").asText(), payload);
            default -> {}
        }
    }

    private void acked(String talk, long number, JsonNode ack) {
        String messageId = ack.path("messageId").asText();
        unacked.remove(messageId);
        world.checker().acked(talk, number, messageId);
        record.acked(talk, number, messageId, ack.path("duplicate").asBoolean());
    }

    private void refused(String id, JsonNode error) {
        marks.remove(id);
        if (!PASSING.contains(error.path("error").asText())) {
            world.checker()
                    .violations()
                    .add(Violations.Kind.ANSWER, "%s was answered %s".formatted(record.name(), error));
        }
        resendDue |= unacked.containsKey(id);
    }

    private void act() {
        for (int tick = 0; !ended; tick++) {
            pause(TICK_MILLIS / 2 + acting.nextInt(TICK_MILLIS));
            RawSocket current = socket();
            if (current == null || !isInSync()) {
                continue;
            }
            try {
                resend(current);
                if (world.mode() != LiveWorld.Mode.QUIET) {
                    talk(current);
                }
                if (tick % BEATS_EVERY_TICKS == 0) {
                    current.text(LiveCalls.heartbeat());
                }
                if (world.mode() == LiveWorld.Mode.CHAOS && acting.nextDouble() < world.cuts(TICK_MILLIS / 1000.0)) {
                    breakOff(acting.nextBoolean());
                }
            } catch (IOException e) {
                LOG.debug("{} could not write: {}", record.name(), e.toString());
            }
        }
    }

    private void talk(RawSocket current) throws IOException {
        List<String> talks = world.conversationsOf(userId);
        if (talks.isEmpty()) {
            return;
        }
        double seconds = TICK_MILLIS / 1000.0;
        String talk = talks.get(acting.nextInt(talks.size()));
        if (acting.nextDouble() < world.sends(seconds)) {
            if (acting.nextInt(4) == 0) {
                current.text(LiveCalls.typing(talk));
            }
            send(current, talk);
        }
        if (acting.nextDouble() < world.receipts(seconds)) {
            long upTo = upTo(talk);
            // Some lag behind what was said before: another device has read further, or this one repeats itself.
            mark(current, talk, acting.nextBoolean(), acting.nextInt(5) == 0 ? upTo / 2 : upTo);
        }
    }

    private void send(RawSocket current, String talk) throws IOException {
        String messageId = "m" + world.nextMessage();
        synchronized (this) {
            if (unacked.size() >= UNACKED_MAX) {
                return;
            }
            unacked.put(messageId, new Unacked(talk, messageId));
        }
        world.checker().sent(talk, messageId);
        current.text(LiveCalls.message(talk, messageId));
    }

    private void resend(RawSocket current) throws IOException {
        List<Unacked> again;
        synchronized (this) {
            again = resendDue && socket == current ? List.copyOf(unacked.values()) : List.of();
            resendDue &= socket != current;
        }
        for (Unacked message : again) {
            current.text(LiveCalls.message(message.conversationId(), message.messageId()));
        }
    }

    /// Says how far its user has come.
    ///
    /// @param read or only delivered
    /// @return false if it is not connected
    boolean marks(String talk, boolean read, long upTo) throws IOException {
        RawSocket current = socket();
        if (current != null) {
            mark(current, talk, read, upTo);
        }
        return current != null;
    }

    private void mark(RawSocket current, String talk, boolean read, long upTo) throws IOException {
        if (upTo == 0) {
            return;
        }
        String kind = read ? "read" : "delivered";
        String id = kind + world.nextMessage();
        synchronized (this) {
            marks.put(id, new Marked(talk, kind, upTo));
        }
        current.text(LiveCalls.receipt(id, kind, talk, upTo));
    }

    /// Pays what is owed.
    private boolean isInSync() {
        int due;
        synchronized (this) {
            due = owed;
            if (paid == due) {
                return true;
            }
        }
        try {
            for (String talk : world.conversationsOf(userId)) {
                if (!sync(talk)) {
                    return false;
                }
            }
        } catch (IOException e) {
            LOG.debug("{} could not sync: {}", record.name(), e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        synchronized (this) {
            if (owed == due) {
                world.conversationsOf(userId).forEach(record::syncedAll);
                paid = due;
            }
            return owed == due;
        }
    }

    private boolean sync(String talk) throws IOException, InterruptedException {
        LiveCalls.Page page = calls.sync(talk, upTo(talk));
        while (page != null && !ended) {
            for (JsonNode entry : page.entries()) {
                synced(talk, entry);
            }
            if (!page.hasMore()) {
                return true;
            }
            page = calls.sync(talk, upTo(talk));
        }
        return false;
    }

    private synchronized void synced(String talk, JsonNode entry) {
        record.synced(talk, LiveCalls.number(entry), LiveCalls.what(entry));
    }

    private void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /// Breaks off for good, without waiting.
    void end() {
        ended = true;
        away = true;
        breakOff(false);
    }

    /// Ends for good.
    @Override
    public void close() {
        end();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
