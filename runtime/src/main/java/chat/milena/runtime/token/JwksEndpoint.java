package chat.milena.runtime.token;

import chat.milena.runtime.time.Ticker;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of one URL as last fetched, and the tenants they are for. Safe for all threads; only fetches wait for
/// the network, one at a time.
///
/// ```
/// none ──fetched──▶ fresh ──refreshEvery──▶ fetched again ──▶ fresh
///                     └──fetches fail──▶ stale, still trusted ──outage──▶ none
/// ```
final class JwksEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(JwksEndpoint.class);

    private final KeySource source;
    private final URI url;
    private final JwksConfig config;
    private final JwksFetch fetch;
    private final Executor threads;
    private final Ticker ticker;
    private volatile @Nullable Fetched latest;
    private @Nullable CompletableFuture<Void> running;
    private @Nullable Long lastEndNanos;
    private @Nullable Long lastDemandNanos;
    private boolean failing;

    private record Fetched(PublishedKeys keys, long atNanos) {}

    /// @param threads runs fetches
    JwksEndpoint(KeySource source, JwksConfig config, JwksFetch fetch, Executor threads, Ticker ticker) {
        this.source = source;
        this.url = source.url();
        this.config = config;
        this.fetch = fetch;
        this.threads = threads;
        this.ticker = ticker;
    }

    /// Whether its keys are valid for this tenant.
    boolean isFor(String tenant) {
        return source.isFor(tenant);
    }

    /// The URL and its tenant.
    KeySource source() {
        return source;
    }

    /// The trusted keys that match. Never waits.
    List<JWK> matching(JWKMatcher matcher) {
        Fetched current = latest;
        if (current == null || isOlder(current.atNanos(), config.outage())) {
            return List.of();
        }
        return new JWKSelector(matcher).select(current.keys().usable());
    }

    /// Starts a fetch if one is due: at first, when the keys are old, and repeatedly while fetches fail.
    synchronized void refreshIfDue() {
        Fetched current = latest;
        boolean old = current == null || failing || isOlder(current.atNanos(), config.refreshEvery());
        if (old && running == null && isOlder(lastEndNanos, config.refetchEvery())) {
            var _ = start();
        }
    }

    /// Requests keys newer than the known ones; joins a running fetch.
    ///
    /// @return completes when the fetch is over, with or without success; empty if the last request was too recent
    synchronized Optional<CompletableFuture<Void>> demand() {
        CompletableFuture<Void> joined = running;
        if (joined != null) {
            return Optional.of(joined);
        }
        if (!isOlder(lastDemandNanos, config.refetchEvery())) {
            return Optional.empty();
        }
        lastDemandNanos = ticker.nanos();
        return Optional.of(start());
    }

    /// Whether the last fetch failed, or there was none.
    synchronized boolean isUncertain() {
        return failing || latest == null;
    }

    private CompletableFuture<Void> start() {
        CompletableFuture<Void> started = new CompletableFuture<>();
        running = started;
        try {
            threads.execute(this::run);
        } catch (RuntimeException e) {
            // Closed: nobody may wait for a fetch that never runs.
            ended(null, e);
        }
        return started;
    }

    private void run() {
        try {
            ended(new Fetched(fetch.fetch(url), ticker.nanos()), null);
        } catch (IOException | RuntimeException e) {
            ended(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended(null, e);
        }
    }

    private synchronized void ended(@Nullable Fetched fetched, @Nullable Exception failure) {
        if (fetched != null) {
            reportPassedOver(fetched.keys().passedOver());
            latest = fetched;
            if (failing) {
                LOG.info("Token keys can be fetched from {} again", shown(url));
            }
        } else if (!failing) {
            LOG.warn(
                    "Cannot fetch token keys from {}; known keys stay valid for {} after their fetch: {}",
                    shown(url),
                    config.outage(),
                    failure == null ? "" : failure.getMessage());
        }
        failing = fetched == null;
        lastEndNanos = ticker.nanos();
        CompletableFuture<Void> over = running;
        running = null;
        if (over != null) {
            over.complete(null);
        }
    }

    /// Logs once for each change of what is published: keys are fetched every few minutes.
    private void reportPassedOver(List<String> passedOver) {
        Fetched before = latest;
        if (!passedOver.isEmpty()
                && (before == null || !before.keys().passedOver().equals(passedOver))) {
            LOG.warn("Ignored keys published at {}: {}", shown(url), String.join(", ", passedOver));
        }
    }

    /// The URL for logs, without query and user info, which may hold secrets.
    static String shown(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
    }

    private boolean isOlder(@Nullable Long sinceNanos, Duration than) {
        return sinceNanos == null || ticker.isOver(sinceNanos, than);
    }
}
