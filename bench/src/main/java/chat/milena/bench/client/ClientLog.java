package chat.milena.bench.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs faults of the client itself, as opposed to failures of the network or the server.
final class ClientLog {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);

    private ClientLog() {}

    static void failure(Throwable cause) {
        LOG.error("a frame could not be handled", cause);
    }
}
