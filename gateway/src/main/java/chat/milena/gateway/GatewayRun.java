package chat.milena.gateway;

import chat.milena.gateway.GatewayService.Dependencies;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.gateway.session.ConnectionSweeper;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.time.WatchedTicker;
import chat.milena.runtime.time.WindowThread;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// Shared by all parts of one run of a gateway.
///
/// @param connectionTicker measures the times of connections
/// @param blocking runs steps that may wait, on virtual threads
/// @param onFatal called when the gateway can never work again
record GatewayRun(
        GatewayConfig config,
        Dependencies dependencies,
        Ticker ticker,
        WatchedTicker connectionTicker,
        ConnectionRegistry registry,
        WindowThread windows,
        ExecutorService blocking,
        Consumer<Throwable> onFatal) {

    /// One user may hold this part of what is bounded by user.
    private static final int USERS_PART = 8;

    static GatewayRun of(GatewayConfig config, Dependencies dependencies, Consumer<Throwable> onFatal) {
        Ticker ticker = Ticker.system();
        return new GatewayRun(
                config,
                dependencies,
                ticker,
                new WatchedTicker(ticker, ConnectionSweeper.GAP_MAX),
                new ConnectionRegistry(dependencies.platform().meters()),
                new WindowThread(),
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("gateway-", 0).factory()),
                onFatal);
    }

    /// Bounds in all, for a tenant and for a user.
    Bounds sharedByUsers(long all) {
        return sharedByTenants(all).withUser(Math.max(1, all / USERS_PART));
    }

    /// Bounds in all and for a tenant.
    Bounds sharedByTenants(long all) {
        return Bounds.of(all, config.bounds().tenantSharePercent());
    }

    int shards() {
        return dependencies.log().topics().deliveries().partitions();
    }
}
