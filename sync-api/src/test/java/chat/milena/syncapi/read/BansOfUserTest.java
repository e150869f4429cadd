package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.read.Bans;
import chat.milena.protocol.read.Bans.BanLine;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.key.BanKey;
import chat.milena.syncapi.FakeViews;
import java.time.Instant;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BansOfUserTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final FakeViews views = new FakeViews();

    private void banned(String userId, @Nullable String conversationId, @Nullable Instant until) {
        views.bans.put(
                BanKey.of("shop", userId, conversationId),
                new Ban("shop", userId, conversationId, until, "spam", "mia", NOON));
    }

    private Bans bans() {
        ModerationRead.BansOf read = new ModerationRead.BansOf("shop", "bob", NOON.toEpochMilli());
        return ((ReadAnswer.Answered<Bans>) read.narrow(new MembershipReader().answer(views, read, NOON))).value();
    }

    @Test
    void bansOfOthersAndThoseThatHaveEndedAreLeftOut() {
        banned("bo", null, null);
        banned("bobby", null, null);
        banned("bobby", "c", null);
        assertThat(bans().bans()).isEmpty();

        banned("bob", null, NOON.plusSeconds(9));
        banned("bob", "c", null);
        banned("bob", "d", NOON);
        assertThat(bans().bans()).extracting(BanLine::conversationId).containsExactly(null, "c");
        banned("bob", null, NOON);
        assertThat(bans().bans()).extracting(BanLine::conversationId).containsExactly("c");
    }

    @Test
    void bansThatHaveEndedDoNotHideOneThatHolds() {
        IntStream.range(0, 100).forEach(i -> banned("bob", "c" + (100 + i), NOON));
        banned("bob", "z", null);

        assertThat(bans().bans()).extracting(BanLine::conversationId).containsExactly("z");
    }

    @Test
    void clientIsSentTwentyAtMost() {
        IntStream.range(0, 30).forEach(i -> banned("bob", "c" + (100 + i), null));

        assertThat(bans().bans()).hasSize(20);
    }
}
