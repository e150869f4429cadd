package chat.milena.gateway.web;

import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.HttpFront;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.net.URI;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What browsers get without a token, mounted on the listener of the clients: the table of contents. Everything
/// here is served even while other components are not ready.
public final class Website {
    private static final HttpString ALLOWED_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString RESOURCES = new HttpString("Cross-Origin-Resource-Policy");
    private static final String JSON = "application/json";
    private static final String NOT_BUILT =
            "The chat page is not built: it needs Node and npm. Install them and start again; all else is served.\n";

    private Website() {}

    /// What the page requests before it signs in.
    ///
    /// @param server the address of the server, relative to its own
    /// @param tokenUrl left out if tokens come from this server, or from nowhere
    private record PageSettings(
            String server, String signIn, @Nullable String tokenUrl) {}

    /// Serves everything.
    ///
    /// @param devSignIn signs in for development; null without it
    public static void mount(
            HttpFront front, WebConfig config, PageFiles files, HttpHandler serverInfo, @Nullable DevSignIn devSignIn) {
        front.mountAlways("/api/v1/server", serverInfo);
        front.mountAlways("/dev/token", devSignIn == null ? front::answerUnknown : devSignIn);
        if (!config.page()) {
            return;
        }
        ContentPolicy policy = new ContentPolicy(config);
        front.mountAlways("/web.json", new WebFile(settings(config), JSON, WebFile.NO_CACHE, policy::mark));
        if (!files.built()) {
            front.mountAlways("/", Website::answerNotBuilt);
        }
        files.byPath().forEach((path, bytes) -> front.mountAlways(path, file(path, bytes, policy)));
    }

    /// The version, limits and features of this server.
    public static HttpHandler serverInfo(ServerInfo info, AddressRate rate) {
        return rate.before(new WebFile(ProtocolJson.bytes(info), JSON, WebFile.NO_CACHE, head -> {
            head.put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
            head.put(ALLOWED_ORIGIN, "*");
        }));
    }

    private static byte[] settings(WebConfig config) {
        String server = config.publicUrl().configured();
        URI tokenUrl = config.tokenUrl();
        return ProtocolJson.bytes(new PageSettings(
                server == null ? "/" : server, config.signIn().word(), tokenUrl == null ? null : tokenUrl.toString()));
    }

    private static WebFile file(String path, byte[] bytes, ContentPolicy policy) {
        boolean hashed = path.startsWith("/assets/");
        boolean forOthers = hashed || path.equals("/milena-chat.js");
        Consumer<HeaderMap> heads = head -> {
            policy.mark(head);
            if (forOthers) {
                head.put(ALLOWED_ORIGIN, "*");
                head.put(RESOURCES, "cross-origin");
            }
        };
        return new WebFile(bytes, PageFiles.contentType(path), hashed ? WebFile.IMMUTABLE : WebFile.NO_CACHE, heads);
    }

    private static void answerNotBuilt(HttpServerExchange exchange) {
        exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        exchange.setPersistent(false);
        exchange.getResponseSender().send(NOT_BUILT);
    }
}
