package chat.milena.runtime.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys of a published set that can check tokens. Each key is judged by itself: one that cannot be read or
/// used is ignored and does not affect the others (RFC 7517, section 5). Immutable.
///
/// @param usable public keys for RS256, ES256 or EdDSA; at least one, at most [#KEYS_MAX]
/// @param passedOver the ignored keys, each by its `kid` and with the reason; fit for a log
record PublishedKeys(JWKSet usable, List<String> passedOver) {
    static final int KEYS_MAX = 64;

    private static final int RSA_BITS_MIN = 2_048;
    private static final int RSA_BITS_MAX = 8_192;
    private static final int ED25519_BYTES = 32;
    private static final int NAMED_MAX = 16;
    private static final int KID_CHARS_SHOWN = 64;

    PublishedKeys {
        passedOver = List.copyOf(passedOver);
    }

    /// Reads the answer of a URL.
    ///
    /// @throws IOException if it is no key set, or holds no usable key
    static PublishedKeys parse(byte[] body) throws IOException {
        List<JWK> usable = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        for (Object key : elements(body)) {
            try {
                if (usable.size() == KEYS_MAX) {
                    throw new UnusableKeyException("there are more than " + KEYS_MAX);
                }
                usable.add(read(key));
            } catch (UnusableKeyException e) {
                passedOver.add(kid(key) + " (" + e.getMessage() + ")");
            }
        }
        if (usable.isEmpty()) {
            throw new IOException("the answer holds no key for RS256, ES256 or EdDSA");
        }
        return new PublishedKeys(new JWKSet(usable), cut(passedOver));
    }

    private static List<?> elements(byte[] body) throws IOException {
        try {
            @Nullable Map<String, Object> set = JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8));
            if (set != null && set.get("keys") instanceof List<?> keys) {
                return keys;
            }
        } catch (ParseException | IllegalArgumentException e) {
            throw new IOException("the answer is no key set", e);
        }
        throw new IOException("the answer is no key set");
    }

    private static JWK read(Object key) throws UnusableKeyException {
        if (!(key instanceof Map<?, ?> fields)) {
            throw new UnusableKeyException("not an object");
        }
        JWK parsed;
        try {
            parsed = JWK.parse(JSONObjectUtils.toJSONString(named(fields))).toPublicJWK();
        } catch (ParseException | RuntimeException e) {
            // The library rejects some keys by exceptions of other kinds; its messages may quote the key.
            throw new UnusableKeyException("cannot be read");
        }
        // A symmetric key has no public part.
        if (parsed == null || !isUsable(parsed)) {
            throw new UnusableKeyException("not for RS256, ES256 or EdDSA");
        }
        return parsed;
    }

    private static Map<String, Object> named(Map<?, ?> fields) {
        Map<String, Object> named = JSONObjectUtils.newJSONObject();
        fields.forEach((name, value) -> named.put(String.valueOf(name), value));
        return named;
    }

    /// Whether a verifier can be made from the key, so that no token has to find out.
    private static boolean isUsable(JWK key) {
        try {
            return switch (key) {
                case RSAKey rsa ->
                    rsa.size() >= RSA_BITS_MIN && rsa.size() <= RSA_BITS_MAX && rsa.toRSAPublicKey() != null;
                case ECKey ec -> ec.getCurve().equals(Curve.P_256) && ec.toECPublicKey() != null;
                case OctetKeyPair okp ->
                    okp.getCurve().equals(Curve.Ed25519) && okp.getDecodedX().length == ED25519_BYTES;
                default -> false;
            };
        } catch (JOSEException | RuntimeException e) {
            return false;
        }
    }

    private static String kid(Object key) {
        @Nullable Object kid = key instanceof Map<?, ?> fields ? fields.get("kid") : null;
        if (!(kid instanceof String text)) {
            return "a key without kid";
        }
        // The text comes from outside and goes to a log.
        String shown = text.length() > KID_CHARS_SHOWN ? text.substring(0, KID_CHARS_SHOWN) + "…" : text;
        return shown.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }

    private static List<String> cut(List<String> passedOver) {
        if (passedOver.size() <= NAMED_MAX) {
            return passedOver;
        }
        List<String> named = new ArrayList<>(passedOver.subList(0, NAMED_MAX));
        named.add((passedOver.size() - NAMED_MAX) + " more");
        return named;
    }

    /// Why a key is ignored.
    private static final class UnusableKeyException extends Exception {
        private static final long serialVersionUID = 1L;

        private UnusableKeyException(String reason) {
            super(reason);
        }
    }
}
