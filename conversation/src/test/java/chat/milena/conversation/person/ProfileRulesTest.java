package chat.milena.conversation.person;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.person.UserCommand.SetProfile;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProfileRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final SetProfile ALICE = new SetProfile("Alice", "https://a.test/a.png", "{}");

    @Test
    void firstProfileIsAChange() {
        assertThat(ProfileRules.decide(null, ALICE, NOON))
                .isEqualTo(new UserChange<>(new Profile("Alice", "https://a.test/a.png", "{}", NOON), true));
    }

    @Test
    void absentFieldsGo() {
        Profile before = ProfileRules.decide(null, ALICE, NOON).next();

        assertThat(ProfileRules.decide(before, new SetProfile(null, null, null), NOON.plusSeconds(1)))
                .isEqualTo(new UserChange<>(new Profile(null, null, null, NOON.plusSeconds(1)), true));
    }

    @Test
    void sameProfileAgainIsNoChangeAndKeepsItsTime() {
        Profile before = ProfileRules.decide(null, ALICE, NOON).next();

        assertThat(ProfileRules.decide(before, ALICE, NOON.plusSeconds(5))).isEqualTo(new UserChange<>(before, false));
    }

    @Test
    void anEmptyFirstProfileIsAChange() {
        assertThat(ProfileRules.decide(null, new SetProfile(null, null, null), NOON)
                        .isChange())
                .isTrue();
    }

    @Test
    void timeNeverGoesBack() {
        Profile before = ProfileRules.decide(null, ALICE, NOON).next();

        assertThat(ProfileRules.decide(before, new SetProfile("Al", null, null), NOON.minusSeconds(5))
                        .next()
                        .updatedAt())
                .isEqualTo(NOON);
    }
}
