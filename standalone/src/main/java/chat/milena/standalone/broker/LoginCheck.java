package chat.milena.standalone.broker;

import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.jspecify.annotations.Nullable;

/// Checks logins against the one user of the listener's own configuration.
///
/// By default Kafka keeps the credentials of this mechanism in its log. The controller's listener cannot wait for
/// that log, and the log of a folder from an earlier version has none. Kafka creates this class by its name. It is
/// safe for all threads once configured.
public final class LoginCheck implements AuthenticateCallbackHandler {
    /// The option of the login that holds the credential.
    static final String CREDENTIAL = "credential";

    private static final String USER = "username";

    private @Nullable ScramCredential credential;
    private @Nullable String known;

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Map<String, ?> options = entries.getFirst().getOptions();
        known = String.valueOf(options.get(USER));
        Object given = options.get(CREDENTIAL);
        credential = ScramCredentialUtils.credentialFromString(String.valueOf(given));
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        String user = "";
        for (Callback callback : callbacks) {
            switch (callback) {
                case NameCallback name -> user = name.getDefaultName();
                case ScramCredentialCallback asked -> {
                    if (user.equals(known)) {
                        asked.scramCredential(credential);
                    }
                }
                default -> throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
