package chat.milena.push;

import chat.milena.ephemeral.presence.DevicePresence;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.push.courier.Courier;
import chat.milena.push.courier.CourierLimits;
import chat.milena.push.provider.Provider;
import chat.milena.push.provider.ProvidersConfig;
import chat.milena.push.send.ConsoleProvider;
import chat.milena.push.send.DeviceConnections;
import chat.milena.push.send.DeviceConnections.Connected;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.schemas.word.PushPlatform;
import chat.milena.streams.run.InstalledLog;
import chat.milena.streams.run.StreamsConfiguration;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Push as a part of a process, if a platform is set up or the console is one.
///
/// @param console receives what would be sent to platforms that are not set up; null for nothing
public record PushRun(
        PushConfig config,
        ProvidersConfig providers,
        @Nullable PrintStream console) {
    /// How long Redis fails before devices count as not connected.
    private static final Duration PRESENCE_PATIENCE = Duration.ofSeconds(5);
    /// What a click opens, behind the origin of the installation.
    private static final String PAGE = "/#/c/{conversationId}";

    /// Reads the settings, and notes errors there.
    ///
    /// @param freshVapidKey where the key of Web Push is made if the settings name none; null if they must
    public static PushRun of(Settings settings, @Nullable Path freshVapidKey, @Nullable PrintStream console) {
        return new PushRun(PushConfig.of(settings), ProvidersConfig.of(settings, freshVapidKey), console);
    }

    /// What a click opens in the pages of this origin.
    public static String navigate(String origin) {
        return origin + PAGE;
    }

    /// Whether a device of the user is online. While Redis fails for a moment, this waits.
    public static DeviceConnections connections(DevicePresence presence) {
        return device -> presence.of(device.user(), PRESENCE_PATIENCE)
                .map(seen -> seen.stream()
                                .anyMatch(one -> one.deviceId().equals(device.deviceId())
                                        && one.status() == PresenceStatus.ONLINE)
                        ? Connected.ONLINE
                        : Connected.NOT)
                .orElse(Connected.UNKNOWN);
    }

    /// The components, none if nothing is to be sent.
    public List<Component> components(
            InstalledLog log, StreamsConfiguration streams, PushWorker.Asking asking, HostProcess host) {
        Courier courier = new Courier("push", CourierLimits.STANDARD, host.clock(), host.meters());
        List<Provider> open = new ArrayList<>(providers.providers(courier, host.clock()));
        if (console != null) {
            Stream.of(PushPlatform.values())
                    .filter(platform -> open.stream().noneMatch(provider -> provider.platform() == platform))
                    .toList()
                    .forEach(platform -> open.add(new ConsoleProvider(platform, console)));
        }
        return open.isEmpty()
                ? List.of()
                : new PushWorker(config, log, streams, asking, host).components(open, courier);
    }
}
