package chat.milena.standalone;

import chat.milena.runtime.config.Settings;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/// What a command gets from outside.
///
/// @param environment the process's environment variables
/// @param out what scripts may read
/// @param err what people read when something is wrong
public record CommandContext(Map<String, String> environment, PrintStream out, PrintStream err, Clock clock) {
    /// The settings in the environment, to be read once by one command.
    public Settings settings() {
        return Settings.ofEnvironment(environment);
    }
}
