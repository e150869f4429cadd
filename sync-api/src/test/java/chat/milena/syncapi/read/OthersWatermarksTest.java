package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.timeline.MessageStatus;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OthersWatermarksTest {
    private final FakeViews views = new FakeViews();

    private OthersWatermarks others(FakeConversation chat) {
        return OthersWatermarks.ofOthers(views, chat.key(), "alice", 1);
    }

    @Test
    void aMessageIsReadWhenAllOthersHaveReadIt() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob", "carol")
                .saysTimes(5, "alice")
                .receives("alice", 6, 6)
                .receives("bob", 5, 3);

        assertThat(others(chat).status(2)).isEqualTo(MessageStatus.SENT);

        chat.receives("carol", 6, 2);
        assertThat(others(chat).status(2)).isEqualTo(MessageStatus.READ);
        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.DELIVERED);
        assertThat(others(chat).status(5)).isEqualTo(MessageStatus.DELIVERED);
        assertThat(others(chat).status(6)).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void whoCameLaterChangesNothingOfWhatWasBefore() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .saysTimes(2, "alice")
                .receives("bob", 9, 9)
                .joins("carol")
                .says("alice", "welcome");

        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.READ);
        assertThat(others(chat).status(5)).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void whatNobodyElseWasThereForStaysSent() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice")
                .says("alice", "alone")
                .says("alice", "still");
        assertThat(others(chat).status(2)).isEqualTo(MessageStatus.SENT);

        chat.joins("bob").receives("bob", 4, 4);
        assertThat(others(chat).status(2)).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void whatWasReadStaysReadWhenItsReadersLeave() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob", "carol")
                .saysTimes(3, "alice")
                .receives("bob", 4, 4)
                .receives("carol", 4, 3);
        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.READ);
        assertThat(others(chat).status(4)).isEqualTo(MessageStatus.DELIVERED);

        chat.leaves("bob").leaves("carol").hadCome(1, 4, 4).says("alice", "alone");
        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.READ);
        assertThat(others(chat).status(4)).isEqualTo(MessageStatus.READ);
        assertThat(others(chat).status(7)).isEqualTo(MessageStatus.SENT);

        // Who comes later, or comes back, takes nothing of it away, and has no part in it.
        chat.joins("bob", "dave");
        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.READ);
        assertThat(others(chat).status(7)).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void whatNobodyHadReceivedStaysSentWhenTheyLeave() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob")
                .says("alice", "hi")
                .leaves("bob")
                .hadCome(1, 1, 1);

        assertThat(others(chat).status(2)).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void whoIsStillThereCountsWhoeverHasLeft() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob", "carol")
                .says("alice", "hi")
                .receives("carol", 1, 0)
                .leaves("bob")
                .hadCome(1, 2, 2);

        assertThat(others(chat).status(2)).isEqualTo(MessageStatus.SENT);
        chat.receives("carol", 2, 2);
        assertThat(others(chat).status(2)).isEqualTo(MessageStatus.READ);
    }

    @Test
    void whoHasNotJoinedInShowsNothingAndKeepsNobodyWaiting() {
        FakeConversation chat = FakeConversation.group(views, "g", "alice", "bob", "carol")
                .saysTimes(2, "alice")
                .receives("bob", 3, 2)
                .waitsFor("carol");
        assertThat(others(chat).status(2)).isEqualTo(MessageStatus.READ);
        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.DELIVERED);

        FakeConversation alone = FakeConversation.direct(views, "d", "alice", "bob")
                .says("alice", "hi")
                .receives("bob", 2, 2)
                .waitsFor("bob");
        assertThat(others(alone).status(2)).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void everyoneOfAFullGroupCounts() {
        String[] people = IntStream.range(0, OthersWatermarks.MEMBERS_MAX - 1)
                .mapToObj("user%04d"::formatted)
                .toArray(String[]::new);
        FakeConversation chat =
                FakeConversation.group(views, "g", people).joins("alice").says("alice", "hi");
        for (String person : people) {
            chat.receives(person, 3, 3);
        }
        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.READ);

        chat.receives(people[people.length - 1], 3, 2);
        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.DELIVERED);
        chat.joins("zoe", "zora");
        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void receiptsOfPeopleWhoJustLeftHideNobodys() {
        String[] people =
                IntStream.range(0, 250).mapToObj("user%03d"::formatted).toArray(String[]::new);
        FakeConversation chat =
                FakeConversation.group(views, "g", people).joins("alice").says("alice", "hi");
        for (String person : people) {
            chat.receives(person, 3, 3);
        }
        // They sort before all others, and are members no more.
        IntStream.range(0, 150).forEach(i -> chat.receives("left%03d".formatted(i), 1, 1));

        assertThat(others(chat).status(3)).isEqualTo(MessageStatus.READ);
    }
}
