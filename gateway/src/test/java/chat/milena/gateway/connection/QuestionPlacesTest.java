package chat.milena.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.UserKey;
import org.junit.jupiter.api.Test;

class QuestionPlacesTest {
    private final QuestionPlaces places = new QuestionPlaces(16, 50);

    private int takes(String tenant, String userId) {
        int taken = 0;
        while (taken < 100 && places.take(new UserKey(tenant, userId))) {
            taken++;
        }
        return taken;
    }

    @Test
    void aUserTakesAnEighthATenantItsShareAndAllTogetherNoMoreThanThereAre() {
        assertThat(takes("acme", "alice")).isEqualTo(2);
        assertThat(takes("acme", "bob")).isEqualTo(2);
        assertThat(takes("acme", "carol")).isEqualTo(2);
        assertThat(takes("acme", "dave")).isEqualTo(2);
        assertThat(takes("acme", "erin")).isZero();

        assertThat(takes("shop", "alice")).isEqualTo(2);
        assertThat(takes("shop", "bob")).isEqualTo(2);
        assertThat(takes("demo", "alice")).isEqualTo(2);
        assertThat(takes("demo", "bob")).isEqualTo(2);
        assertThat(takes("rest", "alice")).isZero();
    }

    @Test
    void whatIsGivenBackMayBeTakenAgainAndARefusalTakesNothing() {
        UserKey alice = new UserKey("acme", "alice");
        for (int i = 0; i < 100; i++) {
            assertThat(takes("acme", "alice")).isEqualTo(2);
            places.giveBack(alice);
            places.giveBack(alice);
        }
    }
}
