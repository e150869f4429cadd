package chat.milena.standalone.up;

import chat.milena.standalone.broker.ElsewhereListener;
import java.net.InetAddress;
import java.util.Optional;

/// The warning for an operator whose server other machines can reach. Pure.
public final class Exposure {
    private Exposure() {}

    /// The warning of a broker that listens for clients on other machines.
    ///
    /// @param elsewhere that listener
    public static String warning(ElsewhereListener elsewhere) {
        return "The broker is reachable from other machines at " + elsewhere.advertised() + " without TLS: messages"
                + " cross the network in clear text, and clients with kafka-reader.password may read those of all"
                + " tenants (see \"Kafka's tools\" in docs/operations.md)";
    }

    /// The warning, if there is one.
    ///
    /// @param bind the clients' address
    /// @param originsSet whether the allowed websites are configured
    public static Optional<String> warning(InetAddress bind, boolean originsSet) {
        if (bind.isLoopbackAddress()) {
            return Optional.empty();
        }
        String reachable = "Reachable from other machines at " + bind.getHostAddress()
                + " without TLS: tokens and messages cross the network in clear text unless a proxy in front of it"
                + " speaks TLS (see \"Behind a proxy\" in docs/operations.md)";
        return Optional.of(
                originsSet ? reachable : reachable + "; any website may call, since MILENA_ORIGINS is not set");
    }
}
