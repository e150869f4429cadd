package chat.milena.push.classify;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Signs requests as [Standard Webhooks](https://www.standardwebhooks.com) describes. Immutable, and shows no secret.
final class Signer {
    private static final String ALGORITHM = "HmacSHA256";

    private final byte @Nullable [] secret;

    /// @param secret null to sign nothing
    Signer(byte @Nullable [] secret) {
        this.secret = secret == null ? null : secret.clone();
    }

    /// The heads of a request.
    ///
    /// @param id the same for each attempt at the same request
    Map<String, String> heads(String id, Instant now, byte[] body) {
        Map<String, String> heads = new LinkedHashMap<>();
        heads.put("content-type", "application/json");
        heads.put("accept", "application/json");
        heads.put("webhook-id", id);
        heads.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        if (secret != null) {
            heads.put("webhook-signature", "v1," + signature(secret, id + "." + now.getEpochSecond() + ".", body));
        }
        return heads;
    }

    private static String signature(byte[] secret, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            ByteArrayOutputStream signed = new ByteArrayOutputStream(before.length() + body.length);
            signed.writeBytes(before.getBytes(StandardCharsets.UTF_8));
            signed.writeBytes(body);
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
