package chat.milena.bench.cluster;

import java.util.List;
import java.util.Map;

/// How the processes of a cluster reach its brokers.
public interface Access {
    /// Anybody on this machine.
    Access OPEN = new Access() {
        @Override
        public Map<String, String> ofBrokers() {
            return Map.of("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        }

        @Override
        public Map<String, String> ofClients(String user) {
            return Map.of();
        }
    };

    /// Settings of brokers, whose listeners are `BROKER` and `CONTROLLER`.
    Map<String, String> ofBrokers();

    /// What the brokers need for these settings beside Kafka, as entries of a class path.
    default List<String> brokerClassPath() {
        return List.of();
    }

    /// Settings of the environment of a process.
    ///
    /// @param user the name of its command, such as `gateway`; `topics` for what makes them
    Map<String, String> ofClients(String user);
}
