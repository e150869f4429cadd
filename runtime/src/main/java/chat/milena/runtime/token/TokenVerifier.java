package chat.milena.runtime.token;

/// Decides whether a token proves who its bearer is. Implementations are safe for all threads and never block for long.
public interface TokenVerifier {
    /// The token's claims, once signature, algorithm, times and alphabets have been checked.
    ///
    /// @throws InvalidTokenException if any of them is wrong
    VerifiedToken verify(String jwt) throws InvalidTokenException;
}
