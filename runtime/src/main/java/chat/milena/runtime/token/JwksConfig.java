package chat.milena.runtime.token;

import chat.milena.runtime.config.Settings;
import chat.milena.schemas.id.Ids;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where public keys are published, and how they are fetched. Immutable.
///
/// @param urls each serves a JSON Web Key Set, for all tenants or for one; empty for HS256 only
/// @param outage how long the last fetched keys are trusted while their URL does not answer
/// @param refreshEvery how often keys are fetched regularly
/// @param refetchEvery minimum interval between extra fetches for unknown keys; also the pause after a failed
/// fetch
/// @param fetchWithin how long a fetch may take from its first byte to its last
/// @param bytesMax the maximum size of an answer
public record JwksConfig(
        List<KeySource> urls,
        Duration outage,
        Duration refreshEvery,
        Duration refetchEvery,
        Duration fetchWithin,
        int bytesMax) {
    private static final int URLS_MAX = 8;
    private static final Duration OUTAGE_DEFAULT = Duration.ofHours(24);
    private static final Duration OUTAGE_MIN = Duration.ofMinutes(10);
    private static final Duration OUTAGE_MAX = Duration.ofDays(30);
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    public JwksConfig {
        urls = List.copyOf(urls);
        List<String> errors = new ArrayList<>();
        if (urls.size() > URLS_MAX) {
            errors.add("urls must be at most " + URLS_MAX);
        }
        for (Duration time : List.of(outage, refreshEvery, refetchEvery, fetchWithin)) {
            if (!time.isPositive()) {
                errors.add("times must be positive");
            }
        }
        if (bytesMax < 1) {
            errors.add("bytesMax must be at least 1");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// Reads the settings, and notes errors there.
    public static JwksConfig of(Settings settings) {
        return new JwksConfig(
                settings.read("MILENA_JWKS_URL", List.of(), JwksConfig::parse),
                settings.duration("MILENA_JWKS_OUTAGE", OUTAGE_DEFAULT, OUTAGE_MIN, OUTAGE_MAX),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                256 * 1024);
    }

    private static List<KeySource> parse(String commaSeparated) {
        List<KeySource> urls = Arrays.stream(commaSeparated.split(",", -1))
                .map(String::strip)
                .map(JwksConfig::source)
                .distinct()
                .toList();
        if (urls.size() > URLS_MAX) {
            throw new IllegalArgumentException("must be at most " + URLS_MAX + " URLs");
        }
        return urls;
    }

    /// `shop=https://shop.example/jwks.json`, or a URL alone. A text before an equals sign within a URL is no
    /// tenant.
    private static KeySource source(String text) {
        int equals = text.indexOf('=');
        if (equals < 0 || !Ids.isValid(text.substring(0, equals))) {
            return new KeySource(url(text), null);
        }
        return new KeySource(url(text.substring(equals + 1)), text.substring(0, equals));
    }

    private static URI url(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw notAUrl();
        }
        String host = url.getHost();
        if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null || !isSafe(url, host)) {
            throw notAUrl();
        }
        return url;
    }

    /// Keys that cross the open network unprotected prove nothing.
    private static boolean isSafe(URI url, String host) {
        @Nullable String scheme = url.getScheme();
        return "https".equalsIgnoreCase(scheme)
                || ("http".equalsIgnoreCase(scheme)
                        && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches());
    }

    /// Does not quote the text: a URL may hold a password.
    private static IllegalArgumentException notAUrl() {
        return new IllegalArgumentException("must be URLs with https (http on this machine only), comma separated,"
                + " without user or fragment, such as https://id.example/jwks.json or, for the tokens of one tenant,"
                + " shop=https://shop.example/jwks.json");
    }
}
