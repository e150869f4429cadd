package chat.milena.standalone.operate;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.standalone.broker.BrokerException;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;

/// The data folder of a stopped system, locked until it is closed, so that no system starts. Its broker runs only
/// during an action, at a port that no other process has.
final class StoppedSystem implements Closeable {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

    private final DataFolder folder;
    private final DataFolder.Lock lock;
    private final Settings environment;

    /// The action on the broker.
    interface Step<T> {
        T run(KafkaClients clients, Admin admin) throws TopicException, InterruptedException;
    }

    /// @throws DataFolderException if the system runs, or has no log
    StoppedSystem(DataFolder folder, Settings environment) throws DataFolderException {
        if (!Files.isDirectory(folder.kafka())) {
            throw new DataFolderException("there is no log in " + folder.path());
        }
        this.folder = folder;
        this.environment = environment;
        this.lock = folder.lock();
    }

    /// Runs one action in a separate run of the broker. Its writes are on disk when this returns.
    <T> T onBroker(Step<T> step) throws DataFolderException, BrokerException, TopicException, InterruptedException {
        try (EmbeddedKafka kafka =
                new EmbeddedKafka(folder.kafka(), new BrokerLogin(folder.kafkaPassword()), OptionalInt.of(0))) {
            kafka.start();
            KafkaClients clients =
                    KafkaClients.ofOwnBroker(environment, kafka.bootstrapServers(), kafka.clientProperties());
            try (Admin admin = Admin.create(clients.admin())) {
                return step.run(clients, admin);
            } finally {
                kafka.stop(STOP_WITHIN);
            }
        } catch (IOException e) {
            throw new BrokerException("cannot release the port of Kafka", e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
