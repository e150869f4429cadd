package chat.milena.conversation.person;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.person.UserCommand.SetBlock;
import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlockListRulesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant BEFORE = NOON.minusSeconds(60);

    private static Answer decide(String other, boolean blocked, @Nullable Instant since, int count) {
        return BlockListRules.decide("alice", since, () -> count, new SetBlock(other, blocked), NOON);
    }

    @Test
    void sameAgainIsADuplicateSinceTheFirstTime() {
        assertThat(decide("bob", true, null, 0)).isEqualTo(new Accepted(0, NOON));
        assertThat(decide("bob", true, BEFORE, 1)).isEqualTo(new Duplicate(0, BEFORE));
        assertThat(decide("bob", false, BEFORE, 1)).isEqualTo(new Accepted(0, NOON));
        assertThat(decide("bob", false, null, 0)).isEqualTo(new Duplicate(0, null));
    }

    @Test
    void nobodyBlocksThemselvesOrMoreThanTheBound() {
        assertThat(decide("alice", true, null, 0))
                .isInstanceOfSatisfying(
                        Rejected.class, no -> assertThat(no.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
        assertThat(decide("bob", true, null, BlockListRules.BLOCKS_MAX - 1)).isInstanceOf(Accepted.class);
        assertThat(decide("bob", true, null, BlockListRules.BLOCKS_MAX))
                .isInstanceOfSatisfying(
                        Rejected.class, no -> assertThat(no.code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertThat(decide("bob", true, BEFORE, BlockListRules.BLOCKS_MAX))
                .as("who is blocked already")
                .isInstanceOf(Duplicate.class);
    }
}
