package chat.milena.standalone.service;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.standalone.CommandContext;
import chat.milena.streams.run.NativeRocksDb;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.topology.WriteSide;
import chat.milena.topology.sequencer.SequencerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// A process with an application of the write side.
final class DecidingProcess {
    private DecidingProcess() {}

    /// Runs until a stop is requested.
    ///
    /// @param folder of its state, unless the settings name another one
    /// @param access what that does with the topics
    /// @param applications what runs here
    /// @return the exit code
    static int run(
            ServiceProcess process,
            CommandContext context,
            String folder,
            TopicAccess access,
            Function<WriteSide, List<Component>> applications)
            throws InvalidSettingsException, StartException, InterruptedException {
        Installation installation = process.installation;
        Path state = ServiceOptions.state(process.options, process.environment, folder);
        StreamsConfiguration streams = StreamsConfiguration.of(process.environment, state);
        SequencerConfig config =
                SequencerConfig.of(process.environment, installation.sizing().messageRetention());
        WriteSide writeSide = new WriteSide(
                new WriteSide.Log(
                        installation.topics(),
                        installation.clients(),
                        installation.schemas().ids()),
                streams,
                config,
                installation.sizing().messageRetention(),
                new WriteSide.Platform(
                        process.readiness, process.metrics.registry(), context.clock(), process.stop::fail));
        process.check();
        NativeRocksDb.unpackInto(state.resolve("native"));
        return process.run(null, process.checked(access), applications.apply(writeSide));
    }
}
