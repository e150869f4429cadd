package chat.milena.bench.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.client.UsageFailure;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenMinterTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder = Path.of(".");

    @Test
    void signsWithTheSecretOfTheFile() throws Exception {
        byte[] secret = new byte[32];
        secret[5] = 77;
        Path file = folder.resolve("token.secret");
        Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");

        String token = TokenMinter.fromFile(file, CLOCK).mint("alice", "shop", Duration.ofHours(1));

        SignedJWT parsed = SignedJWT.parse(token);
        assertThat(parsed.verify(new MACVerifier(secret))).isTrue();
        assertThat(parsed.getJWTClaimsSet().getSubject()).isEqualTo("alice");
        assertThat(parsed.getJWTClaimsSet().getStringClaim("tenant")).isEqualTo("shop");
        assertThat(parsed.getJWTClaimsSet().getExpirationTime()).isEqualTo(NOW.plusSeconds(3600));
        assertThat(parsed.getJWTClaimsSet().getIssueTime()).isEqualTo(NOW);
        assertThat(parsed.getJWTClaimsSet().getStringClaim("rate")).isEqualTo("unlimited");
    }

    @Test
    void leavesOutTheDefaultTenant() throws Exception {
        String token = new TokenMinter(new byte[32], CLOCK).mint("alice", "default", Duration.ofHours(1));

        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getClaims()).containsOnlyKeys("sub", "iat", "exp", "rate");
    }

    @Test
    void onlyAnOrdinaryMintersTokensAreHeldToTheServersRates() throws ParseException {
        TokenMinter minter = new TokenMinter(new byte[32], CLOCK);

        assertThat(rate(minter)).isEqualTo("unlimited");
        assertThat(rate(minter.ordinary())).isNull();
    }

    private static @Nullable Object rate(TokenMinter minter) throws ParseException {
        return SignedJWT.parse(minter.mint("alice", "default", Duration.ofHours(1)))
                .getJWTClaimsSet()
                .getClaim("rate");
    }

    @Test
    void tellsWhereASecretComesFromWhenThereIsNone() {
        assertThatThrownBy(() -> TokenMinter.fromFile(folder.resolve("none"), CLOCK))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("./milena up")
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesASecretThatIsNoneWithoutShowingIt() throws IOException {
        Path file = folder.resolve("token.secret");
        Files.writeString(file, "not base64 !!");
        assertThatThrownBy(() -> TokenMinter.fromFile(file, CLOCK))
                .isInstanceOf(UsageFailure.class)
                .hasMessageNotContaining("not base64");

        Files.writeString(file, "c2hvcnQ");
        assertThatThrownBy(() -> TokenMinter.fromFile(file, CLOCK)).isInstanceOf(UsageFailure.class);
    }
}
