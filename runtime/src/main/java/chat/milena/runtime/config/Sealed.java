package chat.milena.runtime.config;

/// An encrypted text: what a log may hold of a secret.
///
/// @param keyId the key that it is encrypted with
/// @param bytes the nonce, then the ciphertext with its tag
@SuppressWarnings("ArrayRecordComponent") // made to be written into a record of the log, never compared
public record Sealed(String keyId, byte[] bytes) {
    @Override
    public String toString() {
        return "Sealed[keyId=" + keyId + "]";
    }
}
