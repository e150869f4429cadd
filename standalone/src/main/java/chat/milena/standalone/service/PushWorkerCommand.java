package chat.milena.standalone.service;

import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.query.SyncApis;
import chat.milena.gateway.query.SyncApisConfig;
import chat.milena.push.PushRun;
import chat.milena.push.PushWorker;
import chat.milena.push.SeparatePushWorker;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.query.RemotePushAnswers;
import chat.milena.standalone.service.ServiceOptions.Stateful;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.streams.run.NativeRocksDb;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `push-worker`: runs push over a cluster, until SIGTERM.
@Command(
        name = "push-worker",
        mixinStandardHelpOptions = true,
        description = "Runs push by itself, over the brokers at MILENA_KAFKA_BOOTSTRAP_SERVERS and the sync APIs at"
                + " MILENA_SYNC_API_URLS. Several share the users, each with its own MILENA_INSTANCE_ID and --state"
                + " (default: ./push).")
public final class PushWorkerCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private Stateful stateful = new Stateful();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(
            names = "--push-log",
            description = "Prints what would be pushed to devices, with names and texts, instead of sending it by"
                    + " platforms that are not set up.")
    private boolean pushLog;

    public PushWorkerCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException, StartException, InterruptedException {
        ServiceProcess process = new ServiceProcess("push-worker", context, options.given(null, stateful));
        Settings environment = process.environment;
        Installation installation = process.installation;
        Path data = ServiceOptions.data(process.options);
        DataFolder folder = data == null ? null : DataFolder.existing(data);
        PushKeys keys = PushSetup.of(environment, folder == null ? PushSetup.UsualKeys.NONE : folder.usualKeys())
                .keys();
        Path state = process.state("push");
        SeparatePushWorker worker = new SeparatePushWorker(
                environment,
                PushRun.of(environment, folder == null ? null : folder.vapidKeyFile(), pushLog ? context.out() : null),
                state,
                keys,
                process.host());
        SyncApis apis = new SyncApis(SyncApisConfig.of(environment, installation.internalSecret()));
        process.check();
        NativeRocksDb.unpackInto(state.resolve("native"));
        return process.run(
                null,
                process.checked(PushWorker.access(installation.topics())),
                worker.components(installation.log(), new RemotePushAnswers(apis)));
    }
}
