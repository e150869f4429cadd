package chat.milena.runtime.token;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Fetches a key set, within a bound of time and of size. Follows no redirect, which could lead off https. Safe for
/// all threads.
final class JwksFetch implements AutoCloseable {
    private static final int OK = 200;
    private static final int KEYS_MAX = 64;
    private static final int RSA_BITS_MIN = 2_048;
    private static final int RSA_BITS_MAX = 8_192;

    private final Duration within;
    private final int bytesMax;
    private @Nullable HttpClient client;

    JwksFetch(Duration within, int bytesMax) {
        this.within = within;
        this.bytesMax = bytesMax;
    }

    /// The public keys there that can check a token: at least one.
    ///
    /// @throws IOException if there is no good answer in time; the message says why
    JWKSet fetch(URI url) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url).header("Accept", "application/json").build();
        CompletableFuture<HttpResponse<byte[]>> asked =
                client().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), bytesMax));
        try {
            // A bound of the whole: the client's own timeout ends with the answer's head.
            HttpResponse<byte[]> answer = asked.get(within.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != OK) {
                throw new IOException("it answered " + answer.statusCode());
            }
            return parse(answer.body());
        } catch (TimeoutException e) {
            throw new IOException("it did not answer within " + within, e);
        } catch (ExecutionException e) {
            throw new IOException("it could not be read: " + e.getCause(), e);
        } finally {
            asked.cancel(true);
        }
    }

    /// Made at the first use: a process without URLs shall not pay for it.
    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(within)
                    .build();
            client = made;
        }
        return made;
    }

    private static JWKSet parse(byte[] body) throws IOException {
        JWKSet published;
        try {
            published = JWKSet.parse(new String(body, StandardCharsets.UTF_8));
        } catch (ParseException | IllegalArgumentException e) {
            throw new IOException("its answer is no key set", e);
        }
        if (published.size() > KEYS_MAX) {
            throw new IOException("its answer holds more than " + KEYS_MAX + " keys");
        }
        List<JWK> usable = published.getKeys().stream()
                .filter(JwksFetch::isUsable)
                .map(JWK::toPublicJWK)
                .filter(Objects::nonNull)
                .toList();
        if (usable.isEmpty()) {
            throw new IOException("its answer holds no key for RS256, ES256 or EdDSA");
        }
        return new JWKSet(usable);
    }

    /// Symmetric keys above all are not: a published secret is none.
    private static boolean isUsable(JWK key) {
        return switch (key) {
            case RSAKey rsa -> rsa.size() >= RSA_BITS_MIN && rsa.size() <= RSA_BITS_MAX;
            case ECKey ec -> ec.getCurve().equals(Curve.P_256);
            case OctetKeyPair okp -> okp.getCurve().equals(Curve.Ed25519);
            default -> false;
        };
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
