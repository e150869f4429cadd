package chat.milena.standalone.service;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.streams.run.NativeRocksDb;
import chat.milena.topology.WriteSide;
import chat.milena.topology.WriteSideConfig;
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
            String folder,
            TopicAccess access,
            Function<WriteSide, List<Component>> applications)
            throws InvalidSettingsException, StartException, InterruptedException {
        Installation installation = process.installation;
        Path state = ServiceOptions.state(process.options, process.environment, folder);
        WriteSideConfig config = WriteSideConfig.of(
                process.environment, state, installation.sizing().messageRetention());
        WriteSide writeSide = new WriteSide(config, installation.log(), process.host());
        process.check();
        NativeRocksDb.unpackInto(state.resolve("native"));
        return process.run(null, process.checked(access), applications.apply(writeSide));
    }
}
