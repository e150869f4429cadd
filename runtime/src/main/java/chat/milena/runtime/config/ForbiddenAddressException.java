package chat.milena.runtime.config;

import java.io.IOException;
import java.io.Serial;

/// A host outside stands for an address that is not public.
public final class ForbiddenAddressException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public ForbiddenAddressException(String host) {
        super(host + " is not a public host");
    }
}
