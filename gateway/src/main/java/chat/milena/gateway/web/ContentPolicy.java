package chat.milena.gateway.web;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.ArrayList;
import java.util.List;

/// What the chat page may do in a browser: run its own scripts, load its own files, and call this server. No text
/// of a message can become markup or script: there is no `unsafe-…` word, and trusted types are required.
final class ContentPolicy {
    private static final HttpString POLICY = new HttpString("Content-Security-Policy");
    private static final HttpString OPENERS = new HttpString("Cross-Origin-Opener-Policy");
    private static final HttpString PERMISSIONS = new HttpString("Permissions-Policy");

    private final WebConfig config;

    ContentPolicy(WebConfig config) {
        this.config = config;
    }

    /// The policy as browsers read it.
    String text() {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' blob:",
                "media-src 'self' blob:",
                "font-src 'self'",
                "connect-src " + String.join(" ", connections()),
                "worker-src 'self'",
                "manifest-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types milena");
    }

    /// The page may be open at one name of this machine and call another.
    private List<String> connections() {
        List<String> sources = new ArrayList<>(List.of("'self'"));
        // A policy cannot contain an IPv6 address; there, only 'self' is allowed.
        config.publicUrl().sockets().stream()
                .filter(source -> source.indexOf('[') < 0)
                .forEach(sources::add);
        if (config.publicUrl().configured() != null) {
            sources.addAll(config.publicUrl().origins());
        }
        String tokenOrigin = config.tokenOrigin();
        if (tokenOrigin != null) {
            sources.add(tokenOrigin);
        }
        return sources;
    }

    void mark(HeaderMap head) {
        head.put(POLICY, text());
        head.put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
        head.put(Headers.REFERRER_POLICY, "no-referrer");
        head.put(OPENERS, "same-origin");
        head.put(PERMISSIONS, "camera=(), microphone=(), geolocation=()");
    }
}
