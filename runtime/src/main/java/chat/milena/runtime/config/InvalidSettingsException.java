package chat.milena.runtime.config;

import java.util.List;

/// Settings that cannot be used. The message lists every error, one a line.
public final class InvalidSettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidSettingsException(List<String> errors) {
        super(String.join("\n", errors));
    }
}
