package chat.milena.bench.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a cluster consists of beside three brokers and a Redis, and how each member is set up.
///
/// On machines of their own the brokers are `kafka-1:9092` to `kafka-3:9092`, and the gateways listen on port 8080;
/// [Places] has these addresses.
public interface Deployment {
    /// How a process of Milena is started: its command and its settings.
    record Service(List<String> arguments, Map<String, String> environment) {
        public Service {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }
    }

    /// Makes the secrets in the folder: `operator.secret` and `token.secret` under these names.
    void makeSecrets(Places places) throws IOException, InterruptedException;

    /// Settings of a broker, but for its folder.
    Map<String, String> broker(int id, Places places);

    /// What the brokers need beside Kafka, as entries of a class path.
    default List<String> brokerClassPath() {
        return List.of();
    }

    /// The command that becomes Redis.
    ///
    /// @param program of Redis
    List<String> redis(Path program, Places places);

    /// The command that becomes the registry of schemas; empty without one.
    default List<String> schemaRegistry(Places places) {
        return List.of();
    }

    /// The names of the services, such as `gateway-2`, in the order in which they start.
    List<String> services();

    /// One of them, or `topics`, which makes the topics.
    Service service(String name, Places places);

    /// The settings of any other process.
    ///
    /// @param user by which the brokers know it, such as `gateway`
    Map<String, String> environment(String user, Places places);
}
