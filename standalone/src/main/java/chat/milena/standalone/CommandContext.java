package chat.milena.standalone;

import chat.milena.runtime.config.Settings;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/// The environment and the streams of a command.
///
/// @param environment the process's environment variables
/// @param out the output, readable by scripts
/// @param err the error messages, for people
public record CommandContext(Map<String, String> environment, PrintStream out, PrintStream err, Clock clock) {
    private static final String BROKERS = "MILENA_KAFKA_BOOTSTRAP_SERVERS";

    /// Whether the environment names brokers of a cluster.
    public boolean namesBrokers() {
        return !environment.getOrDefault(BROKERS, "").isBlank();
    }

    /// The settings in the environment, for one command to read once.
    public Settings settings() {
        return Settings.ofEnvironment(environment);
    }
}
