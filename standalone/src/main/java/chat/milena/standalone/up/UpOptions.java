package chat.milena.standalone.up;

import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.standalone.broker.ElsewhereListener;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The options of a run, from the command line or the environment.
///
/// @param data the data folder
/// @param bind the address for clients
/// @param port the port for clients; 0 takes any free one
/// @param operatorBind the address for operators, who read metrics and readiness there
/// @param operatorPort the port for operators; 0 takes any free one
/// @param kafka the brokers
/// @param redis the URL of a Redis; if empty, one is started
/// @param trying what is for trying out alone
public record UpOptions(
        Path data,
        InetAddress bind,
        int port,
        InetAddress operatorBind,
        int operatorPort,
        Brokers kafka,
        @Nullable Secret redis,
        Trying trying) {
    private static final String LISTEN = "MILENA_KAFKA_LISTEN";
    private static final String ADVERTISED = "MILENA_KAFKA_ADVERTISED";
    private static final String DURABLE = "MILENA_DURABLE";
    private static final String OWN_BROKER =
            " is for a broker of this process, and MILENA_KAFKA_BOOTSTRAP_SERVERS names another one";
    private static final int PORT_DEFAULT = 8080;
    private static final int PORT_MAX = 65_535;
    private static final int OPERATOR_PORT_ABOVE = 10;

    /// The options, else the environment, else the defaults. Errors are recorded in `options` and `environment`.
    ///
    /// @param outside whether the settings name brokers of a cluster
    public static UpOptions of(Settings options, Settings environment, boolean outside) {
        int port = environment.integer("MILENA_PORT", PORT_DEFAULT, 0, PORT_MAX);
        // 0 means no choice, only here.
        int kafkaPort = environment.integer("MILENA_KAFKA_PORT", 0, 1, PORT_MAX);
        int chosen = options.integer("--kafka-port", kafkaPort, 1, PORT_MAX);
        if (outside && chosen != 0) {
            options.refuse((kafkaPort == 0 ? "--kafka-port" : "MILENA_KAFKA_PORT") + OWN_BROKER);
        }
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        InetAddress bind = options.read(
                "--bind", environment.read("MILENA_BIND", loopback, UpOptions::address), UpOptions::address);
        int clients = options.integer("--port", port, 0, PORT_MAX);
        return new UpOptions(
                dataFolder(options, environment),
                bind,
                clients,
                environment.read("MILENA_OPERATOR_BIND", loopback, UpOptions::address),
                operatorPort(environment, clients),
                new Brokers(
                        outside,
                        chosen == 0 ? OptionalInt.empty() : OptionalInt.of(chosen),
                        elsewhere(environment, outside),
                        durable(options, environment, outside)),
                redis(options),
                new Trying(
                        devSignIn(options, environment, bind),
                        options.flag("--push-log", environment.flag("MILENA_PUSH_LOG", false))));
    }

    /// Where the log is.
    ///
    /// @param outside the settings name brokers of a cluster; else this process runs its own
    /// @param port of its own broker; if empty, the usual one, or any if that is taken
    /// @param elsewhere where its own broker listens for clients on other machines; null if it does not
    /// @param durable whether its own broker acknowledges only what is on the disk
    public record Brokers(
            boolean outside, OptionalInt port, @Nullable ElsewhereListener elsewhere, boolean durable) {}

    private static boolean durable(Settings options, Settings environment, boolean outside) {
        boolean durable = options.flag("--durable", environment.flag(DURABLE, false));
        if (durable && outside) {
            options.refuse((environment.has(DURABLE) ? DURABLE : "--durable") + OWN_BROKER);
        }
        return durable;
    }

    private static @Nullable ElsewhereListener elsewhere(Settings environment, boolean outside) {
        String advertised = environment.text(ADVERTISED, "");
        if (outside) {
            Stream.of(LISTEN, ADVERTISED)
                    .filter(environment::has)
                    .forEach(name -> environment.refuse(name + OWN_BROKER));
        } else if (!advertised.isEmpty() && !environment.has(LISTEN)) {
            environment.refuse(ADVERTISED + " names the listener that " + LISTEN + " adds, which is not set");
        }
        return environment
                .read(
                        LISTEN,
                        Optional.<ElsewhereListener>empty(),
                        text -> Optional.of(ElsewhereListener.parse(text, advertised)))
                .orElse(null);
    }

    /// What is for trying out alone.
    ///
    /// @param devSignIn whether any user of this machine may sign in as anybody
    /// @param pushLog whether the console shows what would be pushed
    public record Trying(boolean devSignIn, boolean pushLog) {}

    boolean devSignIn() {
        return trying.devSignIn();
    }

    boolean pushLog() {
        return trying.pushLog();
    }

    /// On by default if only this machine can connect and no host application signs tokens.
    private static boolean devSignIn(Settings options, Settings environment, InetAddress bind) {
        boolean usual = bind.isLoopbackAddress()
                && !environment.has("MILENA_JWKS_URL")
                && !environment.has("MILENA_TRUSTED_PROXIES");
        boolean chosen = options.flag("--dev-sign-in", environment.flag("MILENA_DEV_SIGN_IN", usual));
        if (chosen && !bind.isLoopbackAddress()) {
            options.refuse(
                    "--dev-sign-in lets anybody who can connect sign in as any user: use it only with a --bind of this"
                            + " machine alone, such as 127.0.0.1");
        }
        return chosen;
    }

    private static @Nullable Secret redis(Settings options) {
        Secret url = RedisConfig.url(options, "--redis");
        if (url != null && URI.create(url.value()).getUserInfo() != null) {
            options.refuse("--redis must not hold a password: other users see it in the list of processes;"
                    + " put the URL into a file and name that in MILENA_REDIS_URL_FILE");
        }
        return url;
    }

    /// The operators' port: ten above the clients' port, or any free one if that is any.
    public static int operatorPort(Settings environment, int clientsPort) {
        int usual = clientsPort == 0 || clientsPort + OPERATOR_PORT_ABOVE > PORT_MAX
                ? 0
                : clientsPort + OPERATOR_PORT_ABOVE;
        return environment.integer("MILENA_OPERATOR_PORT", usual, 0, PORT_MAX);
    }

    /// Only the data folder, for commands that need nothing else.
    public static Path dataFolder(Settings options, Settings environment) {
        return options.read("--data", environment.read("MILENA_DATA", Path.of("data"), Path::of), Path::of);
    }

    /// An address of this machine.
    ///
    /// @throws IllegalArgumentException if it is not one
    public static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("must be an address of this machine, such as 127.0.0.1 or 0.0.0.0");
        }
    }
}
