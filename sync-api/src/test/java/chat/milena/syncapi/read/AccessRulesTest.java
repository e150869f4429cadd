package chat.milena.syncapi.read;

import static chat.milena.syncapi.FakeConversation.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.rules.AccessRules;
import chat.milena.conversation.rules.AccessRules.Access;
import chat.milena.conversation.rules.AccessRules.Denied;
import chat.milena.conversation.rules.AccessRules.Granted;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.FakeViews;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private final FakeViews views = new FakeViews();

    private Access access(String conversationId, String userId) {
        return access(new ConversationKey(TENANT, conversationId), userId);
    }

    private Access access(ConversationKey key, String userId) {
        return AccessRules.decide(views.conversation(key), views.member(new MemberKey(key, userId)));
    }

    @Test
    void membersReadFromTheStart() {
        FakeConversation.group(views, "g", "alice", "bob").says("alice", "hi").joins("carol");

        assertThat(access("g", "bob"))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.firstSequence()).isEqualTo(1));
        assertThat(access("g", "carol"))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.firstSequence()).isEqualTo(1));
    }

    @Test
    void newcomersOfAClosedGroupReadFromTheirComing() {
        FakeConversation.closedGroup(views, "g", "alice", "bob")
                .says("alice", "hi")
                .joins("carol");

        assertThat(access("g", "carol"))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.firstSequence()).isEqualTo(3));
    }

    @Test
    void whatWasDecidedWhenSomebodyCameOutlastsTheSetting() {
        FakeConversation.closedGroup(views, "closed", "alice", "bob")
                .says("alice", "hi")
                .joins("carol")
                .shows("carol", 1);
        FakeConversation.group(views, "open", "alice", "bob")
                .says("alice", "hi")
                .joins("carol")
                .shows("carol", 3);

        assertThat(access("closed", "carol"))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.firstSequence()).isEqualTo(1));
        assertThat(access("open", "carol"))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.firstSequence()).isEqualTo(3));
    }

    @Test
    void whoIsNotInAGroupOrNoLongerIsForbidden() {
        FakeConversation.group(views, "g", "alice", "bob").leaves("bob");

        Access stranger = access("g", "mallory");
        assertThat(stranger)
                .isInstanceOfSatisfying(
                        Denied.class,
                        denied -> assertThat(denied.refusal().code()).isEqualTo(ErrorCode.FORBIDDEN));
        assertThat(access("g", "bob")).isEqualTo(stranger);
    }

    @Test
    void whatIsUnknownOrOthersOwnOrAnotherTenantsIsAnsweredAllAlike() {
        FakeConversation.direct(views, "d", "alice", "bob");
        FakeConversation.group(views, "g", "alice", "bob");

        Access unknown = access("nothing", "mallory");
        assertThat(unknown)
                .isInstanceOfSatisfying(
                        Denied.class,
                        denied -> assertThat(denied.refusal().code()).isEqualTo(ErrorCode.CONVERSATION_NOT_FOUND));
        assertThat(access("d", "mallory")).isEqualTo(unknown);
        assertThat(access(new ConversationKey("other", "g"), "alice")).isEqualTo(unknown);
    }
}
