package chat.milena.gateway.connection;

import chat.milena.schemas.key.UserKey;
import java.util.concurrent.atomic.AtomicInteger;

/// Places for questions of one kind that are under way to the query side: so many of all users together, a share of
/// them for one tenant, and an eighth for one user, so that nobody's questions keep all others waiting. Safe for all
/// threads; bounded by the questions under way.
public final class QuestionPlaces {
    private static final int ALL_PERCENT = 100;
    private static final int USERS_PART = 8;

    private final int max;
    private final AtomicInteger taken = new AtomicInteger();
    private final ConnectionShares shares;

    /// @param max of all users together
    /// @param tenantSharePercent how much of that one tenant may take
    public QuestionPlaces(int max, int tenantSharePercent) {
        this.max = max;
        this.shares = new ConnectionShares(
                Math.max(1, max / USERS_PART), Math.max(1, max * tenantSharePercent / ALL_PERCENT));
    }

    /// Takes one for this user.
    ///
    /// @return false if there is none for them; nothing is taken then
    public boolean take(UserKey user) {
        if (!shares.take(user)) {
            return false;
        }
        if (taken.incrementAndGet() <= max) {
            return true;
        }
        giveBack(user);
        return false;
    }

    /// Gives back what was taken for this user.
    public void giveBack(UserKey user) {
        taken.decrementAndGet();
        shares.giveBack(user);
    }
}
