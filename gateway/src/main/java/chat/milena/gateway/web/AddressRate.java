package chat.milena.gateway.web;

import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.limit.ClientAddress;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.limit.RateLimiter.Refused;
import io.undertow.server.HttpHandler;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// The rate of calls without a token from one address. Safe for all threads.
public final class AddressRate {
    private static final int ADDRESSES_MAX = 100_000;

    private final RateLimiter<ClientAddress> addresses;

    /// @param perSecond 0 is no limit
    /// @param nanoTime a time that never goes back
    public AddressRate(int perSecond, LongSupplier nanoTime) {
        Rate rate = new Rate(perSecond, Duration.ofSeconds(1), "calls without a token per second an address");
        addresses = new RateLimiter<>(List.of(rate), ADDRESSES_MAX, nanoTime);
    }

    /// The same handler for calls within the rate; others are answered 429.
    HttpHandler before(HttpHandler next) {
        return exchange -> {
            if (addresses.take(TrustedProxies.client(exchange)) instanceof Refused refused) {
                HttpAnswer.rateLimited(refused).send(exchange);
            } else {
                next.handleRequest(exchange);
            }
        };
    }
}
