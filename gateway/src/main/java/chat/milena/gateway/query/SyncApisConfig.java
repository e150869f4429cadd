package chat.milena.gateway.query;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a gateway reaches the sync APIs of its installation. Immutable.
///
/// @param urls the addresses of their internal listeners
/// @param secret authenticates the processes of the installation to each other
/// @param within how long a question may take
/// @param readsMax reads of clients in progress; beyond it 503
/// @param answerBytesMax of a read
public record SyncApisConfig(List<URI> urls, Secret secret, Duration within, int readsMax, int answerBytesMax) {
    private static final int SECRET_CHARS_MIN = 32;

    /// The sync API itself answers when its own time is over; this is the time for its answer to come.
    private static final Duration MARGIN = Duration.ofSeconds(1);

    public SyncApisConfig {
        urls = List.copyOf(urls);
    }

    /// Reads the settings, and notes errors there.
    ///
    /// @param derivedSecret the default secret; null if the settings must have one
    public static SyncApisConfig of(Settings settings, @Nullable Secret derivedSecret) {
        List<URI> urls = settings.read("MILENA_SYNC_API_URLS", List.of(), SyncApisConfig::urls);
        if (urls.isEmpty()) {
            settings.refuse("MILENA_SYNC_API_URLS must name the internal addresses of the sync APIs, such as"
                    + " http://sync-1:9101,http://sync-2:9101");
        }
        Duration readWithin = settings.duration(
                "MILENA_READ_WITHIN", Duration.ofSeconds(3), Duration.ofMillis(100), Duration.ofSeconds(30));
        return new SyncApisConfig(
                urls,
                secret(settings, derivedSecret),
                readWithin.plus(MARGIN),
                settings.integer("MILENA_READS_MAX", 1_000, 1, 100_000),
                settings.integer("MILENA_ANSWER_BYTES_MAX", 1 << 20, 1 << 16, 1 << 24));
    }

    private static Secret secret(Settings settings, @Nullable Secret derived) {
        Secret secret = settings.optionalSecret("MILENA_INTERNAL_SECRET");
        if (secret == null && derived == null) {
            settings.refuse("MILENA_OPERATOR_SECRET or MILENA_INTERNAL_SECRET must be set, the same in all processes");
        }
        if (secret != null && secret.value().length() < SECRET_CHARS_MIN) {
            settings.refuse("MILENA_INTERNAL_SECRET must have at least " + SECRET_CHARS_MIN + " characters");
        }
        if (secret != null) {
            return secret;
        }
        return derived == null ? new Secret("") : derived;
    }

    private static List<URI> urls(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(SyncApisConfig::url)
                .toList();
    }

    private static URI url(String text) {
        try {
            URI uri = URI.create(text);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Rejected below.
        }
        throw new IllegalArgumentException("must be addresses such as http://sync-1:9101, comma separated");
    }
}
