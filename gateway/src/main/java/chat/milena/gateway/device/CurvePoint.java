package chat.milena.gateway.device;

import java.math.BigInteger;
import java.util.Arrays;

/// Checks public keys of browsers. Pure.
final class CurvePoint {
    private static final int NUMBER_BYTES = 32;
    private static final int POINT_BYTES = 1 + 2 * NUMBER_BYTES;
    private static final byte UNCOMPRESSED = 4;

    /// P-256 (NIST SP 800-186, section 3.2.1.3): y² = x³ − 3x + b, modulo p.
    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);

    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private CurvePoint() {}

    /// Whether these bytes are a point on P-256, uncompressed.
    static boolean isOnP256(byte[] bytes) {
        if (bytes.length != POINT_BYTES || bytes[0] != UNCOMPRESSED) {
            return false;
        }
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(bytes, 1, 1 + NUMBER_BYTES));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(bytes, 1 + NUMBER_BYTES, POINT_BYTES));
        BigInteger right = x.modPow(THREE, P).subtract(x.multiply(THREE)).add(B).mod(P);
        return x.compareTo(P) < 0 && y.compareTo(P) < 0 && y.multiply(y).mod(P).equals(right);
    }
}
