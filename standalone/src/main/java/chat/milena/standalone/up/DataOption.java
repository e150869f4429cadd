package chat.milena.standalone.up;

import chat.milena.runtime.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--data`, for the commands that need the data folder of an `up`.
public final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", description = "The data folder of the `up` (default: ./data).")
    private @Nullable String given;

    /// Whether the option was given.
    public boolean isGiven() {
        return given != null;
    }

    /// The folder of the option, else of the environment, else the default. Errors are recorded in `environment`.
    public Path folder(Settings environment) {
        Settings options = Settings.ofOptions(given == null ? Map.of() : Map.of("--data", given));
        Path folder = UpOptions.dataFolder(options, environment);
        options.errors().forEach(environment::refuse);
        return folder;
    }
}
