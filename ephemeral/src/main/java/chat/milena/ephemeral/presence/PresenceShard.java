package chat.milena.ephemeral.presence;

import chat.milena.schemas.key.UserKey;

/// One of the few channels that users are spread over, so that a gateway receives news of some users and not of
/// all. Immutable.
public record PresenceShard(int number) {
    /// The same for all gateways of an installation, permanently: the keys of users hold it.
    static final int COUNT = 64;

    static PresenceShard of(UserKey user) {
        return new PresenceShard(user.shard(COUNT).shard());
    }

    /// The name of a user in Redis: it contains the shard, so that scripts need not compute it.
    static String name(UserKey user) {
        return of(user).number() + ":" + user.tenant() + "/" + user.userId();
    }

    /// The user of a name of [#name(UserKey)].
    ///
    /// @throws IllegalArgumentException if it is no such name
    static UserKey user(String name) {
        int tenant = name.indexOf(':') + 1;
        int userId = name.indexOf('/', tenant) + 1;
        if (tenant <= 0 || userId <= 0) {
            throw new IllegalArgumentException("not the name of a user");
        }
        return new UserKey(name.substring(tenant, userId - 1), name.substring(userId));
    }
}
