package chat.milena.gateway;

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
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The chat page of a gateway, and the requests that browsers send before they have a token.
public final class ChatPage {
    private final WebConfig config;
    private final ClaimRules claims;
    private final PageFiles files;
    private final String version;

    private ChatPage(WebConfig config, ClaimRules claims, PageFiles files, String version) {
        this.config = config;
        this.claims = claims;
        this.files = files;
        this.version = version;
    }

    /// Reads the environment; errors are noted there.
    ///
    /// @param usually whether it is served unless a setting says otherwise
    /// @param devSignIn whether any user of this machine may sign in as anybody
    /// @param version of this software
    /// @param port the clients' port; read at each request
    public static ChatPage of(
            Settings environment, boolean usually, boolean devSignIn, String version, IntSupplier port) {
        return new ChatPage(
                WebConfig.of(environment, usually, devSignIn, port),
                ClaimRules.of(environment),
                PageFiles.ofBuild(),
                version);
    }

    /// The origins that belong to this installation.
    public PublicUrl publicUrl() {
        return config.publicUrl();
    }

    /// Serves everything.
    ///
    /// @param readLimits limits of reads, by name
    /// @param push what devices can be registered with
    /// @param secret signs tokens, like a host; null if nobody may sign in here
    public void mount(
            HttpFront front,
            GatewayConfig gateway,
            Map<String, Long> readLimits,
            ServerInfo.PushOffer push,
            @Nullable TokenSecret secret,
            Clock clock) {
        Map<String, Long> limits = new TreeMap<>(ServerLimits.of(gateway));
        limits.putAll(readLimits);
        int level = gateway.connection().featureLevel();
        ServerInfo info = new ServerInfo(
                "milena",
                version,
                level,
                gateway.connection().liveness().heartbeatInterval().toMillis(),
                limits,
                MessageContent.TYPES,
                new ServerInfo.Features(
                        !push.platforms().isEmpty(),
                        false,
                        false,
                        level >= ServerInfo.MODERATION_LEVEL,
                        config.hasSignIn()),
                push);
        AddressRate rate = new AddressRate(gateway.writes().rates().clients().addressPerSecond(), System::nanoTime);
        Website.mount(
                front,
                config,
                files,
                Website.serverInfo(info, rate),
                config.signsIn() && secret != null
                        ? new DevSignIn(
                                front, new TokenSigner(secret, claims), config.moderators(), clock, System::nanoTime)
                        : null);
    }

    /// The lines that the start prints about the page.
    ///
    /// @param address the clients' address
    public List<String> announced(String address) {
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
