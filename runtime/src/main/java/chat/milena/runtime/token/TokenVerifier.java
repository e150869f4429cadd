package chat.milena.runtime.token;

import chat.milena.schemas.key.UserKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Decides whether a token proves who its bearer is. Implementations are safe for all threads. They may wait for
/// the network, a few seconds at most, so they are not called on an I/O thread.
@FunctionalInterface
public interface TokenVerifier {
    /// The token's claims, after signature, algorithm, times and alphabets have been checked.
    ///
    /// @throws InvalidTokenException if any of them is wrong
    /// @throws TokenKeysUnavailableException if they cannot be checked now
    VerifiedToken verify(String jwt) throws InvalidTokenException;

    /// Says which devices were signed out. Safe for all threads; waits.
    @FunctionalInterface
    interface SignOuts {
        /// When a device was last signed out; null if it was not.
        ///
        /// @throws TokenKeysUnavailableException if that is not known now
        @Nullable
        Instant signedOutAt(UserKey user, String deviceId);
    }

    /// The same, which also rejects tokens that are good for one device alone if that was signed out since.
    default TokenVerifier rejecting(SignOuts signOuts) {
        return jwt -> {
            VerifiedToken token = verify(jwt);
            String deviceId = token.deviceId();
            if (deviceId != null) {
                token.checkSignOut(signOuts.signedOutAt(new UserKey(token.tenant(), token.userId()), deviceId));
            }
            return token;
        };
    }
}
