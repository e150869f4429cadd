package chat.milena.standalone.up;

import chat.milena.gateway.GatewayConfig;
import chat.milena.gateway.ServerLimits;
import chat.milena.gateway.web.AddressRate;
import chat.milena.gateway.web.DevSignIn;
import chat.milena.gateway.web.PageFiles;
import chat.milena.gateway.web.PublicUrl;
import chat.milena.gateway.web.WebConfig;
import chat.milena.gateway.web.Website;
import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.timeline.MessageContent;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.token.ClaimRules;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.standalone.Version;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/// The chat page of a run, and the requests that browsers send before they have a token.
final class ChatPage {
    private final WebConfig config;
    private final ClaimRules claims;
    private final PageFiles files;

    private ChatPage(WebConfig config, ClaimRules claims, PageFiles files) {
        this.config = config;
        this.claims = claims;
        this.files = files;
    }

    /// Reads the options and the environment; errors in the environment are recorded there.
    ///
    /// @param port the clients' port; read at each request
    static ChatPage of(UpOptions options, Settings environment, IntSupplier port) {
        return new ChatPage(
                WebConfig.of(environment, true, options.devSignIn(), port),
                ClaimRules.of(environment),
                PageFiles.ofBuild());
    }

    PublicUrl publicUrl() {
        return config.publicUrl();
    }

    /// @param readLimits limits of reads, by name
    /// @param secret signs tokens, like a host
    void mount(HttpFront front, GatewayConfig gateway, Map<String, Long> readLimits, TokenSecret secret, Clock clock) {
        Map<String, Long> limits = new TreeMap<>(ServerLimits.of(gateway));
        limits.putAll(readLimits);
        ServerInfo info = new ServerInfo(
                "milena",
                Version.number(),
                gateway.connection().featureLevel(),
                gateway.connection().liveness().heartbeatInterval().toMillis(),
                limits,
                MessageContent.TYPES,
                new ServerInfo.Features(false, false, false, false, config.hasSignIn()));
        AddressRate rate = new AddressRate(gateway.writes().rates().clients().addressPerSecond(), System::nanoTime);
        Website.mount(
                front,
                config,
                files,
                Website.serverInfo(info, rate),
                config.signsIn()
                        ? new DevSignIn(front, new TokenSigner(secret, claims), clock, System::nanoTime)
                        : null);
    }

    /// The lines that the start prints about the page.
    ///
    /// @param address the clients' address
    List<String> announced(String address) {
        List<String> lines = new ArrayList<>();
        if (config.page()) {
            String configured = config.publicUrl().configured();
            String url = configured == null ? address : configured;
            lines.add("  chat page  " + (files.built() ? url : "not built (needs Node and npm)"));
        }
        if (config.signsIn()) {
            lines.add("  sign-in    any user of this machine may sign in as anybody (--no-dev-sign-in turns this off)");
        }
        return lines;
    }
}
