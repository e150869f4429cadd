package chat.milena.runtime.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedKeysTest {
    private static final String POINT = "\"x\":\"AQ\",\"y\":\"AQ\"";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kty\":\"EC\",\"crv\":\"brainpoolP256r1\"," + POINT + ",\"kid\":\"odd\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"," + POINT + ",\"kid\":\"odd\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"kid\":\"odd\"}",
                "{\"kty\":\"RSA\",\"n\":\"nnnn\",\"kid\":\"odd\"}",
                "{\"kty\":\"RSA\",\"n\":\"nnnn\",\"e\":\"AQAB\",\"kid\":\"odd\"}",
                "{\"kty\":\"RSA\",\"n\":\"nnnnnnnnnnnnnnnn\",\"e\":5,\"kid\":\"odd\"}",
                "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"odd\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQ\",\"kid\":\"odd\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AQ\",\"kid\":\"odd\"}",
                "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AQ\",\"kid\":\"odd\"}",
                "{\"kty\":7,\"kid\":\"odd\"}",
                "{\"kty\":\"RSA\",\"kid\":\"odd\",\"use\":{}}",
                "{\"kid\":\"odd\"}"
            })
    void oddKeySpoilsNoOther(String odd) throws Exception {
        JWK good = TestKeys.rsa("good").toPublicJWK();

        for (List<String> order : List.of(List.of(odd, good.toString()), List.of(good.toString(), odd))) {
            PublishedKeys keys = PublishedKeys.parse(set(order));

            assertThat(keys.usable().getKeys()).containsExactly(good);
            assertThat(keys.passedOver())
                    .singleElement()
                    .asString()
                    .startsWith("odd (")
                    .doesNotContain("AQ")
                    .doesNotContain("nnnn");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "[]", "\"text\"", "{}", "{\"kid\":9}"})
    void whatIsNoKeySpoilsNone(String odd) throws Exception {
        JWK good = TestKeys.ec("good").toPublicJWK();

        PublishedKeys keys = PublishedKeys.parse(set(List.of(odd, good.toString())));

        assertThat(keys.usable().getKeys()).containsExactly(good);
        assertThat(keys.passedOver()).singleElement().asString().startsWith("a key without kid (");
    }

    @Test
    void keysBeyondTheBoundSpoilNone() throws Exception {
        JWK good = TestKeys.ec("good").toPublicJWK();
        List<String> many = new ArrayList<>(Collections.nCopies(PublishedKeys.KEYS_MAX + 100, good.toString()));

        PublishedKeys keys = PublishedKeys.parse(set(many));

        assertThat(keys.usable().size()).isEqualTo(PublishedKeys.KEYS_MAX);
        assertThat(keys.passedOver()).hasSize(17).endsWith("84 more");
    }

    @Test
    void kidIsMadeFitForALog() throws Exception {
        ECKey odd = new ECKeyGenerator(Curve.P_384)
                .keyID("a\nready\u202e" + "x".repeat(100))
                .generate()
                .toPublicJWK();

        PublishedKeys keys = PublishedKeys.parse(
                set(List.of(odd.toString(), TestKeys.ec("good").toPublicJWK().toString())));

        assertThat(keys.passedOver())
                .containsExactly("a?ready?" + "x".repeat(56) + "… (not for RS256, ES256 or EdDSA)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"keys\":{}}", "{\"keys\":null}", "<html>"})
    void answerThatIsNoKeySetIsRefused(String body) {
        assertThatThrownBy(() -> PublishedKeys.parse(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessage("the answer is no key set");
    }

    @Test
    void setWithoutAUsableKeyIsRefused() {
        assertThatThrownBy(() -> PublishedKeys.parse(set(List.of("{\"kty\":\"oct\",\"k\":\"AAAA\"}"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no key for RS256");
    }

    private static byte[] set(List<String> keys) {
        return ("{\"keys\":[" + String.join(",", keys) + "]}").getBytes(StandardCharsets.UTF_8);
    }
}
