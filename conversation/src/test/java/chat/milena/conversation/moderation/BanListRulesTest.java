package chat.milena.conversation.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BanListRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant BEFORE = NOON.minusSeconds(9);
    private static final Actor MIA = new Actor("mia", ActorKind.MODERATOR);

    @Test
    void newBanIsAcceptedAndTheSameAgainIsADuplicate() {
        assertThat(decide(MIA, null, 0, ban("bob", null, "spam"))).isEqualTo(new Accepted(0, NOON));
        assertThat(decide(MIA, stored(null, "spam"), 1, ban("bob", null, "spam")))
                .isEqualTo(new Duplicate(0, BEFORE));
        assertThat(decide(MIA, stored(null, "spam"), 1, ban("bob", null, "worse")))
                .isEqualTo(new Accepted(0, NOON));
        assertThat(decide(MIA, stored(null, "spam"), 1, ban("bob", NOON.plusMillis(1), "spam")))
                .isEqualTo(new Accepted(0, NOON));
        assertThat(decide(new Actor("max", ActorKind.MODERATOR), stored(null, "spam"), 1, ban("bob", null, "spam")))
                .isEqualTo(new Accepted(0, NOON));
    }

    @Test
    void endOfABanThatIsNotThereIsADuplicate() {
        ChangeBan end = new ChangeBan("bob", null, false, null, "");

        assertThat(decide(MIA, stored(null, "spam"), 1, end)).isEqualTo(new Accepted(0, NOON));
        assertThat(decide(MIA, null, 0, end)).isEqualTo(new Duplicate(0, null));
    }

    @Test
    void onlyModeratorsBanAndNobodyThemselvesOrInThePast() {
        assertCode(decide(Actor.member("alice"), null, 0, ban("bob", null, "spam")), ErrorCode.FORBIDDEN);
        assertCode(
                decide(Actor.member("alice"), null, 0, new ChangeBan("bob", null, false, null, "")),
                ErrorCode.FORBIDDEN);
        assertCode(decide(MIA, null, 0, ban("mia", null, "spam")), ErrorCode.INVALID_REQUEST);
        assertCode(decide(MIA, null, 0, ban("bob", NOON, "spam")), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void tenantHasABoundOfBans() {
        assertThat(decide(MIA, null, BanListRules.BANS_MAX - 1, ban("bob", null, "spam")))
                .isInstanceOf(Accepted.class);
        assertCode(decide(MIA, null, BanListRules.BANS_MAX, ban("bob", null, "spam")), ErrorCode.TOO_LARGE);
        assertThat(decide(MIA, stored(null, "spam"), BanListRules.BANS_MAX, ban("bob", null, "worse")))
                .as("a replacement")
                .isInstanceOf(Accepted.class);
    }

    private static ChangeBan ban(String userId, @Nullable Instant until, String reason) {
        return new ChangeBan(userId, null, true, until, reason);
    }

    private static Ban stored(@Nullable Instant until, String reason) {
        return new Ban("default", "bob", null, until, reason, "mia", BEFORE);
    }

    private static Answer decide(Actor actor, @Nullable Ban before, int count, ChangeBan change) {
        return BanListRules.decide(actor, before, () -> count, change, NOON);
    }

    private static void assertCode(Answer answer, ErrorCode code) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
    }
}
