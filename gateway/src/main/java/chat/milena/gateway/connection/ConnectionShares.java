package chat.milena.gateway.connection;

import chat.milena.gateway.inbound.Shares;
import chat.milena.schemas.key.UserKey;

/// How many of a gateway's connections one user and one tenant may hold, so that nobody takes the room of all others.
/// Safe for all threads; bounded by the connections that are held.
public final class ConnectionShares {
    private final Shares<UserKey> users;
    private final Shares<String> tenants;

    /// @param perUserMax connections of one user
    /// @param perTenantMax connections of all users of one tenant
    public ConnectionShares(int perUserMax, int perTenantMax) {
        this.users = new Shares<>(perUserMax);
        this.tenants = new Shares<>(perTenantMax);
    }

    /// Takes one for this user.
    ///
    /// @return false if the user or the tenant holds as many as it may; nothing is taken then
    public boolean take(UserKey user) {
        if (!users.take(user)) {
            return false;
        }
        if (!tenants.take(user.tenant())) {
            users.giveBack(user, 1);
            return false;
        }
        return true;
    }

    /// Gives back what was taken for this user.
    public void giveBack(UserKey user) {
        users.giveBack(user, 1);
        tenants.giveBack(user.tenant(), 1);
    }
}
