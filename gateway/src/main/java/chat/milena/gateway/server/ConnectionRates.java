package chat.milena.gateway.server;

import chat.milena.runtime.budget.ClientAddress;
import chat.milena.runtime.rate.Allowances;
import chat.milena.runtime.rate.Allowances.Allowed;
import chat.milena.runtime.rate.Allowances.Answer;
import chat.milena.runtime.rate.Allowances.Rate;
import chat.milena.runtime.rate.Allowances.Refused;
import chat.milena.gateway.rate.RateConfig.Clients;
import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/// How many new connections a gateway takes in a second, in all and from one address, so that a crowd which comes back
/// does not come in at once; each of those who are refused is told another time to come back. Safe for all threads;
/// never waits.
final class ConnectionRates {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String ALL = "all";
    private static final int ADDRESSES_MAX = 100_000;

    private final Allowances<ClientAddress> addresses;
    private final Allowances<String> gateway;
    private final Clients config;
    private final RefusalSpread spread;

    /// @param nanoTime a time that never goes back
    /// @param random a number from 0 to below the one that it is given
    ConnectionRates(Clients config, LongSupplier nanoTime, IntUnaryOperator random) {
        this.config = config;
        this.spread = new RefusalSpread(nanoTime, random);
        this.addresses = new Allowances<>(
                List.of(new Rate(config.addressPerSecond(), SECOND, "connections per second an address")),
                ADDRESSES_MAX,
                nanoTime);
        this.gateway =
                new Allowances<>(List.of(new Rate(config.perSecond(), SECOND, "connections per second")), 2, nanoTime);
    }

    /// Counts an attempt to connect from this address, if its rate allows.
    Answer takeAddress(ClientAddress address) {
        return addresses.take(address) instanceof Refused refused
                ? spread.spread(refused, config.addressPerSecond())
                : Allowed.AT_ONCE;
    }

    /// Counts a connection of a good token that is to be opened, if the gateway's rate allows.
    Answer takeGateway() {
        return gateway.take(ALL) instanceof Refused refused
                ? spread.spread(refused, config.perSecond())
                : Allowed.AT_ONCE;
    }

    /// Both, for ways in where the token was checked before.
    Answer take(ClientAddress address) {
        Answer ofAddress = takeAddress(address);
        return ofAddress instanceof Refused ? ofAddress : takeGateway();
    }
}
