package chat.milena.gateway.presence;

import chat.milena.schemas.key.UserKey;
import java.util.HashSet;
import java.util.Set;

/// How many users of each shard are counted. For one thread at a time.
final class ShardCounts {
    private final int[] counts = new int[PresenceShard.COUNT];

    void add(UserKey user) {
        counts[PresenceShard.of(user).number()]++;
    }

    void remove(UserKey user) {
        counts[PresenceShard.of(user).number()]--;
    }

    Set<PresenceShard> used() {
        Set<PresenceShard> used = new HashSet<>();
        for (int number = 0; number < counts.length; number++) {
            if (counts[number] > 0) {
                used.add(new PresenceShard(number));
            }
        }
        return used;
    }
}
