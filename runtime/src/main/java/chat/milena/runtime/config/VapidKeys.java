package chat.milena.runtime.config;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The keys by which an installation is known to push services of browsers (VAPID, RFC 8292). The same at all
/// processes of an installation. Immutable.
///
/// The file has a line `publicKey:privateKey` for each pair, both in base64url: a point on P-256 of 65 bytes, and a
/// number of 32 bytes, as the usual generators print them. The first pair is published. Older ones sign for the
/// subscriptions that were made with them: a new first line rotates the key.
public final class VapidKeys {
    private static final int NUMBER_BYTES = 32;
    private static final int POINT_BYTES = 2 * NUMBER_BYTES + 1;
    private static final byte UNCOMPRESSED = 4;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final String CURVE = "secp256r1";

    private final List<Pair> pairs;

    private VapidKeys(List<Pair> pairs) {
        this.pairs = pairs;
    }

    /// One pair of keys, both in base64url without padding.
    public record Pair(String publicKey, Secret privateKey) {}

    /// The keys in this file.
    ///
    /// @throws IOException if the file cannot be read or does not hold keys; the message names the file, never its
    ///     content
    public static VapidKeys load(Path file) throws IOException {
        return parse(file, SecretFile.read(file));
    }

    /// The keys in this file. A file that does not exist is made with a new pair, readable by its owner only.
    ///
    /// @throws IOException as of [#load], and if the file cannot be made
    public static VapidKeys loadOrCreate(Path file) throws IOException {
        return parse(file, SecretFile.readOrCreate(file, VapidKeys::fresh));
    }

    /// The public key that browsers subscribe with.
    public String published() {
        return pairs.getFirst().publicKey();
    }

    /// The pair of this public key; empty if it is not, or no longer, a key of this installation.
    public Optional<Pair> pair(String publicKey) {
        return pairs.stream().filter(pair -> pair.publicKey().equals(publicKey)).findFirst();
    }

    /// All pairs; the published one first.
    public List<Pair> pairs() {
        return pairs;
    }

    @Override
    public String toString() {
        return "VapidKeys[hidden]";
    }

    private static VapidKeys parse(Path file, String text) throws IOException {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.isEmpty()) {
            throw new IOException(file + " holds no VAPID key");
        }
        Pair[] pairs = new Pair[lines.size()];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = pair(file, lines.get(i));
        }
        if (Arrays.stream(pairs).map(Pair::publicKey).distinct().count() != pairs.length) {
            throw new IOException(file + " holds a VAPID key twice");
        }
        return new VapidKeys(List.of(pairs));
    }

    private static Pair pair(Path file, String line) throws IOException {
        int colon = line.indexOf(':');
        byte[] point = decoded(line.substring(0, Math.max(colon, 0)));
        byte[] number = decoded(line.substring(colon + 1));
        if (point.length != POINT_BYTES || point[0] != UNCOMPRESSED || number.length != NUMBER_BYTES) {
            throw new IOException(file + " does not hold VAPID keys: each line must be publicKey:privateKey, which"
                    + " are base64url of 65 and of 32 bytes");
        }
        try {
            if (!belongTogether(point, number)) {
                throw new IOException(file + " holds VAPID keys that are no pair: " + ENCODER.encodeToString(point));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds VAPID keys that are not on P-256", e);
        }
        return new Pair(ENCODER.encodeToString(point), new Secret(ENCODER.encodeToString(number)));
    }

    /// Empty for what is no base64url: the message of the decoder would quote characters of a secret.
    private static byte[] decoded(String base64Url) {
        try {
            return Base64.getUrlDecoder().decode(base64Url);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static boolean belongTogether(byte[] point, byte[] number) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec(CURVE));
        ECParameterSpec parameters = curve.getParameterSpec(ECParameterSpec.class);
        KeyFactory factory = KeyFactory.getInstance("EC");
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + NUMBER_BYTES));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 1 + NUMBER_BYTES, POINT_BYTES));

        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(factory.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, number), parameters)));
        signer.update(point);
        byte[] signature = signer.sign();
        signer.initVerify(factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), parameters)));
        signer.update(point);
        return signer.verify(signature);
    }

    private static String fresh() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            KeyPair pair = generator.generateKeyPair();
            ECPoint point = ((ECPublicKey) pair.getPublic()).getW();
            byte[] publicKey = new byte[POINT_BYTES];
            publicKey[0] = UNCOMPRESSED;
            put(point.getAffineX(), publicKey, 1);
            put(point.getAffineY(), publicKey, 1 + NUMBER_BYTES);
            byte[] privateKey = new byte[NUMBER_BYTES];
            put(((ECPrivateKey) pair.getPrivate()).getS(), privateKey, 0);
            return ENCODER.encodeToString(publicKey) + ":" + ENCODER.encodeToString(privateKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has P-256", e);
        }
    }

    /// Big-endian, with leading zeros; a sign byte is left out.
    private static void put(BigInteger number, byte[] target, int at) {
        byte[] bytes = number.toByteArray();
        int from = Math.max(0, bytes.length - NUMBER_BYTES);
        System.arraycopy(bytes, from, target, at + NUMBER_BYTES - (bytes.length - from), bytes.length - from);
    }
}
