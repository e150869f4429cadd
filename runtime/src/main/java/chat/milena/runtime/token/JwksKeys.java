package chat.milena.runtime.token;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.time.Ticker;
import com.nimbusds.jose.jwk.JWKMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Keeps [PublicKeys] fresh from its start to its stop. A URL that does not answer does not delay a start: its
/// keys are fetched once it answers.
public final class JwksKeys implements Component, AutoCloseable {
    private final JwksConfig config;
    private final JwksFetch fetch;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("jwks-", 0).factory());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("jwks-timer").factory());
    private final List<JwksEndpoint> endpoints;
    private final PublicKeys keys;

    public JwksKeys(JwksConfig config, Ticker ticker) {
        this.config = config;
        this.fetch = new JwksFetch(config.fetchWithin(), config.bytesMax());
        this.endpoints = config.urls().stream()
                .map(source -> new JwksEndpoint(source, config, fetch, threads, ticker))
                .toList();
        // A caller may join a fetch, so it waits no longer than one takes, plus a margin for a slow machine.
        this.keys = new PublicKeys(endpoints, config.fetchWithin().plusSeconds(1));
    }

    public PublicKeys keys() {
        return keys;
    }

    @Override
    public String name() {
        return "token keys";
    }

    @Override
    public void start() {
        if (endpoints.isEmpty()) {
            return;
        }
        long everyMillis = Math.max(1, config.refetchEvery().toMillis());
        var _ = timer.scheduleWithFixedDelay(this::refreshIfDue, 0, everyMillis, TimeUnit.MILLISECONDS);
    }

    /// The names of the keys that are trusted now.
    Set<String> known() {
        return endpoints.stream()
                .flatMap(endpoint -> endpoint.matching(new JWKMatcher.Builder().build()).stream())
                .flatMap(key -> Stream.ofNullable(key.getKeyID()))
                .collect(Collectors.toSet());
    }

    void refreshIfDue() {
        endpoints.forEach(JwksEndpoint::refreshIfDue);
    }

    @Override
    public void stop(Duration within) {
        close();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
        fetch.close();
    }
}
