package chat.milena.gateway.web;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The origin at which browsers reach this installation: the one in `MILENA_PUBLIC_URL` or, without one, this
/// machine's own names with the bound port. No header of a request changes it.
public final class PublicUrl {
    private static final Pattern WEB = Pattern.compile("https?://");

    private final @Nullable String configured;
    private final IntSupplier port;

    private PublicUrl(@Nullable String configured, IntSupplier port) {
        this.configured = configured;
        this.port = port;
    }

    /// Reads the settings, and notes errors there.
    ///
    /// @param port the bound port; read for each request
    public static PublicUrl of(Settings settings, IntSupplier port) {
        String given = settings.read("MILENA_PUBLIC_URL", "", PublicUrl::parse);
        return new PublicUrl(given.isEmpty() ? null : given, port);
    }

    private static String parse(String text) {
        if (!isWeb(text)) {
            throw new IllegalArgumentException("must be an origin such as https://chat.example, without a path");
        }
        return AllowedOrigins.normal(text);
    }

    /// Whether this is the origin of a website.
    static boolean isWeb(String origin) {
        try {
            return WEB.matcher(AllowedOrigins.normal(origin)).lookingAt();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// The origins of this installation; the first one is shown to people.
    public Set<String> origins() {
        if (configured != null) {
            return Set.of(configured);
        }
        Set<String> local = new LinkedHashSet<>();
        for (String host : LocalHosts.NAMES) {
            local.add(AllowedOrigins.normal("http://" + host + ":" + port.getAsInt()));
        }
        return local;
    }

    /// The addresses of sockets at those origins.
    Set<String> sockets() {
        return origins().stream()
                .map(origin -> "ws" + origin.substring("http".length()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// The configured origin; null without one.
    public @Nullable String configured() {
        return configured;
    }
}
