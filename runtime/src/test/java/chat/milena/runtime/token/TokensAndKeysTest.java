package chat.milena.runtime.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.TestKeys.Ed25519;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of token against a verifier that knows a secret and published keys of each type.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokensAndKeysTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final JWTClaimsSet ALICE = new JWTClaimsSet.Builder()
            .subject("alice")
            .expirationTime(Date.from(NOW.plusSeconds(60)))
            .build();
    private static final JwksConfig CONFIG = new JwksConfig(
            List.of(),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            64 * 1024);

    private final TokenSecret secret = TokenSecret.random();
    private RSAKey rsa;
    private RSAKey otherRsa;
    private ECKey ec;
    private Ed25519 ed;
    private byte[] publishedSecret;
    private JwksServer server;
    private JwksServer evil;
    private JwksKeys keys;
    private TokenVerifier verifier;

    @BeforeAll
    void publish() throws Exception {
        rsa = TestKeys.rsa("rsa");
        otherRsa = TestKeys.rsa("rsa");
        ec = TestKeys.ec("ec");
        ed = Ed25519.of("ed");
        publishedSecret = new byte[32];
        evil = new JwksServer();
        evil.publish(otherRsa.toPublicJWK());
        server = new JwksServer();
        server.publish(
                rsa.toPublicJWK(),
                ec.toPublicJWK(),
                ed.jwk(),
                new RSAKey.Builder(otherRsa.toRSAPublicKey())
                        .keyID("for encryption")
                        .keyUse(KeyUse.ENCRYPTION)
                        .build(),
                new RSAKey.Builder(rsa.toRSAPublicKey())
                        .keyID("for PS256")
                        .algorithm(JWSAlgorithm.PS256)
                        .build(),
                new ECKeyGenerator(Curve.P_384).keyID("p384").generate().toPublicJWK());
        keys = new JwksKeys(at(server.url()), Ticker.system());
        verifier = new SignedTokenVerifier(List.of(secret), keys.keys(), ClaimRules.DEFAULT, CLOCK);
    }

    private static JwksConfig at(URI... urls) {
        return new JwksConfig(
                Stream.of(urls).map(url -> new KeySource(url, null)).toList(),
                CONFIG.outage(),
                CONFIG.refreshEvery(),
                CONFIG.refetchEvery(),
                CONFIG.fetchWithin(),
                CONFIG.bytesMax());
    }

    @AfterAll
    void close() {
        keys.close();
        server.close();
        evil.close();
    }

    Stream<Arguments> good() throws Exception {
        return Stream.of(
                Arguments.of("HS256", TestKeys.sign(new JWSHeader(JWSAlgorithm.HS256), ALICE, secret.key())),
                Arguments.of(
                        "HS256 with a kid", TestKeys.sign(TestKeys.head(JWSAlgorithm.HS256, "x"), ALICE, secret.key())),
                Arguments.of("RS256", TestKeys.sign(TestKeys.head(JWSAlgorithm.RS256, "rsa"), ALICE, rsa)),
                Arguments.of("RS256 without kid", TestKeys.sign(new JWSHeader(JWSAlgorithm.RS256), ALICE, rsa)),
                Arguments.of("ES256", TestKeys.sign(TestKeys.head(JWSAlgorithm.ES256, "ec"), ALICE, ec)),
                Arguments.of("ES256 without kid", TestKeys.sign(new JWSHeader(JWSAlgorithm.ES256), ALICE, ec)),
                Arguments.of("EdDSA", ed.sign(TestKeys.head(JWSAlgorithm.EdDSA, "ed"), ALICE)),
                Arguments.of("EdDSA without kid", ed.sign(new JWSHeader(JWSAlgorithm.EdDSA), ALICE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void goodTokensAreAccepted(String what, String jwt) throws Exception {
        assertThat(verifier.verify(jwt).userId()).isEqualTo("alice");
    }

    Stream<Arguments> bad() throws Exception {
        byte[] spki = rsa.toRSAPublicKey().getEncoded();
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + java.util.Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(spki)
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] jwkText = rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        JWSHeader hs256 = TestKeys.head(JWSAlgorithm.HS256, "rsa");
        return Stream.of(
                Arguments.of("public key as HMAC secret (DER)", TestKeys.sign(hs256, ALICE, spki), "wrong signature"),
                Arguments.of("public key as HMAC secret (PEM)", TestKeys.sign(hs256, ALICE, pem), "wrong signature"),
                Arguments.of(
                        "public key as HMAC secret (JWK)", TestKeys.sign(hs256, ALICE, jwkText), "wrong signature"),
                Arguments.of(
                        "modulus as HMAC secret",
                        TestKeys.sign(hs256, ALICE, rsa.getModulus().decode()),
                        "wrong signature"),
                Arguments.of(
                        "Ed25519 key as HMAC secret",
                        TestKeys.sign(
                                TestKeys.head(JWSAlgorithm.HS256, "ed"),
                                ALICE,
                                ed.jwk().getDecodedX()),
                        "wrong signature"),
                Arguments.of("other key, same kid", rs256("rsa", otherRsa), "wrong signature"),
                Arguments.of("key for encryption", rs256("for encryption", otherRsa), "unknown key"),
                Arguments.of("key for another algorithm", rs256("for PS256", rsa), "unknown key"),
                Arguments.of("RS256 with an EC key's kid", rs256("ec", rsa), "unknown key"),
                Arguments.of(
                        "ES256 with an RSA key's kid",
                        TestKeys.sign(TestKeys.head(JWSAlgorithm.ES256, "rsa"), ALICE, ec),
                        "unknown key"),
                Arguments.of(
                        "EdDSA with an EC key's kid",
                        ed.sign(TestKeys.head(JWSAlgorithm.EdDSA, "ec"), ALICE),
                        "unknown key"),
                Arguments.of("unknown kid", rs256("nobody's", rsa), "unknown key"),
                Arguments.of(
                        "HS512",
                        TestKeys.sign(new JWSHeader(JWSAlgorithm.HS512), ALICE, new byte[64]),
                        "is not signed with"),
                Arguments.of(
                        "RS512",
                        TestKeys.sign(TestKeys.head(JWSAlgorithm.RS512, "rsa"), ALICE, rsa),
                        "is not signed with"),
                Arguments.of(
                        "PS256",
                        TestKeys.sign(TestKeys.head(JWSAlgorithm.PS256, "rsa"), ALICE, rsa),
                        "is not signed with"),
                Arguments.of("none", unsigned("none", ""), "not a signed token"),
                Arguments.of("none with a signature", unsigned("none", "AAAA"), "not a signed token"),
                Arguments.of("NONE", unsigned("NONE", "AAAA"), "is not signed with"),
                Arguments.of("no signature", stripped(rs256("rsa", rsa)), "not a signed token"),
                Arguments.of("ES256 of zeros", forged("ES256", "ec", new byte[64]), "wrong signature"),
                Arguments.of("short ES256", forged("ES256", "ec", new byte[3]), "wrong signature"),
                Arguments.of("EdDSA of zeros", forged("EdDSA", "ed", new byte[64]), "wrong signature"),
                Arguments.of("short EdDSA", forged("EdDSA", "ed", new byte[3]), "wrong signature"),
                Arguments.of("long EdDSA", forged("EdDSA", "ed", new byte[200]), "wrong signature"),
                Arguments.of("RS256 of zeros", forged("RS256", "rsa", new byte[256]), "wrong signature"),
                Arguments.of(
                        "RS256's signature under ES256",
                        forged("ES256", "ec", last(rs256("rsa", rsa))),
                        "wrong signature"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void badTokensAreRefused(String what, String jwt, String reason) {
        assertRefused(jwt, reason);
    }

    @Test
    void tokenMayNotBringItsOwnKey() throws Exception {
        JWSHeader own = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(otherRsa.toPublicJWK())
                .build();
        JWSHeader ownNamed = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(otherRsa.toPublicJWK())
                .keyID("rsa")
                .build();
        JWSHeader elsewhere = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwkURL(evil.url())
                .x509CertURL(evil.url())
                .keyID("rsa")
                .build();

        for (JWSHeader head : List.of(own, ownNamed, elsewhere)) {
            assertRefused(TestKeys.sign(head, ALICE, otherRsa), "wrong signature");
        }
        assertThat(evil.requests).hasValue(0);
    }

    @Test
    void criticalHeadersAreRefused() throws Exception {
        for (String name : List.of("exp", "b64", "x")) {
            JWSHeader head = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID("rsa")
                    .criticalParams(Set.of(name))
                    .build();
            assertRefused(TestKeys.sign(head, ALICE, rsa), "crit");
        }
        JWSHeader plain = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .base64URLEncodePayload(false)
                .criticalParams(Set.of("b64"))
                .build();
        assertThatThrownBy(() -> verifier.verify(TestKeys.sign(plain, ALICE, rsa)))
                .isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void publishedSecretIsNoKey() throws Exception {
        try (JwksServer careless = new JwksServer()) {
            JWK leaked =
                    new OctetSequenceKey.Builder(publishedSecret).keyID("s").build();
            careless.publish(leaked, ec.toPublicJWK());
            try (JwksKeys published = new JwksKeys(at(careless.url()), Ticker.system())) {
                TokenVerifier any =
                        new SignedTokenVerifier(List.of(secret), published.keys(), ClaimRules.DEFAULT, CLOCK);
                assertThat(any.verify(TestKeys.sign(TestKeys.head(JWSAlgorithm.ES256, "ec"), ALICE, ec))
                                .userId())
                        .isEqualTo("alice");
                String jwt = TestKeys.sign(TestKeys.head(JWSAlgorithm.HS256, "s"), ALICE, publishedSecret);
                assertThatThrownBy(() -> any.verify(jwt)).hasMessageContaining("wrong signature");
            }
        }
    }

    @Test
    void anyOfSeveralUrlsMayHaveTheKey() throws Exception {
        JWK second = TestKeys.ec("second");
        try (JwksServer other = new JwksServer()) {
            other.publish(second.toPublicJWK());
            try (JwksKeys both = new JwksKeys(at(server.url(), other.url()), Ticker.system())) {
                TokenVerifier any = new SignedTokenVerifier(List.of(), both.keys(), ClaimRules.DEFAULT, CLOCK);
                any.verify(rs256("rsa", rsa));
                any.verify(TestKeys.sign(TestKeys.head(JWSAlgorithm.ES256, "second"), ALICE, second));
                assertThat(other.requests).hasValue(1);
            }
        }
    }

    @Test
    void publicKeyAlgorithmsNeedAUrl() throws Exception {
        TokenVerifier secretsOnly = SignedTokenVerifier.ofSecrets(List.of(secret), CLOCK);
        String jwt = rs256("rsa", rsa);

        assertThatThrownBy(() -> secretsOnly.verify(jwt))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessage("token is not signed with HS256");
    }

    @Test
    void issuerAndAudienceAreMet() throws Exception {
        ClaimRules rules = new ClaimRules("https://id.example", "chat");
        TokenVerifier strict = new SignedTokenVerifier(List.of(secret), PublicKeys.NONE, rules, CLOCK);
        VerifiedToken alice = new VerifiedToken("t", "alice", null, NOW.plusSeconds(60));

        assertThat(strict.verify(new TokenSigner(secret, rules).sign(alice))).isEqualTo(alice);
        assertThatThrownBy(() -> strict.verify(new TokenSigner(secret).sign(alice)))
                .hasMessageContaining("iss");
        assertThatThrownBy(() -> strict.verify(
                        new TokenSigner(secret, new ClaimRules("https://id.example", "mail")).sign(alice)))
                .hasMessageContaining("aud");
        assertThatThrownBy(() -> strict.verify(
                        new TokenSigner(secret, new ClaimRules("https://id.example/", "chat")).sign(alice)))
                .hasMessageContaining("iss");
    }

    private void assertRefused(String jwt, String reason) {
        assertThatThrownBy(() -> verifier.verify(jwt))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(reason);
    }

    private static String rs256(String kid, RSAKey key) throws Exception {
        return TestKeys.sign(TestKeys.head(JWSAlgorithm.RS256, kid), ALICE, key);
    }

    private static String unsigned(String algorithm, String signature) {
        return Base64URL.encode("{\"alg\":\"" + algorithm + "\"}") + "." + Base64URL.encode(ALICE.toString()) + "."
                + signature;
    }

    private static String forged(String algorithm, String kid, byte[] signature) {
        return Base64URL.encode("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}") + "."
                + Base64URL.encode(ALICE.toString()) + "." + Base64URL.encode(signature);
    }

    private static String stripped(String jwt) {
        return jwt.substring(0, jwt.lastIndexOf('.') + 1);
    }

    private static byte[] last(String jwt) {
        return new Base64URL(jwt.substring(jwt.lastIndexOf('.') + 1)).decode();
    }
}
