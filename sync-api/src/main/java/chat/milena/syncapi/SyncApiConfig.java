package chat.milena.syncapi;

import chat.milena.protocol.call.ServerLimit;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.config.StartRules;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.schemas.id.Ids;
import chat.milena.syncapi.http.SyncLimits;
import chat.milena.syncapi.view.ViewsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The configuration of a sync API. Immutable.
///
/// @param copy the copy of the views that it belongs to
/// @param peers internal addresses of instances of other copies, in the order of attempts
/// @param readWithin how long a read may take
/// @param mayStart whom the users of a tenant may start conversations with
public record SyncApiConfig(
        String copy,
        List<URI> peers,
        Duration readWithin,
        Internal internal,
        ViewsConfig views,
        SyncLimits limits,
        AllowedOrigins origins,
        StartRules mayStart) {
    /// The label from which an installation without an internal secret derives it from its operator's secret.
    public static final String SECRET_PURPOSE = "milena internal calls";

    private static final int PORT_MAX = 65_535;
    private static final int SECRET_CHARS_MIN = 32;

    /// Where other instances connect.
    ///
    /// @param port 0 for any that is free
    /// @param advertisedHost what they connect to, where that is not `host`
    /// @param secret shared by all instances
    public record Internal(String host, int port, String advertisedHost, Secret secret) {}

    public SyncApiConfig {
        peers = List.copyOf(peers);
    }

    /// Reads the settings, and notes errors there.
    ///
    /// @param retention how long the log keeps events
    /// @param origins read by the code that makes the listener, which needs them too
    /// @param derivedSecret the default secret; null if the settings must have one
    public static SyncApiConfig of(
            Settings settings, Duration retention, AllowedOrigins origins, @Nullable Secret derivedSecret) {
        return new SyncApiConfig(
                settings.read("MILENA_VIEWS_COPY", "a", SyncApiConfig::copyName),
                settings.read("MILENA_SYNC_PEERS", List.of(), SyncApiConfig::peerList),
                settings.duration(
                        "MILENA_READ_WITHIN", Duration.ofSeconds(3), Duration.ofMillis(100), Duration.ofSeconds(30)),
                internal(settings, derivedSecret),
                ViewsConfig.of(settings, retention),
                limits(settings),
                origins,
                StartRules.of(settings));
    }

    /// The values of the [ServerLimit]s of reading by name. Times are in milliseconds.
    public Map<String, Long> limitsByName() {
        return Map.of(
                ServerLimit.READ_WITHIN.word(), readWithin.toMillis(),
                ServerLimit.RATE_READS_PER_SECOND.word(), (long) limits.userRate(),
                ServerLimit.SYNC_CONVERSATIONS_MAX.word(), (long) limits.sync().conversationsMax(),
                ServerLimit.SYNC_ENTRIES_MAX.word(), (long) limits.sync().entriesMax(),
                ServerLimit.PAGE_MAX.word(), (long) limits.pages().max(),
                ServerLimit.ANSWER_BYTES_MAX.word(), limits.answerBytesMax(),
                ServerLimit.INBOX_CONVERSATIONS_MAX.word(),
                        (long) limits.pages().membershipsMax());
    }

    private static Internal internal(Settings settings, @Nullable Secret derivedSecret) {
        String host = settings.text("MILENA_INTERNAL_BIND", "127.0.0.1");
        return new Internal(
                host,
                settings.integer("MILENA_INTERNAL_PORT", 0, 0, PORT_MAX),
                settings.text("MILENA_INTERNAL_HOST", host),
                secret(settings, derivedSecret));
    }

    private static SyncLimits limits(Settings settings) {
        SyncLimits usual = SyncLimits.DEFAULT;
        int pageMax = settings.integer("MILENA_PAGE_MAX", usual.pages().max(), 1, 1_000);
        int pageDefault =
                settings.integer("MILENA_PAGE_DEFAULT", Math.min(usual.pages().usual(), pageMax), 1, 1_000);
        if (pageDefault > pageMax) {
            settings.refuse("MILENA_PAGE_DEFAULT must be at most MILENA_PAGE_MAX");
            pageDefault = pageMax;
        }
        int conversationsMax =
                settings.integer("MILENA_SYNC_CONVERSATIONS_MAX", usual.sync().conversationsMax(), 1, 2_000);
        int frameBytesMax = settings.integer("MILENA_FRAME_BYTES_MAX", 64 * 1024, 1_024, 512 * 1024);
        return new SyncLimits(
                new SyncLimits.InProgress(
                        settings.integer("MILENA_READS_MAX", usual.inProgress().callsMax(), 1, 100_000),
                        settings.integer("MILENA_SYNCS_MAX", usual.inProgress().syncsMax(), 1, 100_000)),
                new SyncLimits.Sync(
                        SyncLimits.bodyBytesMax(frameBytesMax, conversationsMax),
                        conversationsMax,
                        settings.integer("MILENA_SYNC_ENTRIES_MAX", usual.sync().entriesMax(), 1, 1_000),
                        usual.sync().newConversationsMax()),
                new SyncLimits.Pages(
                        pageMax,
                        pageDefault,
                        settings.integer(
                                "MILENA_INBOX_CONVERSATIONS_MAX", usual.pages().membershipsMax(), 1, 20_000)),
                settings.integer("MILENA_ANSWER_BYTES_MAX", 1024 * 1024, 64 * 1024, 16 * 1024 * 1024),
                settings.integer("MILENA_RATE_READS_PER_SECOND", usual.userRate(), 0, 1_000_000));
    }

    private static Secret secret(Settings settings, @Nullable Secret derived) {
        Secret given = settings.optionalSecret("MILENA_INTERNAL_SECRET");
        if (given != null) {
            if (given.value().length() < SECRET_CHARS_MIN) {
                settings.refuse("MILENA_INTERNAL_SECRET must be at least " + SECRET_CHARS_MIN + " characters");
            }
            return given;
        }
        if (derived != null) {
            return derived;
        }
        settings.refuse("MILENA_INTERNAL_SECRET must be set: it authenticates instances to each other");
        return new Secret("");
    }

    private static String copyName(String text) {
        if (!Ids.isValid(text)) {
            throw new IllegalArgumentException("must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        return text;
    }

    private static List<URI> peerList(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(",", -1))
                .map(String::strip)
                .map(SyncApiConfig::peer)
                .toList();
    }

    private static URI peer(String text) {
        URI uri = URI.create(text);
        if (!"http".equals(uri.getScheme())
                || uri.getHost() == null
                || uri.getPort() < 1
                || !uri.getPath().isEmpty()) {
            throw new IllegalArgumentException("must hold addresses such as http://10.0.0.7:8081, comma separated");
        }
        return uri;
    }
}
