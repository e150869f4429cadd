package chat.milena.topology.command;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Command;
import chat.milena.schemas.avro.ChangeBlock;
import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.avro.MuteConversation;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Role;
import chat.milena.topology.command.CommandReading.Known;
import chat.milena.topology.command.CommandReading.Malformed;
import chat.milena.topology.command.CommandReading.Unknown;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Records of every kind, whole; `PoisonedCommandsTest` has the broken ones.
class CommandReaderTest {
    private static final Actor ALICE = Actor.member("alice");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ConversationKey KEY = new ConversationKey("t", "c");
    private static final ChangePersonal ACCEPTS =
            ChangePersonal.newBuilder().setAccepts(true).build();
    private static final ConversationSettings DEFAULTS = new ConversationSettings(false, false, true, false, 0, false);

    @Test
    void everyKindIsReadAsItsCommand() {
        Message message = new Message("m1", new Content("text", "hi", null, null, null), null, null, null);
        UpdateConversation update = new UpdateConversation("new", null, null, null, null, null, null, null, null);

        assertRead("message.send", to -> to.setMessage(message), new Command.SendMessage(ALICE, message));
        assertRead(
                "message.edit",
                to -> to.setChange(new ChangeMessage("m1", message.getContent(), 3L, null, null, false)),
                new Command.EditMessage(ALICE, "m1", message.getContent(), 3L));
        assertRead(
                "message.delete",
                to -> to.setChange(new ChangeMessage("m1", null, null, "spam", null, false)),
                new Command.DeleteMessage(ALICE, "m1", "spam"));
        assertRead(
                "message.delivered",
                to -> to.setReceipt(new MarkReceipt(7L, List.of(), null, null, null)),
                new Command.MarkReceipt(ALICE, ReceiptKind.DELIVERED, 7L, List.of()));
        assertRead(
                "message.read",
                to -> to.setReceipt(new MarkReceipt(null, List.of("m1"), null, null, null)),
                new Command.MarkReceipt(ALICE, ReceiptKind.READ, null, List.of("m1")));
        assertRead("conversation.update", to -> to.setUpdate(update), new Command.Update(ALICE, update));
        assertRead("member.remove", to -> name(to, null, "bob"), new Command.RemoveMember(ALICE, "bob"));
        assertRead("member.role", to -> name(to, "admin", "bob"), new Command.ChangeRole(ALICE, "bob", Role.ADMIN));
        assertRead("member.mute", to -> to.setMute(new MuteConversation(NOON)), new Command.Mute(ALICE, NOON));
        assertRead("member.accept", to -> {}, new Command.Keep(ALICE, ACCEPTS));
        assertRead("member.personal", to -> to.setPersonal(ACCEPTS), new Command.Keep(ALICE, ACCEPTS));
    }

    @Test
    void withoutAnIntroductionNothingIsKnownInFavourOfTheOthers() {
        assertRead(
                "conversation.create",
                to -> to.setConversation(new CreateConversation("group", "g", List.of("bob"), null)),
                new Command.CreateConversation(ALICE, ConversationType.GROUP, "g", DEFAULTS, List.of("bob"), false));
        assertRead(
                "member.add",
                to -> name(to, null, "bob"),
                new Command.AddMembers(ALICE, List.of("bob"), false, List.of()));
    }

    @Test
    void introductionSaysWhetherBeingInIsEnoughAndWhoIsKnown() {
        Introduction introduction = new Introduction(true, List.of("bob"));

        assertRead(
                "conversation.create",
                to -> {
                    to.setConversation(new CreateConversation("direct", null, List.of("bob"), DEFAULTS));
                    to.setIntroduction(introduction);
                },
                new Command.CreateConversation(ALICE, ConversationType.DIRECT, null, DEFAULTS, List.of("bob"), true));
        assertRead(
                "member.add",
                to -> {
                    name(to, null, "bob", "carol");
                    to.setIntroduction(introduction);
                },
                new Command.AddMembers(ALICE, List.of("bob", "carol"), true, List.of("bob")));
    }

    @Test
    void commandIsOfThoseAsWhomItsUserActs() {
        assertRead(
                "member.accept",
                to -> to.setActorKind("moderator"),
                new Command.Keep(new Actor("alice", ActorKind.MODERATOR), ACCEPTS));
        assertThat(read("member.accept", to -> to.setActorKind("emperor"))).isEqualTo(new Unknown("emperor"));
    }

    @Test
    void wordsOfALaterVersionAreUnknown() {
        assertThat(read("message.sing", to -> {})).isEqualTo(new Unknown("message.sing"));
        assertThat(read("member.role", to -> name(to, "owner", "bob"))).isEqualTo(new Unknown("owner"));
        assertThat(read(
                        "conversation.create",
                        to -> to.setConversation(new CreateConversation("channel", null, List.of(), null))))
                .isEqualTo(new Unknown("channel"));
    }

    /// Only the consent has no section; commands of users are in another log.
    @ParameterizedTest
    @EnumSource(
            value = CommandKind.class,
            names = {
                "MEMBER_ACCEPT",
                "USER_PROFILE",
                "USER_BLOCK",
                "USER_DEVICE",
                "USER_NOTIFICATIONS",
                "USER_WARNINGS",
                "PUSH_CLAIM",
                "MODERATION_BAN"
            },
            mode = EnumSource.Mode.EXCLUDE)
    void kindWithoutItsSectionIsMalformed(CommandKind kind) {
        assertThat(read(kind.word(), to -> {}))
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.reason()).endsWith(": missing"));
    }

    @Test
    void personalStateIsHeldToWhatGatewaysUphold() {
        assertThat(read("member.personal", to -> to.setPersonal(change(-1L, null, null))))
                .isEqualTo(new Malformed("personal: a number below 0"));
        assertThat(read("member.personal", to -> to.setPersonal(change(null, -1L, null))))
                .isEqualTo(new Malformed("personal: a number below 0"));
        assertThat(read("member.personal", to -> to.setPersonal(change(null, null, draft("a".repeat(4_001), null)))))
                .isEqualTo(new Malformed("draft: too long"));
        assertThat(read("member.personal", to -> to.setPersonal(change(null, null, draft("a", "no id")))))
                .isEqualTo(new Malformed("draft.replyTo: not an id"));
        assertThat(read(
                        "member.personal",
                        to -> to.setPersonal(change(0L, 0L, draft("\uD83D\uDE00".repeat(4_000), "m1")))))
                .isInstanceOf(Known.class);
    }

    private static ChangePersonal change(
            @Nullable Long unreadFrom, @Nullable Long clearedUpTo, @Nullable MessageDraft draft) {
        return new ChangePersonal(false, null, null, null, unreadFrom, clearedUpTo, draft, false, null);
    }

    private static MessageDraft draft(String text, @Nullable String replyTo) {
        return new MessageDraft(text, replyTo);
    }

    @Test
    void blockIsOfTheDirectConversationOfItsTwoPeople() {
        String direct = Ids.directConversation("t", "alice", "bob");
        assertThat(block(direct, "bob")).isEqualTo(new Known(new Command.Block(ALICE, "bob", true)));
        assertThat(block("c", "bob")).isEqualTo(new Malformed("conversationId: not that of the two"));
        assertThat(block(direct, "alice")).isEqualTo(new Malformed("block.userId: not the id of somebody else"));
        assertThat(block(direct, "no id")).isEqualTo(new Malformed("block.userId: not the id of somebody else"));
    }

    private static CommandReading block(String conversationId, String blockedId) {
        InboundCommand inbound = inbound("member.block");
        inbound.setConversationId(conversationId);
        inbound.setBlock(new ChangeBlock(blockedId, true));
        return CommandReader.read(new ConversationKey("t", conversationId), inbound);
    }

    @Test
    void commandOnAUsersOwnStateIsMalformedHere() {
        assertThat(read("user.profile", to -> {})).isInstanceOf(Malformed.class);
    }

    private static void assertRead(String kind, Consumer<InboundCommand> section, Command command) {
        assertThat(read(kind, section)).isEqualTo(new Known(command));
    }

    private static CommandReading read(String kind, Consumer<InboundCommand> section) {
        InboundCommand inbound = inbound(kind);
        section.accept(inbound);
        return CommandReader.read(KEY, inbound);
    }

    private static InboundCommand inbound(String kind) {
        InboundCommand inbound = new InboundCommand();
        inbound.setActorKind("member");
        inbound.setTenant("t");
        inbound.setConversationId("c");
        inbound.setUserId("alice");
        inbound.setKind(kind);
        inbound.setOrigin(new CommandOrigin("gateway", "connection", 1L));
        inbound.setAcceptedAt(NOON);
        return inbound;
    }

    private static void name(InboundCommand to, @Nullable String role, String... userIds) {
        to.setMembers(new ChangeMembers(List.of(userIds), role));
    }
}
