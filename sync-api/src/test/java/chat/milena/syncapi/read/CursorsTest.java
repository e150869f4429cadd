package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.syncapi.read.Cursors.InboxPlace;
import chat.milena.syncapi.read.Cursors.InboxWalk;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorsTest {

    @Test
    void cursorsComeBackAsTheyWere() {
        assertThat(Cursors.parseSequence(Cursors.sequence(1449))).isEqualTo(OptionalLong.of(1449));
        assertThat(Cursors.parseSequence("1449")).isEqualTo(OptionalLong.of(1449));
        assertThat(Cursors.parseSequence("0")).isEqualTo(OptionalLong.of(0));
        assertThat(Cursors.parseUser(Cursors.user("a.b-c_D"))).contains("a.b-c_D");
        for (boolean again : new boolean[] {false, true}) {
            InboxWalk walk = new InboxWalk(1_767_225_700_000L, again, new InboxPlace(1_767_225_600_000L, "dir_00"));
            assertThat(Cursors.parseInbox(Cursors.inbox(walk))).contains(walk);
            assertThat(Cursors.parseNewConversations(Cursors.newConversations(walk)))
                    .contains(walk);
            assertThat(Cursors.parseInbox(Cursors.newConversations(walk))).isEmpty();
        }
        InboxWalk begin = new InboxWalk(1, true, new InboxPlace(0, ""));
        assertThat(Cursors.parseInbox(Cursors.inbox(begin))).contains(begin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "seq_",
                "seq_-1",
                "-1",
                "+1",
                "01",
                "1.0",
                "1e3",
                "seq_seq_1",
                "9223372036854775808",
                "99999999999999999999",
                "user_alice",
                "conv_g",
                "inbox_MTpn",
                "null",
                "seq_1 "
            })
    void whatIsNoPlaceInATimelineIsFoundOut(String cursor) {
        assertThat(Cursors.parseSequence(cursor)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "inbox_",
                "inbox_!",
                "inbox_MTpn=",
                "inbox_Z3g",
                "inbox_MTo",
                "inbox_OjE",
                "inbox_LTE6Zw",
                "seq_1",
                "MTpn",
                "conv_g"
            })
    void whatIsNoPlaceInAnInboxIsFoundOut(String cursor) {
        assertThat(Cursors.parseInbox(cursor)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "user_", "alice", "user_a b", "conv_alice", "seq_1"})
    void whatIsNoPlaceAmongPeopleIsFoundOut(String cursor) {
        assertThat(Cursors.parseUser(cursor)).isEmpty();
    }
}
