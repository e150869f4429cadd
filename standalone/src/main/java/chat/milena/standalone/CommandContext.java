package chat.milena.standalone;

import chat.milena.runtime.config.Settings;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The environment and the streams of a command.
///
/// @param environment the process's environment variables
/// @param out the output, readable by scripts
/// @param err the error messages, for people
public record CommandContext(Map<String, String> environment, PrintStream out, PrintStream err, Clock clock) {
    private static final String BROKERS = "MILENA_KAFKA_BOOTSTRAP_SERVERS";
    private static final Logger LOG = LoggerFactory.getLogger(CommandContext.class);

    /// Whether the environment names brokers of a cluster.
    public boolean namesBrokers() {
        return !environment.getOrDefault(BROKERS, "").isBlank();
    }

    /// `text` or `json`; anything else is a fault.
    String logFormat() {
        return environment.getOrDefault("MILENA_LOG_FORMAT", "text");
    }

    /// Whether all that a process says is for collectors, as lines of the log.
    private boolean logsJson() {
        return logFormat().equals("json");
    }

    /// Reports a reason why a command fails.
    void fail(String line) {
        if (logsJson()) {
            LOG.error("{}", line);
        } else {
            err.println("milena: " + line);
        }
    }

    /// Reports what a process does until it is stopped.
    public void say(String line) {
        if (logsJson()) {
            LOG.info("{}", line);
        } else {
            out.println(line);
            out.flush();
        }
    }

    /// The settings in the environment, for one command to read once.
    public Settings settings() {
        return Settings.ofEnvironment(environment);
    }
}
