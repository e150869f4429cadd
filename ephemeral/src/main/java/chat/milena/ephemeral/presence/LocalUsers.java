package chat.milena.ephemeral.presence;

import chat.milena.ephemeral.presence.PresenceStore.Device;
import chat.milena.ephemeral.presence.PresenceStore.Placement;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The users and devices connected to this gateway, and the users whose devices have changed since the last
/// report. Safe for all threads.
///
/// A user who came and left between two reports is reported as present, then as gone: a poll that is answered
/// immediately is a visit too.
///
/// Bounded by the admitted connections. Users who left are bounded by [#forgetChanges()] while no report can be
/// sent.
public final class LocalUsers {
    private final Map<UserKey, Map<String, Device>> users = new HashMap<>();
    /// Users whose arrival is not reported yet, and the devices of those who left since.
    private final Set<UserKey> arrived = new HashSet<>();

    private final Map<UserKey, Map<String, Device>> visits = new HashMap<>();
    private final Set<UserKey> changed = new LinkedHashSet<>();
    private final Set<UserKey> stale = new LinkedHashSet<>();
    private final ShardCounts shards = new ShardCounts();

    /// A user is connected.
    ///
    /// @param deviceId null for a connection without one
    public synchronized void opened(UserKey user, String connectionId, @Nullable String deviceId) {
        Map<String, Device> devices = users.get(user);
        if (devices == null) {
            devices = new LinkedHashMap<>();
            users.put(user, devices);
            shards.add(user);
            arrived.add(user);
        }
        devices.put(connectionId, new Device(PresenceStatus.ONLINE, null, deviceId));
        changed.add(user);
    }

    public synchronized void closed(UserKey user, String connectionId) {
        Map<String, Device> devices = users.get(user);
        Device last = devices == null ? null : devices.remove(connectionId);
        if (devices == null || last == null) {
            return;
        }
        if (devices.isEmpty()) {
            users.remove(user);
            shards.remove(user);
            if (arrived.remove(user)) {
                visits.put(user, Map.of(connectionId, last));
            }
        }
        changed.add(user);
    }

    /// The status that a device reports.
    ///
    /// @param deviceType null to keep the last reported type
    public synchronized void set(
            UserKey user, String connectionId, PresenceStatus status, @Nullable String deviceType) {
        Map<String, Device> devices = users.get(user);
        Device before = devices == null ? null : devices.get(connectionId);
        if (devices == null || before == null) {
            return;
        }
        Device now = new Device(status, deviceType == null ? before.deviceType() : deviceType, before.deviceId());
        if (!now.equals(before)) {
            devices.put(connectionId, now);
            changed.add(user);
        }
    }

    /// Takes at most this many users to report, as they are now; users with changes first.
    public synchronized List<Placement> takeChanged(int most) {
        List<Placement> taken = new ArrayList<>();
        take(changed, taken, most);
        take(stale, taken, most);
        return taken;
    }

    private void take(Set<UserKey> from, List<Placement> taken, int most) {
        List<UserKey> left = new ArrayList<>();
        Iterator<UserKey> next = from.iterator();
        while (taken.size() < most && next.hasNext()) {
            UserKey user = next.next();
            next.remove();
            arrived.remove(user);
            Map<String, Device> visit = visits.remove(user);
            if (visit != null && !users.containsKey(user)) {
                left.add(user);
            }
            taken.add(new Placement(user, Map.copyOf(users.getOrDefault(user, visit == null ? Map.of() : visit))));
        }
        changed.addAll(left);
    }

    /// Whether there are users to report.
    public synchronized boolean isBehind() {
        return !changed.isEmpty() || !stale.isEmpty();
    }

    /// Reports every present user again, after those with changes.
    public synchronized void allChanged() {
        stale.addAll(users.keySet());
    }

    /// No report can be sent: users who are still here later are reported then.
    public synchronized void forgetChanges() {
        changed.clear();
        stale.clear();
        visits.clear();
    }

    /// The shards of the present users.
    public synchronized Set<PresenceShard> shards() {
        return shards.used();
    }
}
