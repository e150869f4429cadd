package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.ChangeBlock;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.ReportMessage;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.id.Ids;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Makes commands of the kinds that came after [CommandLog] of some of its commands, the same for the same seed.
final class LaterCommands {
    private static final List<String> USERS = List.of("a", "b", "c", "d", "e", "f", "g", "h");
    private static final List<String> EMOJI = List.of("+1", "-1", "\uD83D\uDC4D", "?");

    /// Without ban, which the processor of users decides.
    private static final List<String> ACTIONS = List.of("remove", "dismiss", "warn", "release");

    private final Random random;
    private final Random moderation;

    LaterCommands(long seed) {
        this.random = new Random(seed);
        this.moderation = new Random(seed + 1);
    }

    private void moderate(InboundCommand command) {
        String messageId = "m" + moderation.nextInt(40);
        switch (moderation.nextInt(6)) {
            case 0 -> {
                command.setKind("message.report");
                command.setReport(new ReportMessage(messageId, "spam", "look", null));
            }
            case 1 -> {
                command.setKind("message.flag");
                command.setUserId(Ids.MODERATION);
                command.setActorKind("moderation");
                String action = moderation.nextInt(3) == 0 ? "remove" : "flag";
                command.setFlag(new FlagMessage(messageId, 0L, "links", 1L, action, null, null));
            }
            case 2 -> {
                command.setKind("message.decide");
                command.setActorKind("moderator");
                String action = ACTIONS.get(moderation.nextInt(ACTIONS.size()));
                command.setDecision(new DecideMessage(messageId, action, null, false, null, null, null));
            }
            default -> {}
        }
    }

    void change(InboundCommand command) {
        if (command.getMessage() != null) {
            extend(command.getMessage());
            return;
        }
        switch (random.nextInt(20)) {
            case 0, 1 -> {
                command.setKind("message.edit");
                command.setChange(new ChangeMessage(anyMessageId(), content(), maybe(1L), null, null, false));
            }
            case 2 -> {
                command.setKind("message.delete");
                command.setActorKind(random.nextInt(3) == 0 ? "moderator" : "member");
                command.setChange(new ChangeMessage(anyMessageId(), null, null, maybe("spam"), null, false));
            }
            case 3, 4, 5 -> {
                command.setKind("message.react");
                command.setChange(new ChangeMessage(
                        anyMessageId(), null, null, null, EMOJI.get(random.nextInt(EMOJI.size())), remove()));
            }
            case 6 -> {
                command.setKind("message.pin");
                command.setChange(new ChangeMessage(anyMessageId(), null, null, null, null, remove()));
            }
            case 7, 8 -> {
                command.setKind(remove() ? "thread.unfollow" : "thread.follow");
                command.setChange(new ChangeMessage(anyMessageId(), null, null, null, null, false));
            }
            case 9 -> {
                command.setKind("message.read");
                command.setReceipt(new MarkReceipt(null, List.of(), anyMessageId(), (long) random.nextInt(4), null));
            }
            case 10, 11 -> personal(command);
            case 12, 13 -> direct(command);
            case 14 -> {
                command.setKind("conversation.update");
                command.setUpdate(new UpdateConversation(
                        null,
                        null,
                        null,
                        null,
                        maybe(true),
                        maybe("https://a.test/" + random.nextInt(2)),
                        maybe("{}"),
                        null,
                        maybe(true)));
            }
            default -> moderate(command);
        }
    }

    private void extend(Message message) {
        message.setMessageId(anyMessageId());
        if (random.nextInt(3) == 0) {
            message.setReplyTo(new MessageReference(anyMessageId(), 0L));
        }
        if (random.nextInt(2) == 0) {
            message.setThread(new ThreadPlace(new MessageReference(anyMessageId(), 0L), 0L, random.nextBoolean()));
        }
        if (random.nextInt(3) == 0) {
            message.setContent(content());
        }
    }

    private Content content() {
        boolean all = random.nextInt(4) == 0;
        Mentions mentions = new Mentions(all ? List.of() : List.of(anyUser()), all);
        return new Content("text", "text " + random.nextInt(3), null, null, maybe(mentions));
    }

    private void personal(InboundCommand command) {
        command.setKind("member.personal");
        command.setPersonal(new ChangePersonal(
                random.nextInt(5) == 0,
                maybe(random.nextBoolean()),
                maybe(random.nextBoolean()),
                maybe(random.nextBoolean()),
                maybe((long) random.nextInt(20)),
                random.nextInt(4) == 0 ? (Long) (long) random.nextInt(20) : null,
                maybe(new MessageDraft("draft " + random.nextInt(3), maybe(anyMessageId()))),
                random.nextInt(6) == 0,
                null));
    }

    /// Something between two people: a block, or their conversation.
    private void direct(InboundCommand command) {
        String other = anyUser();
        command.setConversationId(Ids.directConversation(command.getTenant(), command.getUserId(), other));
        if (random.nextInt(3) == 0) {
            command.setKind("conversation.create");
            command.setConversation(new CreateConversation(
                    "direct", null, List.of(other), new ConversationSettings(false, false, true, false, 0, false)));
        } else {
            command.setKind("member.block");
            command.setBlock(new ChangeBlock(other, random.nextInt(3) > 0));
        }
    }

    private boolean remove() {
        return random.nextInt(3) == 0;
    }

    private <T> @Nullable T maybe(T value) {
        return random.nextBoolean() ? value : null;
    }

    private String anyUser() {
        return USERS.get(random.nextInt(USERS.size()));
    }

    private String anyMessageId() {
        return "m" + random.nextInt(60);
    }
}
