package chat.milena.standalone.service;

import chat.milena.runtime.config.Settings;
import chat.milena.standalone.up.UpOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a service that is a process of its own.
final class ServiceOptions {
    private static final int PORT_MAX = 65_535;

    /// The options of a service with clients.
    static final class Listening {
        @Option(names = "--port", paramLabel = "PORT", description = "The port for clients (0: any).")
        @Nullable
        String port;

        @Option(
                names = "--bind",
                paramLabel = "ADDRESS",
                description = "The address to listen on (default: 127.0.0.1).")
        @Nullable
        String bind;
    }

    /// The option of a service with state.
    static final class Stateful {
        @Option(names = "--state", paramLabel = "DIR", description = "The folder of its state.")
        @Nullable
        String state;
    }

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of an `up` on this machine, for its secrets and its broker's password.")
    private @Nullable String data;

    /// The options as settings, which note errors.
    Settings given(@Nullable Listening listening, @Nullable Stateful stateful) {
        Map<String, @Nullable String> given = new HashMap<>();
        given.put("--data", data);
        given.put("--port", listening == null ? null : listening.port);
        given.put("--bind", listening == null ? null : listening.bind);
        given.put("--state", stateful == null ? null : stateful.state);
        return Settings.ofOptions(given);
    }

    /// The data folder with the secrets; null if it is not given.
    static @Nullable Path data(Settings options) {
        return options.has("--data") ? options.read("--data", Path.of("data"), Path::of) : null;
    }

    static InetAddress bind(Settings options, Settings environment) {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        InetAddress set = environment.read("MILENA_BIND", loopback, UpOptions::address);
        return options.read("--bind", set, UpOptions::address);
    }

    static int port(Settings options, Settings environment, int usual) {
        return options.integer("--port", environment.integer("MILENA_PORT", usual, 0, PORT_MAX), 0, PORT_MAX);
    }

    static Path state(Settings options, Settings environment, String usual) {
        return options.read("--state", environment.read("MILENA_STATE", Path.of(usual), Path::of), Path::of);
    }
}
