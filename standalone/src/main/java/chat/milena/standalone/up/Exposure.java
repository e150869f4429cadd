package chat.milena.standalone.up;

import java.net.InetAddress;
import java.util.Optional;

/// What an operator is warned of who lets other machines connect. Pure.
public final class Exposure {
    private Exposure() {}

    /// The warning, if there is anything to warn of.
    ///
    /// @param bind where clients connect
    /// @param originsSet whether it is said which websites may call
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
