package chat.milena.push.classify;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests as [Standard Webhooks](https://www.standardwebhooks.com) describes: with each secret, where one
/// replaces another. Immutable, and shows no secret.
final class Signer {
    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKeySpec> secrets;

    /// @param secrets none to sign nothing
    Signer(Collection<byte[]> secrets) {
        this.secrets = secrets.stream()
                .map(secret -> new SecretKeySpec(secret, ALGORITHM))
                .toList();
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
        if (!secrets.isEmpty()) {
            String before = id + "." + now.getEpochSecond() + ".";
            heads.put(
                    "webhook-signature",
                    secrets.stream()
                            .map(secret -> "v1," + signature(secret, before, body))
                            .collect(Collectors.joining(" ")));
        }
        return heads;
    }

    private static String signature(SecretKeySpec secret, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            ByteArrayOutputStream signed = new ByteArrayOutputStream(before.length() + body.length);
            signed.writeBytes(before.getBytes(StandardCharsets.UTF_8));
            signed.writeBytes(body);
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
