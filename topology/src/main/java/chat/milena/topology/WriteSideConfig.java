package chat.milena.topology;

import chat.milena.runtime.config.Settings;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.topology.sequencer.SequencerConfig;
import java.nio.file.Path;
import java.time.Duration;

/// The configuration of the applications that decide. Immutable.
public record WriteSideConfig(StreamsConfiguration streams, SequencerConfig sequencer) {
    /// Reads the settings, and notes errors there.
    ///
    /// @param state the folder of the stores
    /// @param messageRetention how long the log keeps messages
    public static WriteSideConfig of(Settings settings, Path state, Duration messageRetention) {
        return new WriteSideConfig(
                StreamsConfiguration.of(settings, state), SequencerConfig.of(settings, messageRetention));
    }
}
