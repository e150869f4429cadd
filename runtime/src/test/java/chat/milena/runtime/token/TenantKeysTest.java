package chat.milena.runtime.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.token.Exemptions.KeyName;
import chat.milena.testsupport.MovableClock;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keys that vouch for one tenant's tokens, beside keys that vouch for all.
@Timeout(60)
class TenantKeysTest {
    private final MovableClock clock = new MovableClock();
    private JwksServer shopServer;
    private JwksServer bankServer;
    private JwksServer anyServer;
    private JwksKeys keys;
    private TokenVerifier verifier;
    private ECKey shop;
    private ECKey bank;
    private ECKey any;

    @BeforeEach
    void start() throws Exception {
        shopServer = new JwksServer();
        bankServer = new JwksServer();
        anyServer = new JwksServer();
        // One name for all: what a token's head says must not decide whose key is meant.
        shop = TestKeys.ec("k1");
        bank = TestKeys.ec("k1");
        any = TestKeys.ec("k1");
        shopServer.publish(shop);
        bankServer.publish(bank);
        anyServer.publish(any);
        open(
                new KeySource(shopServer.url(), "shop"),
                new KeySource(bankServer.url(), "bank"),
                new KeySource(anyServer.url(), null));
    }

    private void open(KeySource... sources) {
        keys = new JwksKeys(
                new JwksConfig(
                        List.of(sources),
                        Duration.ofHours(24),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        16 * 1024),
                clock::nanos);
        verifier = new SignedTokenVerifier(List.of(), keys.keys(), ClaimRules.DEFAULT, clock);
    }

    @AfterEach
    void stop() {
        keys.close();
        shopServer.close();
        bankServer.close();
        anyServer.close();
    }

    private String token(String tenant, ECKey key) throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject("alice")
                .claim("tenant", tenant)
                .claim("rate", "unlimited")
                .expirationTime(Date.from(clock.instant().plusSeconds(60)))
                .build();
        return TestKeys.sign(TestKeys.head(JWSAlgorithm.ES256, key.getKeyID()), claims, key);
    }

    private ECKey key(String name) {
        return switch (name) {
            case "shop" -> shop;
            case "bank" -> bank;
            default -> any;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "shop, shop, true",
        "shop, bank, false",
        "shop, any, true",
        "bank, bank, true",
        "bank, shop, false",
        "bank, any, true",
        "other, shop, false",
        "other, bank, false",
        "other, any, true",
    })
    void keysVouchForTheirOwnTenantOnly(String tenant, String signer, boolean good) throws Exception {
        String jwt = token(tenant, key(signer));

        if (good) {
            assertThat(verifier.verify(jwt).tenant()).isEqualTo(tenant);
        } else {
            assertThatThrownBy(() -> verifier.verify(jwt)).isInstanceOf(InvalidTokenException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',          shop,  any,  false",
        "other,       shop,  any,  false",
        // A tenant chooses the names of its own keys, so a bare name is of those that vouch for all.
        "k1,          shop,  shop, false",
        "k1,          shop,  any,  true",
        "k1,          other, any,  true",
        "shop=k1,     shop,  shop, true",
        "shop=k1,     shop,  any,  true",
        "shop=k1,     bank,  bank, false",
        "shop=k1,     bank,  any,  false",
        "'x, bank=k1', bank, bank, true",
    })
    void onlyKeysThatTheOperatorNamesExempt(String named, String tenant, String signer, boolean exempt)
            throws Exception {
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_UNLIMITED_KEYS", named));
        Exemptions exemptions = Exemptions.of(environment, List.of());
        environment.check();
        TokenVerifier naming = new SignedTokenVerifier(List.of(), keys.keys(), exemptions, ClaimRules.DEFAULT, clock);

        assertThat(naming.verify(token(tenant, key(signer))).unlimitedRate()).isEqualTo(exempt);
    }

    @Test
    void oddNamesOfKeysAreReadAsTheyStand() {
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_UNLIMITED_KEYS", "abc=, a/b=c, shop=k=1"));

        assertThat(Exemptions.of(environment, List.of()).published())
                .containsExactlyInAnyOrder(
                        new KeyName(null, "abc="), new KeyName(null, "a/b=c"), new KeyName("shop", "k=1"));

        Settings empty = Settings.ofEnvironment(Map.of("MILENA_UNLIMITED_KEYS", "a,,b"));
        Exemptions.of(empty, List.of());
        assertThat(empty.errors()).singleElement().asString().contains("MILENA_UNLIMITED_KEYS must be key ids");
    }

    @Test
    void tenantWithoutAUrlHasNoKeysAndMakesNobodyFetchAny() throws Exception {
        keys.close();
        open(new KeySource(shopServer.url(), "shop"));

        assertThatThrownBy(() -> verifier.verify(token("bank", shop))).isInstanceOf(InvalidTokenException.class);
        assertThat(shopServer.requests).hasValue(0);
    }

    @Test
    void oneTenantsOutageDoesNotConcernAnother() throws Exception {
        keys.close();
        open(new KeySource(shopServer.url(), "shop"), new KeySource(bankServer.url(), "bank"));
        bankServer.close();

        assertThat(verifier.verify(token("shop", shop)).userId()).isEqualTo("alice");
        assertThatThrownBy(() -> verifier.verify(token("shop", bank))).isInstanceOf(InvalidTokenException.class);
        assertThatThrownBy(() -> verifier.verify(token("bank", bank)))
                .isInstanceOf(TokenKeysUnavailableException.class);
    }
}
