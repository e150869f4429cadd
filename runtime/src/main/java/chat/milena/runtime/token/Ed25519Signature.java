package chat.milena.runtime.token;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/// Checks Ed25519 signatures (RFC 8032) with the JDK's own implementation; that of the token library needs one
/// more library.
final class Ed25519Signature {
    private static final String ALGORITHM = "Ed25519";

    /// The bytes before the 32 bytes of a key in its X.509 form (RFC 8410).
    private static final byte[] KEY_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;

    private Ed25519Signature() {}

    static boolean verify(byte[] key, byte[] signed, byte[] signature) {
        if (key.length != KEY_BYTES) {
            return false;
        }
        byte[] encoded = new byte[KEY_PREFIX.length + KEY_BYTES];
        System.arraycopy(KEY_PREFIX, 0, encoded, 0, KEY_PREFIX.length);
        System.arraycopy(key, 0, encoded, KEY_PREFIX.length, KEY_BYTES);
        try {
            PublicKey publicKey = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(publicKey);
            check.update(signed);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // A malformed signature or key; every JDK has the algorithm itself.
            return false;
        }
    }
}
