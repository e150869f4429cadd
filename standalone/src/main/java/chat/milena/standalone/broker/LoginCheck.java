package chat.milena.standalone.broker;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.jspecify.annotations.Nullable;

/// What the broker checks logins against: the one user of its own configuration.
///
/// Kafka by itself keeps credentials of this mechanism in its log, which the controller's listener cannot wait for, and
/// in which a folder made by an earlier version has none. Made by Kafka, by its name; safe for all threads once
/// configured.
public final class LoginCheck implements AuthenticateCallbackHandler {
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;

    private @Nullable ScramCredential credential;

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Object password = entries.getFirst().getOptions().get("password");
        try {
            // Of as few rounds as are allowed: the password is random, and each connection pays for them.
            credential = new ScramFormatter(MECHANISM)
                    .generateCredential(String.valueOf(password), MECHANISM.minIterations());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        String user = "";
        for (Callback callback : callbacks) {
            switch (callback) {
                case NameCallback name -> user = name.getDefaultName();
                case ScramCredentialCallback asked -> {
                    if (user.equals(BrokerLogin.USER)) {
                        asked.scramCredential(credential);
                    }
                }
                default -> throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public void close() {
        // Nothing of it is open.
    }
}
