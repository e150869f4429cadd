package chat.milena.ephemeral.presence;

import chat.milena.schemas.key.UserKey;
import java.util.HashSet;
import java.util.Set;

/// The number of users in each shard. For one thread at a time.
public final class ShardCounts {
    private final int[] counts = new int[PresenceShard.COUNT];

    public void add(UserKey user) {
        counts[PresenceShard.of(user).number()]++;
    }

    public void remove(UserKey user) {
        counts[PresenceShard.of(user).number()]--;
    }

    public Set<PresenceShard> used() {
        Set<PresenceShard> used = new HashSet<>();
        for (int number = 0; number < counts.length; number++) {
            if (counts[number] > 0) {
                used.add(new PresenceShard(number));
            }
        }
        return used;
    }
}
