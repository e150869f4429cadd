package chat.milena.runtime.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedTokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = NOW.plusSeconds(60);

    private final TokenSecret secret = TokenSecret.random();
    private final TokenVerifier verifier = verifier(secret);

    @Test
    void signedTokenSaysWhatItWasSignedWith() throws InvalidTokenException {
        VerifiedToken token = new VerifiedToken("shop", "alice", "Alice 🦊", LATER);

        assertThat(verifier.verify(new TokenSigner(secret).sign(token))).isEqualTo(token);
    }

    @Test
    void onlyTheOperatorsSecretExemptsFromRates() throws InvalidTokenException {
        TokenSecret operator = TokenSecret.random();
        TokenVerifier both = new SignedTokenVerifier(
                List.of(secret),
                PublicKeys.NONE,
                new Exemptions(List.of(operator), Set.of()),
                ClaimRules.DEFAULT,
                Clock.fixed(NOW, ZoneOffset.UTC));
        VerifiedToken token = new VerifiedToken("shop", "importer", null, LATER, true);

        assertThat(both.verify(new TokenSigner(operator).sign(token))).isEqualTo(token);
        assertThat(both.verify(new TokenSigner(operator).sign(token.limited()))).isEqualTo(token.limited());
        assertThat(both.verify(new TokenSigner(secret).sign(token))).isEqualTo(token.limited());
    }

    @Test
    void tokenWithoutTenantIsOfTheDefaultTenant() throws Exception {
        VerifiedToken token = verifier.verify(signed(valid().build()));

        assertThat(token.tenant()).isEqualTo("default");
        assertThat(token.name()).isNull();
        assertThat(token.unlimitedRate()).isFalse();
    }

    @Test
    void anyOfSeveralSecretsIsAccepted() throws InvalidTokenException {
        TokenSecret old = TokenSecret.random();
        TokenVerifier rotating = verifier(secret, old);

        for (TokenSecret accepted : List.of(secret, old)) {
            String jwt = new TokenSigner(accepted).sign(new VerifiedToken("t", "bob", null, LATER));
            assertThat(rotating.verify(jwt).userId()).isEqualTo("bob");
        }
    }

    @Test
    void otherSecretIsRefused() {
        String forged = new TokenSigner(TokenSecret.random()).sign(new VerifiedToken("t", "bob", null, LATER));

        assertRefused(forged, "wrong signature");
    }

    @Test
    void changedClaimsAreRefused() {
        String[] parts = new TokenSigner(secret)
                .sign(new VerifiedToken("t", "bob", null, LATER))
                .split("\\.", -1);
        String claims = "{\"sub\":\"admin\",\"exp\":" + LATER.getEpochSecond() + "}";

        assertRefused(parts[0] + "." + base64(claims) + "." + parts[2], "wrong signature");
    }

    @Test
    void expiryIsMetWithLeeway() throws Exception {
        assertThat(verifier.verify(signed(valid().expirationTime(date(NOW.minusSeconds(9)))
                                .build()))
                        .userId())
                .isEqualTo("alice");
        assertRefused(signed(valid().expirationTime(date(NOW.minusSeconds(10))).build()), "expired");
    }

    @Test
    void beginIsMetWithLeeway() throws Exception {
        assertThat(verifier.verify(signed(
                                valid().notBeforeTime(date(NOW.plusSeconds(10))).build()))
                        .userId())
                .isEqualTo("alice");
        assertRefused(signed(valid().notBeforeTime(date(NOW.plusSeconds(11))).build()), "not valid yet");
    }

    static Stream<Arguments> refusedClaims() {
        return Stream.of(
                Arguments.of("no exp", valid().expirationTime(null), "no exp"),
                Arguments.of("exp as text", valid().claim("exp", "soon"), "exp must be a number"),
                Arguments.of("no sub", valid().subject(null), "sub must be"),
                Arguments.of("empty sub", valid().subject(""), "sub must be"),
                Arguments.of("sub of the system", valid().subject("system"), "sub is a reserved id"),
                Arguments.of("sub of the rules", valid().subject("moderation"), "sub is a reserved id"),
                Arguments.of("sub of the host", valid().subject("host"), "sub is a reserved id"),
                Arguments.of("sub with a space", valid().subject("al ice"), "sub must be"),
                Arguments.of("sub with NUL", valid().subject("a\0b"), "sub must be"),
                Arguments.of("sub with newline", valid().subject("alice\n"), "sub must be"),
                Arguments.of("long sub", valid().subject("a".repeat(65)), "sub must be"),
                Arguments.of("odd tenant", valid().claim("tenant", "a/b"), "tenant must be"),
                Arguments.of("sub as a list", valid().claim("sub", List.of("a")), "sub must be a string"),
                Arguments.of("tenant as a list", valid().claim("tenant", List.of("a")), "tenant must be a string"),
                Arguments.of("rate as a number", valid().claim("rate", 100), "rate must be a string"),
                Arguments.of("other rate", valid().claim("rate", "Unlimited"), "rate can only be"),
                Arguments.of("long name", valid().claim("name", "x".repeat(201)), "1 to 200 characters"),
                Arguments.of("name as an object", valid().claim("name", Map.of("a", 1)), "name must be a string"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedClaims")
    void oddClaimsAreRefused(String what, JWTClaimsSet.Builder claims, String reason) throws Exception {
        assertRefused(signed(claims.build()), reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "18446744073709551615",
                "18446744073709551614",
                "12345678901234567890",
                "1000",
                "1e3",
                "1.5e3",
                "true",
                "{}",
                "[\"alice\"]"
            })
    void subThatIsNoStringIsRefused(String sub) {
        assertRefused(raw("{\"sub\":" + sub + ",\"exp\":" + LATER.getEpochSecond() + "}"), "sub must be a string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-9e18", "9e18", "-9223372036854775809", "-1", "1e400", "253402300800", "1767323105000"})
    void timesOutOfRangeAreRefused(String time) {
        for (String claim : List.of("exp", "nbf", "iat")) {
            String others = claim.equals("exp") ? "" : ",\"exp\":" + LATER.getEpochSecond();
            String claims = "{\"sub\":\"alice\",\"" + claim + "\":" + time + others + "}";

            assertRefused(raw(claims), claim + " must be in seconds");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1767323105\"", "true", "[1767323105]", "{}"})
    void timesThatAreNoNumbersAreRefused(String time) {
        for (String claim : List.of("exp", "nbf", "iat")) {
            String others = claim.equals("exp") ? "" : ",\"exp\":" + LATER.getEpochSecond();
            String claims = "{\"sub\":\"alice\",\"" + claim + "\":" + time + others + "}";

            assertRefused(raw(claims), claim + " must be a number");
        }
    }

    @Test
    void wholeNumbersAreTimesInAnySpelling() throws InvalidTokenException {
        Instant end = Instant.ofEpochSecond(1_800_000_000);

        for (String spelling : List.of("1800000000", "1800000000.0", "1.8e9", "1800000000.999")) {
            assertThat(verifier.verify(raw("{\"sub\":\"alice\",\"exp\":" + spelling + "}"))
                            .expiresAt())
                    .isEqualTo(end);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "\"alice\"",
                "",
                "{",
                "{\"sub\":\"alice\",\"sub\":\"bob\",\"exp\":1800000000}",
                "{\"sub\":\"alice\",\"exp\":1800000000} {}",
                "{\"sub\":\"alice\",\"exp\":NaN}"
            })
    void claimsThatAreNotOneObjectAreRefused(String claims) {
        assertRefused(raw(claims), "not one JSON object");
    }

    @Test
    void damagedTextIsRefused() {
        String rest = ",\"exp\":" + LATER.getEpochSecond() + "}";

        assertRefused(
                raw(("{\"sub\":\"alice\",\"name\":\"Zo\u00eb\"" + rest).getBytes(StandardCharsets.ISO_8859_1)),
                "not UTF-8");
        assertRefused(raw("{\"sub\":\"alice\",\"name\":\"\\ud83e\"" + rest), "half of a character");
    }

    @Test
    void claimsThatAreNullAreAbsent() throws InvalidTokenException {
        String claims = "{\"sub\":\"alice\",\"tenant\":null,\"name\":null,\"rate\":null,\"nbf\":null,\"exp\":"
                + LATER.getEpochSecond() + "}";

        assertThat(verifier.verify(raw(claims))).isEqualTo(new VerifiedToken("default", "alice", null, LATER));
        assertRefused(raw("{\"sub\":\"alice\",\"exp\":null}"), "no exp");
        assertRefused(raw("{\"sub\":null,\"exp\":1800000000}"), "sub must be");
    }

    @Test
    void onlyTheExactWordMakesAModerator() throws InvalidTokenException {
        VerifiedToken moderator = new VerifiedToken("shop", "mia", null, LATER, false, true, null, null);

        assertThat(verifier.verify(new TokenSigner(secret).sign(moderator))).isEqualTo(moderator);
        for (String role :
                List.of("\"Moderator\"", "\"moderator \"", "\"admin\"", "1", "null", "[\"moderator\"]", "{}")) {
            String claims = "{\"sub\":\"mia\",\"role\":" + role + ",\"exp\":" + LATER.getEpochSecond() + "}";
            assertThat(verifier.verify(raw(claims)).moderator()).as(role).isFalse();
        }
    }

    @Test
    void longestSubAndNameAreAccepted() throws Exception {
        String jwt = signed(
                valid().subject("a".repeat(64)).claim("name", "🦊".repeat(200)).build());

        assertThat(verifier.verify(jwt).userId()).hasSize(64);
    }

    @Test
    void unsignedTokenIsRefused() {
        String claims = "{\"sub\":\"alice\",\"exp\":" + LATER.getEpochSecond() + "}";

        assertRefused(base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".", "not a signed token");
        assertRefused(base64("{\"alg\":\"NONE\"}") + "." + base64(claims) + ".AAAA", "not signed with HS256");
    }

    @Test
    void otherAlgorithmsAreRefused() throws Exception {
        byte[] longKey = new byte[64];
        assertRefused(signed(new MACSigner(longKey), JWSAlgorithm.HS512), "not signed with HS256");

        var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        assertRefused(signed(new RSASSASigner(rsa), JWSAlgorithm.RS256), "not signed with HS256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "a.b", "a.b.c.d.e", "null", "{}", "\0", "eyJhbGciOiJIUzI1NiJ9..x"})
    void junkIsRefused(String junk) {
        assertThatExceptionOfType(InvalidTokenException.class).isThrownBy(() -> verifier.verify(junk));
    }

    @Test
    void hugeTokenIsRefusedUnread() {
        assertRefused("a".repeat(8 * 1024 + 1), "longer than");
    }

    @Test
    void unknownCriticalHeaderIsRefused() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .criticalParams(Set.of("b64x"))
                .customParam("b64x", true)
                .build();
        SignedJWT jwt = new SignedJWT(header, valid().build());
        jwt.sign(new MACSigner(secret.key()));

        assertRefused(jwt.serialize(), "crit");
    }

    @Test
    void signerRefusesWhatTheVerifierWould() {
        TokenSigner signer = new TokenSigner(secret);

        assertThatThrownBy(() -> signer.sign(new VerifiedToken("t", "al ice", null, LATER)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user");
        assertThatThrownBy(() -> signer.sign(new VerifiedToken("", "alice", null, LATER)))
                .hasMessageContaining("tenant");
    }

    private void assertRefused(String jwt, String reason) {
        assertThatThrownBy(() -> verifier.verify(jwt))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(reason);
    }

    private static JWTClaimsSet.Builder valid() {
        return new JWTClaimsSet.Builder().subject("alice").expirationTime(date(LATER));
    }

    private String signed(JWTClaimsSet claims) throws Exception {
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        jwt.sign(new MACSigner(secret.key()));
        return jwt.serialize();
    }

    private String raw(String claims) {
        return raw(claims.getBytes(StandardCharsets.UTF_8));
    }

    /// A well signed token of claims that no library would write.
    private String raw(byte[] claims) {
        try {
            JWSObject jws = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
            jws.sign(new MACSigner(secret.key()));
            return jws.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static String signed(JWSSigner signer, JWSAlgorithm algorithm) throws Exception {
        SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), valid().build());
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static TokenVerifier verifier(TokenSecret... secrets) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return SignedTokenVerifier.ofSecrets(List.of(secrets), clock);
    }

    private static Date date(Instant instant) {
        return Date.from(instant);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
