package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.LogStart;
import chat.milena.schemas.key.UserKey;
import chat.milena.testsupport.MovableClock;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTokensTest {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final UserKey ALICE = new UserKey("shop", "alice");
    private static final ResumePosition POSITION = new ResumePosition(16, 7, 123_456_789_012L);

    private final MovableClock clock = new MovableClock();
    private final ResumeTokens tokens = new ResumeTokens(new Secret("one secret"), LIFE, clock, List.of());

    @Test
    void tokenBringsItsPositionBackOnAnyGatewayWithTheSecret() {
        ResumeTokens elsewhere = new ResumeTokens(new Secret("one secret"), LIFE, clock, List.of());

        String token = tokens.write(ALICE, POSITION);

        assertThat(token).matches("[A-Za-z0-9_-]{40,64}");
        assertThat(elsewhere.read(ALICE, token)).isEqualTo(POSITION);
    }

    @Test
    void anyBitThatIsChangedSpoilsIt() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.write(ALICE, POSITION));
        for (int bit = 0; bit < token.length * 8; bit++) {
            byte[] changed = token.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));

            assertThat(tokens.read(
                            ALICE, Base64.getUrlEncoder().withoutPadding().encodeToString(changed)))
                    .as("bit %s", bit)
                    .isNull();
        }
    }

    @Test
    void tokenIsOfOneUserOfOneTenant() {
        String token = tokens.write(ALICE, POSITION);

        assertThat(tokens.read(new UserKey("shop", "bob"), token)).isNull();
        assertThat(tokens.read(new UserKey("demo", "alice"), token)).isNull();
        assertThat(tokens.read(new UserKey("shopa", "lice"), token)).isNull();
    }

    @Test
    void tokenOfAnotherSecretIsNone() {
        ResumeTokens others = new ResumeTokens(new Secret("another secret"), LIFE, clock, List.of());

        assertThat(tokens.read(ALICE, others.write(ALICE, POSITION))).isNull();
    }

    @Test
    void tokenLivesAsLongAsTheLogDoes() {
        String token = tokens.write(ALICE, POSITION);
        clock.advance(LIFE);
        assertThat(tokens.read(ALICE, token)).isEqualTo(POSITION);

        clock.advance(Duration.ofMillis(1));
        assertThat(tokens.read(ALICE, token)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AAAA", "no token", "%00", "äöü", "=========="})
    void otherTextIsNone(String text) {
        String token = tokens.write(ALICE, POSITION);

        assertThat(tokens.read(ALICE, text)).isNull();
        assertThat(tokens.read(ALICE, token.substring(text.length() + 1))).isNull();
        assertThat(tokens.read(ALICE, "A".repeat(1_000_000))).isNull();
    }

    @Test
    void tokenOfALogThatAnOlderCopyWasPutInPlaceOfIsNone() {
        String before = tokens.write(ALICE, POSITION);
        clock.advance(Duration.ofMinutes(1));

        assertThat(after(POSITION.offset()).read(ALICE, before)).isEqualTo(POSITION);
        assertThat(after(POSITION.offset() - 1).read(ALICE, before)).isNull();

        String since = tokens.write(ALICE, POSITION);
        assertThat(after(POSITION.offset() - 1).read(ALICE, since)).isEqualTo(POSITION);
    }

    /// Tokens of a log that was started now and went so far then.
    private ResumeTokens after(long end) {
        List<Long> ends = Collections.nCopies(POSITION.shards(), end);
        LogStart start = new LogStart("a folder", "a start", clock.millis(), ends);
        return new ResumeTokens(new Secret("one secret"), LIFE, clock, List.of(start));
    }
}
