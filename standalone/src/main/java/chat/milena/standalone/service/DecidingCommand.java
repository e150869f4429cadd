package chat.milena.standalone.service;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.service.ServiceOptions.Stateful;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.streams.run.NativeRocksDb;
import chat.milena.topology.WriteSide;
import chat.milena.topology.WriteSideConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/// Runs one application of the write side over a cluster, until SIGTERM.
abstract class DecidingCommand implements Callable<Integer> {
    private final CommandContext context;
    private final String name;
    private final Function<TopicCatalogue, TopicAccess> access;
    private final Function<WriteSide, List<Component>> application;

    @Mixin
    private Stateful stateful = new Stateful();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    /// @param name of the service, and of the folder of its state unless the settings name another one
    /// @param access what it does with the topics
    DecidingCommand(
            CommandContext context,
            String name,
            Function<TopicCatalogue, TopicAccess> access,
            Function<WriteSide, List<Component>> application) {
        this.context = context;
        this.name = name;
        this.access = access;
        this.application = application;
    }

    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException, StartException, InterruptedException {
        ServiceProcess process = new ServiceProcess(name, context, options.given(null, stateful));
        Installation installation = process.installation;
        Path state = process.state(name);
        WriteSideConfig config = WriteSideConfig.of(
                process.environment, state, installation.sizing().messageRetention());
        WriteSide writeSide = new WriteSide(config, installation.log(), process.host());
        List<Component> components = new ArrayList<>(application.apply(writeSide));
        components.addAll(beside(process, config));
        process.check();
        NativeRocksDb.unpackInto(state.resolve("native"));
        return process.run(null, process.checked(access.apply(installation.topics())), components);
    }

    /// Further components of the process, with the settings that they read there.
    List<Component> beside(ServiceProcess process, WriteSideConfig config) {
        return List.of();
    }
}
