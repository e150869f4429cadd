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

/// How a sync API answers. Immutable.
///
/// @param copy the copy of the views that it takes part in
/// @param peers internal addresses of instances of other copies, in the order in which they are asked
/// @param readWithin how long a read may take
/// @param mayStart with whom the users of a tenant may start conversations
public record SyncApiConfig(
        String copy,
        List<URI> peers,
        Duration readWithin,
        Internal internal,
        ViewsConfig views,
        SyncLimits limits,
        AllowedOrigins origins,
        StartRules mayStart) {
    /// What an installation without an internal secret of its own derives it from its operator's secret for.
    public static final String SECRET_PURPOSE = "milena internal calls";

    private static final int PORT_MAX = 65_535;
    private static final int SECRET_CHARS_MIN = 32;

    /// Where other instances connect.
    ///
    /// @param port 0 for any that is free
    /// @param advertisedHost what they connect to, where that is not `host`
    /// @param secret that all instances share
    public record Internal(String host, int port, String advertisedHost, Secret secret) {}

    public SyncApiConfig {
        peers = List.copyOf(peers);
    }

    /// What the environment says; what is wrong with it is noted there.
    ///
    /// @param retention how long the log keeps events
    /// @param origins read by whoever makes the listener, which needs them too
    /// @param derivedSecret where the environment has none; null if it must have one
    public static SyncApiConfig of(
            Settings environment, Duration retention, AllowedOrigins origins, @Nullable Secret derivedSecret) {
        return new SyncApiConfig(
                environment.read("MILENA_VIEWS_COPY", "a", SyncApiConfig::copyName),
                environment.read("MILENA_SYNC_PEERS", List.of(), SyncApiConfig::peerList),
                environment.duration(
                        "MILENA_READ_WITHIN", Duration.ofSeconds(3), Duration.ofMillis(100), Duration.ofSeconds(30)),
                internal(environment, derivedSecret),
                ViewsConfig.of(environment, retention),
                limits(environment),
                origins,
                StartRules.of(environment));
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

    private static Internal internal(Settings environment, @Nullable Secret derivedSecret) {
        String host = environment.text("MILENA_INTERNAL_BIND", "127.0.0.1");
        return new Internal(
                host,
                environment.integer("MILENA_INTERNAL_PORT", 0, 0, PORT_MAX),
                environment.text("MILENA_INTERNAL_HOST", host),
                secret(environment, derivedSecret));
    }

    private static SyncLimits limits(Settings environment) {
        SyncLimits usual = SyncLimits.DEFAULT;
        int pageMax = environment.integer("MILENA_PAGE_MAX", usual.pages().max(), 1, 1_000);
        int pageDefault = environment.integer(
                "MILENA_PAGE_DEFAULT", Math.min(usual.pages().usual(), pageMax), 1, 1_000);
        if (pageDefault > pageMax) {
            environment.refuse("MILENA_PAGE_DEFAULT must be at most MILENA_PAGE_MAX");
            pageDefault = pageMax;
        }
        int conversationsMax = environment.integer(
                "MILENA_SYNC_CONVERSATIONS_MAX", usual.sync().conversationsMax(), 1, 2_000);
        int frameBytesMax = environment.integer("MILENA_FRAME_BYTES_MAX", 64 * 1024, 1_024, 512 * 1024);
        return new SyncLimits(
                new SyncLimits.InProgress(
                        environment.integer(
                                "MILENA_READS_MAX", usual.inProgress().callsMax(), 1, 100_000),
                        environment.integer(
                                "MILENA_SYNCS_MAX", usual.inProgress().syncsMax(), 1, 100_000)),
                new SyncLimits.Sync(
                        SyncLimits.bodyBytesMax(frameBytesMax, conversationsMax),
                        conversationsMax,
                        environment.integer(
                                "MILENA_SYNC_ENTRIES_MAX", usual.sync().entriesMax(), 1, 1_000),
                        usual.sync().newConversationsMax()),
                new SyncLimits.Pages(
                        pageMax,
                        pageDefault,
                        environment.integer(
                                "MILENA_INBOX_CONVERSATIONS_MAX", usual.pages().membershipsMax(), 1, 20_000)),
                environment.integer("MILENA_ANSWER_BYTES_MAX", 1024 * 1024, 64 * 1024, 16 * 1024 * 1024),
                environment.integer("MILENA_RATE_READS_PER_SECOND", usual.userRate(), 0, 1_000_000));
    }

    private static Secret secret(Settings environment, @Nullable Secret derived) {
        Secret given = environment.optionalSecret("MILENA_INTERNAL_SECRET");
        if (given != null) {
            if (given.value().length() < SECRET_CHARS_MIN) {
                environment.refuse("MILENA_INTERNAL_SECRET must be at least " + SECRET_CHARS_MIN + " characters");
            }
            return given;
        }
        if (derived != null) {
            return derived;
        }
        environment.refuse("MILENA_INTERNAL_SECRET must be set: instances prove themselves to each other by it");
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
