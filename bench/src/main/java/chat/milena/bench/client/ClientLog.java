package chat.milena.bench.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The client's own mistakes, as opposed to what the network or the server does.
final class ClientLog {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);

    private ClientLog() {}

    static void failure(Throwable cause) {
        LOG.error("a frame could not be handled", cause);
    }
}
