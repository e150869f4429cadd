package chat.milena.push.courier;

import java.io.Serial;
import java.net.UnknownHostException;

/// A host was not looked up, since as many others as may be are being looked up.
final class BusyException extends UnknownHostException {
    @Serial
    private static final long serialVersionUID = 1;

    BusyException(String host) {
        super(host + " was not looked up");
    }
}
