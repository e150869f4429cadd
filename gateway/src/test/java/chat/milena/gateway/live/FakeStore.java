package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.PresenceShard;
import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.UserKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A store in memory that can be away, and forget that a gateway lives.
final class FakeStore implements PresenceStore {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final Queue<String> joined = new ConcurrentLinkedQueue<>();
    final Queue<User> profiles = new ConcurrentLinkedQueue<>();
    final Queue<Typing> told = new ConcurrentLinkedQueue<>();
    volatile boolean away;
    volatile boolean silent;
    volatile boolean taken;
    private final Map<String, Map<UserKey, Map<String, Device>>> byGateway = new ConcurrentHashMap<>();

    PresenceStore open() {
        answer();
        opened.incrementAndGet();
        return this;
    }

    /// Who is connected to the gateway that joined last.
    Map<UserKey, Map<String, Device>> users() {
        String last = null;
        for (String gatewayId : joined) {
            last = gatewayId;
        }
        return last == null ? Map.of() : Map.copyOf(byGateway.getOrDefault(last, Map.of()));
    }

    private void answer() {
        if (away) {
            throw new StoreAwayException("away");
        }
    }

    @Override
    public void join(String gatewayId) {
        answer();
        byGateway.put(gatewayId, new ConcurrentHashMap<>());
        joined.add(gatewayId);
    }

    @Override
    public boolean beat(String gatewayId) {
        answer();
        boolean lives = !silent;
        silent = false;
        return lives;
    }

    @Override
    public boolean place(String gatewayId, List<Placement> placements) {
        answer();
        if (taken) {
            taken = false;
            return false;
        }
        Map<UserKey, Map<String, Device>> users = byGateway.computeIfAbsent(gatewayId, none -> new HashMap<>());
        for (Placement placement : placements) {
            if (placement.devices().isEmpty()) {
                users.remove(placement.user());
            } else {
                users.put(placement.user(), placement.devices());
            }
        }
        return true;
    }

    @Override
    public int settle(int most) {
        answer();
        return 0;
    }

    @Override
    public List<Known> read(List<UserKey> users) {
        answer();
        Map<UserKey, Map<String, Device>> here = users();
        return users.stream()
                .map(user -> new Known(
                        user, here.containsKey(user) ? PresenceStatus.ONLINE : PresenceStatus.OFFLINE, 0, null, 1))
                .toList();
    }

    @Override
    public List<SeenDevice> devices(UserKey user) {
        answer();
        return users().getOrDefault(user, Map.of()).values().stream()
                .map(device -> new SeenDevice(String.valueOf(device.deviceId()), device.status(), 1, 1))
                .toList();
    }

    @Override
    public void publish(Typing typing) {
        answer();
        told.add(typing);
    }

    @Override
    public void publish(User user) {
        answer();
        profiles.add(user);
    }

    @Override
    public void listenTo(Collection<PresenceShard> presence, Collection<PresenceShard> typing) {
        answer();
    }

    @Override
    public boolean isListening() {
        answer();
        return true;
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
