package chat.milena.topology.delivery;

import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The members of one conversation, grouped by the shard of their deliveries. Immutable.
///
/// @param byShard each shard that has members, with them
public record Audience(Map<Integer, List<String>> byShard) {
    /// No members.
    public static final Audience EMPTY = new Audience(Map.of());

    /// Groups these users of a tenant.
    ///
    /// @param shards the number of shards
    public static Audience of(String tenant, Iterable<String> userIds, int shards) {
        Map<Integer, List<String>> byShard = new TreeMap<>();
        for (String userId : userIds) {
            int shard = new UserKey(tenant, userId).shard(shards).shard();
            byShard.computeIfAbsent(shard, none -> new ArrayList<>()).add(userId);
        }
        return new Audience(byShard);
    }

    /// The same without one user.
    public Audience without(String userId) {
        Map<Integer, List<String>> others = new TreeMap<>();
        byShard.forEach((shard, userIds) -> {
            List<String> rest =
                    userIds.stream().filter(other -> !other.equals(userId)).toList();
            if (!rest.isEmpty()) {
                others.put(shard, rest);
            }
        });
        return new Audience(others);
    }
}
