package chat.milena.push;

import chat.milena.ephemeral.presence.DevicePresence;
import chat.milena.ephemeral.presence.PresenceTimes;
import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.push.policy.FactsQuery;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.streams.run.InstalledLog;
import chat.milena.streams.run.StateFolder;
import chat.milena.streams.run.StateReady;
import chat.milena.streams.run.StreamsConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Push as a process of its own: its settings, and the components that they make.
public final class SeparatePushWorker {
    private final PushRun push;
    private final StreamsConfiguration streams;
    private final DevicePresence presence;
    private final String publicUrl;
    private final @Nullable PushKeys keys;
    private final HostProcess host;

    /// Reads the settings, and notes errors there.
    ///
    /// @param state the folder of its stores
    /// @param keys of registrations; null if the settings name none, which is an error
    public SeparatePushWorker(
            Settings environment, PushRun push, Path state, @Nullable PushKeys keys, HostProcess host) {
        this.push = push;
        this.keys = keys;
        this.host = host;
        if (keys == null) {
            environment.refuse("MILENA_PUSH_KEYS_FILE and MILENA_PUSH_INDEX_KEY_FILE must be set");
        }
        streams = StreamsConfiguration.of(environment, state);
        RedisConfig redis = RedisConfig.of(environment);
        presence = new DevicePresence(redis::url, redis.timeout(), PresenceTimes.of(environment), System::nanoTime);
        publicUrl = environment.text("MILENA_PUBLIC_URL", "");
    }

    /// The components that start once the topics are checked, in their order.
    ///
    /// @param facts asked before a push is sent
    public List<Component> components(InstalledLog log, FactsQuery facts) {
        if (keys == null) {
            throw new IllegalStateException("The settings were not checked");
        }
        List<Component> components = new ArrayList<>(List.of(
                new PushWorker.Open("devices", presence::close),
                new StateReady(
                        new StateFolder(streams.stateFolder()),
                        log.clients(),
                        log.topics().deliveries(),
                        name -> PushWorker.isOurs(log.topics(), name),
                        host.clock())));
        components.addAll(push.components(
                log,
                streams,
                new PushWorker.Asking(
                        PushRun.connections(presence),
                        facts,
                        keys,
                        () -> publicUrl.isEmpty() ? null : PushRun.navigate(publicUrl)),
                host));
        return components;
    }
}
