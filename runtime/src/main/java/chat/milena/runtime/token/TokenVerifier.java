package chat.milena.runtime.token;

/// Decides whether a token proves who its bearer is. Implementations are safe for all threads. They may wait for
/// the network, a few seconds at most, so they are not called on an I/O thread.
public interface TokenVerifier {
    /// The token's claims, after signature, algorithm, times and alphabets have been checked.
    ///
    /// @throws InvalidTokenException if any of them is wrong
    /// @throws TokenKeysUnavailableException if they cannot be checked now
    VerifiedToken verify(String jwt) throws InvalidTokenException;
}
