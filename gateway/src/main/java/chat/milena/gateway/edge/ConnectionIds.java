package chat.milena.gateway.edge;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Ids of connections, which nobody can guess.
final class ConnectionIds {
    private static final int BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ConnectionIds() {}

    static String next() {
        byte[] id = new byte[BYTES];
        RANDOM.nextBytes(id);
        return "conn_" + HexFormat.of().formatHex(id);
    }
}
