package chat.milena.gateway.web;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.schemas.id.Ids;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Whether the chat page is served, where, and how its users sign in. Immutable.
///
/// @param page whether the page is served
/// @param signsIn whether this server itself signs in any user of this machine, for development
/// @param moderators ids of users who sign in here as moderators
/// @param tokenUrl where the page gets tokens of the host application, which takes precedence; null without one
public record WebConfig(
        boolean page,
        boolean signsIn,
        Set<String> moderators,
        @Nullable URI tokenUrl,
        PublicUrl publicUrl) {

    /// Reads the settings, and notes errors there.
    ///
    /// @param pageUsually whether the page is served by default
    /// @param port the bound port; read for each request
    public static WebConfig of(Settings settings, boolean pageUsually, boolean signsIn, IntSupplier port) {
        String tokenUrl = settings.read("MILENA_WEB_TOKEN_URL", "", WebConfig::webAddress);
        return new WebConfig(
                settings.flag("MILENA_WEB", pageUsually),
                signsIn,
                settings.read("MILENA_DEV_MODERATORS", Set.of(), WebConfig::users),
                tokenUrl.isEmpty() ? null : URI.create(tokenUrl),
                PublicUrl.of(settings, port));
    }

    private static Set<String> users(String text) {
        Set<String> users = Set.copyOf(Arrays.asList(text.split(",", -1)));
        if (!users.stream().allMatch(Ids::isValidUser)) {
            throw new IllegalArgumentException("must be user ids, separated by commas");
        }
        return users;
    }

    private static String webAddress(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getRawFragment() == null && uri.getRawUserInfo() == null && PublicUrl.isWeb(origin(uri))) {
                return text;
            }
        } catch (URISyntaxException e) {
            // Rejected below.
        }
        throw new IllegalArgumentException("must be an address such as https://shop.example/chat-token");
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /// The other origin from which the page gets its tokens; null without one.
    @Nullable
    String tokenOrigin() {
        return tokenUrl == null ? null : AllowedOrigins.normal(origin(tokenUrl));
    }

    /// Whether users can sign in on the page.
    public boolean hasSignIn() {
        return signIn() != SignIn.NONE;
    }

    /// How users sign in on the page.
    SignIn signIn() {
        if (tokenUrl != null) {
            return SignIn.URL;
        }
        return signsIn ? SignIn.DEVELOPMENT : SignIn.NONE;
    }
}
