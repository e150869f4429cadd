package chat.milena.standalone.up;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.ForegroundRun;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.runtime.lifecycle.StopSignal;
import chat.milena.runtime.token.Tokens;
import chat.milena.standalone.broker.BrokerException;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.BrokerOptions;
import chat.milena.standalone.broker.ElsewhereListener;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.streams.run.NativeRocksDb;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything in one process, from the lock of the data folder to the stop of the last component: the table of
/// contents of a run.
///
/// Each component starts after those before it work, and stops before they do.
public final class Up {
    private static final Logger LOG = LoggerFactory.getLogger(Up.class);

    private final Settings environment;
    private final PrintStream out;
    private final Clock clock;

    /// @param out receives the addresses of the run
    public Up(Settings environment, PrintStream out, Clock clock) {
        this.environment = environment;
        this.out = out;
        this.clock = clock;
    }

    /// Runs until the user asks to stop.
    ///
    /// @return the exit code
    /// @throws DataFolderException if the data folder cannot be used
    /// @throws BrokerException if the broker's port is taken
    /// @throws InvalidSettingsException if a setting is wrong
    /// @throws StartException if a component could not start; all others are stopped again
    public int run(UpOptions options)
            throws DataFolderException, BrokerException, InvalidSettingsException, StartException,
                    InterruptedException {
        DataFolder folder = DataFolder.at(options.data());
        try (DataFolder.Lock lock = folder.lock()) {
            LOG.debug("data folder locked: {}", lock.isHeld());
            return run(options, folder);
        } catch (IOException e) {
            throw new DataFolderException("cannot unlock the data folder " + folder.path(), e);
        }
    }

    private int run(UpOptions options, DataFolder folder)
            throws DataFolderException, BrokerException, InvalidSettingsException, StartException, InterruptedException,
                    IOException {
        if (options.kafka().outside()) {
            if (EmbeddedKafka.hasLogs(folder.kafka())) {
                throw new DataFolderException(
                        "the data folder " + folder.path() + " has the log of its own broker: unset"
                                + " MILENA_KAFKA_BOOTSTRAP_SERVERS, or name another folder with --data");
            }
            return run(options, folder, tokens(folder), null);
        }
        try (EmbeddedKafka kafka = new EmbeddedKafka(
                folder.kafka(),
                new BrokerLogin(folder.kafkaPassword()),
                options.kafka().port(),
                brokerOptions(options, folder))) {
            return run(options, folder, tokens(folder), kafka);
        }
    }

    private static BrokerOptions brokerOptions(UpOptions options, DataFolder folder) throws DataFolderException {
        ElsewhereListener listener = options.kafka().elsewhere();
        return new BrokerOptions(
                options.kafka().durable(),
                listener == null
                        ? null
                        : new BrokerOptions.Elsewhere(listener, BrokerLogin.ofReaders(folder.readerPassword())));
    }

    private Tokens tokens(DataFolder folder) throws DataFolderException {
        return Tokens.of(environment, List.of(folder.tokenSecret()), List.of(folder.operatorSecret()), clock);
    }

    private int run(UpOptions options, DataFolder folder, Tokens tokens, @Nullable EmbeddedKafka kafka)
            throws DataFolderException, InvalidSettingsException, StartException, InterruptedException {
        StopSignal stop = new StopSignal();
        Composition composition = new Composition(options, environment, folder, kafka, tokens, out, clock, stop::fail);
        environment.check();
        NativeRocksDb.unpackInto(folder.natives());
        Exposure.warning(options.bind(), environment.has("MILENA_ORIGINS")).ifPresent(LOG::warn);
        ElsewhereListener elsewhere = options.kafka().elsewhere();
        if (elsewhere != null) {
            LOG.warn("{}", Exposure.warning(elsewhere));
        }
        environment.unknown().forEach(name -> LOG.warn("{} is set but means nothing", name));

        Readiness readiness = composition.readiness();
        Announcement announcement =
                new Announcement(out, options.bind(), options.operatorBind(), folder.path(), composition.page());
        // Immediately: the component that is starting may take a while.
        return new ForegroundRun(composition.components(announcement), readiness, stop, composition.drainNotice())
                .run(() -> announcement.whenReady(readiness), announcement::stopping);
    }
}
