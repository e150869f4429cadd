package chat.milena.gateway.edge;

import chat.milena.ephemeral.rate.RateConfig.Clients;
import chat.milena.runtime.limit.ClientAddress;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/// How many new connections a gateway accepts in a second: in all, from one address and of one user. So a crowd
/// that reconnects is spread, and one user who reconnects all the time keeps nobody else out. Rejected clients get
/// different times for their retry. Safe for all threads; never waits.
public final class ConnectionRates {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String ALL = "all";
    private static final int ADDRESSES_MAX = 100_000;
    private static final int USERS_MAX = 100_000;
    /// A user may have this part of the gateway's rate, and at least one connection a second.
    private static final int USERS_PART = 50;
    private static final Duration USERS_PERIOD = Duration.ofSeconds(10);

    private final RateLimiter<ClientAddress> addresses;
    private final RateLimiter<UserKey> users;
    private final RateLimiter<String> gateway;
    private final Clients config;
    private final RefusalSpread spread;

    /// @param nanoTime a time that never goes back
    /// @param random a number from 0 to below its argument
    public ConnectionRates(Clients config, LongSupplier nanoTime, IntUnaryOperator random) {
        this.config = config;
        this.spread = new RefusalSpread(nanoTime, random);
        this.addresses = new RateLimiter<>(
                List.of(new Rate(config.addressPerSecond(), SECOND, "connections per second an address")),
                ADDRESSES_MAX,
                nanoTime);
        this.users = new RateLimiter<>(List.of(ofUser(config.perSecond())), USERS_MAX, nanoTime);
        this.gateway =
                new RateLimiter<>(List.of(new Rate(config.perSecond(), SECOND, "connections per second")), 2, nanoTime);
    }

    /// Counts an attempt to connect from this address, if its rate allows.
    Answer takeAddress(ClientAddress address) {
        return addresses.take(address) instanceof Refused refused
                ? spread.spread(refused, config.addressPerSecond())
                : Allowed.AT_ONCE;
    }

    /// Counts a connection of this user, if their rate and the gateway's allow.
    Answer takeGateway(UserKey user) {
        Answer ofUser = users.take(user);
        if (ofUser instanceof Refused) {
            return ofUser;
        }
        if (gateway.take(ALL) instanceof Refused refused) {
            users.giveBack(user);
            return spread.spread(refused, config.perSecond());
        }
        return Allowed.AT_ONCE;
    }

    /// Both, for endpoints that check the token first.
    Answer take(UserKey user, ClientAddress address) {
        Answer ofAddress = takeAddress(address);
        return ofAddress instanceof Refused ? ofAddress : takeGateway(user);
    }

    private static Rate ofUser(int connectionsPerSecond) {
        int perSecond = connectionsPerSecond == 0 ? 0 : Math.max(1, connectionsPerSecond / USERS_PART);
        return new Rate(
                (int) (perSecond * USERS_PERIOD.toSeconds()), USERS_PERIOD, "connections of a user in 10 seconds");
    }
}
