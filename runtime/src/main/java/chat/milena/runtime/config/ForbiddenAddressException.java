package chat.milena.runtime.config;

import java.io.Serial;
import java.net.UnknownHostException;

/// A host outside stands for an address that is not public.
public final class ForbiddenAddressException extends UnknownHostException {
    @Serial
    private static final long serialVersionUID = 1;

    public ForbiddenAddressException(String host) {
        super(host + " is not a public host");
    }
}
