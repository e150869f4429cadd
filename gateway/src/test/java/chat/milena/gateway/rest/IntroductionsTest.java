package chat.milena.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.gateway.FakePeople;
import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.rest.CommandCall.RefusedException;
import chat.milena.runtime.config.StartRules;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Reason;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class IntroductionsTest {
    private static final String DIRECT = "dir_1";

    private final FakePeople people = new FakePeople();
    private final CommandFactory commands = new CommandFactory("gw", Clock.systemUTC());
    private final Introductions introductions =
            new Introductions(StartRules.parse("shop=contacts;school=host;*=anyone"), people);

    private InboundCommand starts(String tenant, String type, String... others) {
        return commands.create(
                new Caller(new UserKey(tenant, "alice"), false),
                "c",
                DIRECT,
                new CreateConversation(type, "n", List.of(others), null));
    }

    private InboundCommand adds(String tenant, String... userIds) {
        return commands.members(
                new Caller(new UserKey(tenant, "alice"), false),
                "c",
                "grp_1",
                CommandKind.MEMBER_ADD,
                new ChangeMembers(List.of(userIds), null));
    }

    private static void assertRefused(ThrowingCallable call, int status) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.answer().status()).isEqualTo(status));
    }

    @Test
    void whereAnyoneMayBlocksAloneAreLookedUpAndNobodyIsVouchedFor() throws Exception {
        InboundCommand group = starts("default", "group", "bob");

        introductions.introduce(group);
        introductions.introduce(starts("default", "group"));
        introductions.introduce(starts("default", "direct", "bob"));

        assertThat(group.getIntroduction()).isNull();
        assertThat(people.asked)
                .as("the sequencer knows of blocks in a direct one")
                .hasValue(1);
    }

    @Test
    void oneWhoBlockedTheAskerRefusesTheWholeCall() throws Exception {
        people.blocking.add("bob");

        assertRefused(() -> introductions.introduce(starts("default", "group", "carol", "bob")), 403);
        assertRefused(() -> introductions.introduce(adds("default", "bob")), 403);
        introductions.introduce(adds("default", "carol"));
        people.away = true;
        assertRefused(() -> introductions.introduce(adds("default", "carol")), 503);
    }

    @Test
    void contactsMayBeBroughtInAndAreVouchedFor() throws Exception {
        people.contacts.addAll(List.of("bob", "carol"));
        InboundCommand group = starts("shop", "group", "bob", "carol");
        InboundCommand more = adds("shop", "carol");

        introductions.introduce(group);
        introductions.introduce(more);
        introductions.introduce(starts("shop", "direct", "bob"));

        assertThat(group.getIntroduction()).isEqualTo(new Introduction(true, List.of("bob", "carol")));
        assertThat(more.getIntroduction()).isEqualTo(new Introduction(true, List.of("carol")));
    }

    @Test
    void oneWhoIsNoContactRefusesTheWholeCall() {
        people.contacts.add("bob");

        assertRefused(() -> introductions.introduce(starts("shop", "group", "bob", "carol")), 403);
        assertRefused(() -> introductions.introduce(adds("shop", "carol", "bob")), 403);
        assertRefused(() -> introductions.introduce(starts("shop", "direct", "carol")), 403);
    }

    @Test
    void whereHostsBringPeopleTogetherUsersDoNot() throws Exception {
        people.contacts.add("bob");

        assertRefused(() -> introductions.introduce(starts("school", "direct", "bob")), 403);
        assertRefused(() -> introductions.introduce(starts("school", "group", "bob")), 403);
        assertRefused(() -> introductions.introduce(adds("school", "bob")), 403);
        introductions.introduce(starts("school", "group"));
        assertThat(people.asked).as("but for one's own direct conversation").hasValue(1);
    }

    @Test
    void ownDirectConversationIsStillShown() throws Exception {
        people.conversations.add(DIRECT);

        introductions.introduce(starts("shop", "direct", "bob"));
        introductions.introduce(starts("school", "direct", "bob"));

        assertRefused(() -> introductions.introduce(starts("shop", "group", "bob")), 403);
    }

    @Test
    void whatCannotBeLookedUpIsWorthAnotherTry() {
        people.away = true;

        assertRefused(() -> introductions.introduce(adds("shop", "bob")), 503);
        assertRefused(() -> introductions.introduce(starts("school", "direct", "bob")), 503);
    }

    @Test
    void thousandPeopleAreLookedUpAtATime() throws Exception {
        String[] many = IntStream.range(0, 1_001).mapToObj(i -> "u" + i).toArray(String[]::new);
        people.contacts.addAll(List.of(many));

        introductions.introduce(adds("shop", List.of(many).subList(1, 1_001).toArray(String[]::new)));
        assertRefused(() -> introductions.introduce(adds("shop", many)), 413);
        introductions.introduce(adds("default", many));
    }

    @Test
    void contactsAreLookedUpWhereSomebodyLeftByThemselves() throws Exception {
        people.contacts.add("bob");
        InboundCommand command = adds("default", "bob", "carol");
        assertThat(Introductions.isNeeded(
                        command,
                        new Rejected(
                                ErrorCode.FORBIDDEN, "only admins of this group may do that", new CommandOutcome())))
                .isFalse();
        Outcome refused = new Rejected(ErrorCode.FORBIDDEN, Reason.NOT_EVERYBODY, new CommandOutcome());
        assertThat(Introductions.isNeeded(command, refused)).isTrue();

        introductions.introduceContacts(command);

        assertThat(command.getIntroduction()).isEqualTo(new Introduction(false, List.of("bob")));
        assertThat(Introductions.isNeeded(command, refused)).as("once only").isFalse();
    }
}
