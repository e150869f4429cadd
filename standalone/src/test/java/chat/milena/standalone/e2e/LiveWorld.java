package chat.milena.standalone.e2e;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// What the devices of one run have in common: where the servers are, what the users may talk about, and what they are
/// to do now. Safe for all threads.
final class LiveWorld {
    /// What all devices together do in a second.
    private static final double SENDS_PER_SECOND = 60;

    private static final double RECEIPTS_PER_SECOND = 60;

    /// So each device is cut off about this often.
    private static final double CUTS_OF_A_DEVICE_PER_SECOND = 1 / 12.0;

    private final Tenant home;
    private volatile List<Integer> ports;
    private final LiveChecker checker = new LiveChecker();
    private final long seed;
    private final int devices;
    private final long begunNanos = System.nanoTime();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong resumed = new AtomicLong();
    private final AtomicLong afresh = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private volatile Map<String, List<String>> conversations = Map.of();
    private volatile Mode mode = Mode.CHAOS;
    private volatile long lastEventNanos = System.nanoTime();

    enum Mode {
        /// Everybody talks, and breaks off now and then.
        CHAOS,
        /// Everybody talks.
        TALK,
        /// Only what is not acked yet is sent again.
        QUIET
    }

    /// @param ports of the gateways; the first one also has the query side
    LiveWorld(Tenant home, List<Integer> ports, long seed, int devices) {
        this.home = home;
        this.ports = ports;
        this.seed = seed;
        this.devices = devices;
    }

    /// Tells whoever looks on how the run goes.
    void say(String text) {
        System.out.printf("%5.1f s: %s%n", (System.nanoTime() - begunNanos) / 1e9, text);
    }

    Tenant home() {
        return home;
    }

    List<Integer> ports() {
        return ports;
    }

    /// Only these are tried from now on.
    void ports(List<Integer> living) {
        ports = List.copyOf(living);
    }

    LiveChecker checker() {
        return checker;
    }

    long seed() {
        return seed;
    }

    /// The conversations of each user.
    void talk(Map<String, List<String>> of) {
        conversations = Map.copyOf(of);
    }

    List<String> conversationsOf(String userId) {
        return conversations.getOrDefault(userId, List.of());
    }

    Mode mode() {
        return mode;
    }

    void mode(Mode next) {
        mode = next;
    }

    /// How likely a device sends within some time.
    double sends(double seconds) {
        return seconds * SENDS_PER_SECOND / devices;
    }

    double receipts(double seconds) {
        return seconds * RECEIPTS_PER_SECOND / devices;
    }

    double cuts(double seconds) {
        return seconds * CUTS_OF_A_DEVICE_PER_SECOND;
    }

    long nextMessage() {
        return messages.incrementAndGet();
    }

    /// Somebody came or went.
    void event() {
        lastEventNanos = System.nanoTime();
    }

    long lastEventNanos() {
        return lastEventNanos;
    }

    void connected(boolean goesOn) {
        (goesOn ? resumed : afresh).incrementAndGet();
        event();
    }

    void cut() {
        cuts.incrementAndGet();
        event();
    }

    long resumed() {
        return resumed.get();
    }

    long afresh() {
        return afresh.get();
    }

    long cuts() {
        return cuts.get();
    }
}
