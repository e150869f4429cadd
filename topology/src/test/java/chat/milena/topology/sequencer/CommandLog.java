package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MuteConversation;
import chat.milena.schemas.avro.UpdateConversation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// A log of commands of every kind, the same for the same seed: resends, outsiders, groups that become large, unknown
/// kinds and broken records among them.
final class CommandLog {
    private static final List<String> USERS = List.of("a", "b", "c", "d", "e", "f", "g", "h");
    private static final int CONVERSATIONS = 6;

    private final Random random;
    private long commandId;

    CommandLog(long seed) {
        this.random = new Random(seed);
    }

    InboundCommand next(Instant now) {
        InboundCommand command = new InboundCommand();
        command.setActorKind("member");
        command.setTenant(random.nextInt(20) == 0 ? "u" : "t");
        command.setConversationId("c" + random.nextInt(CONVERSATIONS));
        command.setUserId(anyUser());
        command.setOrigin(new CommandOrigin("gateway", "connection", ++commandId));
        command.setAcceptedAt(now);
        switch (random.nextInt(24)) {
            case 0 -> create(command);
            case 1, 2, 3 -> {
                command.setKind("member.add");
                command.setMembers(new ChangeMembers(someUsers(3), null));
                introduce(command);
            }
            case 4 -> {
                command.setKind("member.remove");
                command.setMembers(
                        new ChangeMembers(List.of(random.nextBoolean() ? command.getUserId() : anyUser()), null));
            }
            case 5 -> {
                command.setKind("member.role");
                String role = random.nextInt(8) == 0 ? "owner" : random.nextBoolean() ? "admin" : "member";
                command.setMembers(new ChangeMembers(List.of(anyUser()), role));
            }
            case 6 -> {
                command.setKind("conversation.update");
                command.setUpdate(new UpdateConversation(
                        random.nextBoolean() ? null : "n" + random.nextInt(3),
                        random.nextInt(4) == 0 ? random.nextInt(3) == 0 : null,
                        random.nextBoolean() ? random.nextBoolean() : null,
                        random.nextBoolean() ? random.nextBoolean() : null,
                        null,
                        null,
                        null,
                        null,
                        null));
            }
            case 7 -> {
                command.setKind("member.mute");
                command.setMute(new MuteConversation(random.nextBoolean() ? null : now.plusSeconds(60)));
            }
            case 8 -> command.setKind("member.accept");
            case 9 -> broken(command);
            case 10, 11, 12, 13 -> {
                command.setKind(random.nextBoolean() ? "message.read" : "message.delivered");
                Long upTo = random.nextBoolean() ? null : (long) random.nextInt(150);
                List<String> messageIds = upTo == null || random.nextBoolean()
                        ? List.of(anyMessageId(), anyMessageId())
                        : List.<String>of();
                command.setReceipt(new MarkReceipt(upTo, messageIds, null, null, null));
            }
            default -> {
                command.setKind("message.send");
                Content content = new Content("text", "text " + random.nextInt(1_000), null, null, null);
                Instant expiresAt = random.nextInt(10) == 0 ? now.plusSeconds(600) : null;
                command.setMessage(new Message(anyMessageId(), content, expiresAt, null, null));
            }
        }
        return command;
    }

    private void create(InboundCommand command) {
        command.setKind("conversation.create");
        boolean direct = command.getConversationId().equals("c0");
        ConversationSettings settings = random.nextBoolean()
                ? null
                : new ConversationSettings(false, random.nextBoolean(), true, false, 0, false);
        String type = random.nextInt(10) == 0 ? "channel" : direct ? "direct" : "group";
        command.setConversation(new CreateConversation(type, "name", someUsers(direct ? 1 : 4), settings));
        introduce(command);
    }

    private void introduce(InboundCommand command) {
        if (random.nextBoolean()) {
            command.setIntroduction(new Introduction(random.nextBoolean(), someUsers(4)));
        }
    }

    private void broken(InboundCommand command) {
        switch (random.nextInt(5)) {
            case 0 -> command.setKind("message.sing");
            case 1 -> command.setKind("message.send");
            case 2 -> command.setKind("message.read");
            case 3 -> {
                command.setKind("member.remove");
                command.setMembers(new ChangeMembers(USERS, null));
            }
            default -> {
                command.setKind("member.accept");
                command.setUserId("not an id");
            }
        }
    }

    private String anyUser() {
        return USERS.get(random.nextInt(USERS.size()));
    }

    private String anyMessageId() {
        return "m" + random.nextInt(400);
    }

    private List<String> someUsers(int max) {
        List<String> users = new ArrayList<>(USERS);
        Collections.shuffle(users, random);
        return List.copyOf(users.subList(0, random.nextInt(max) + 1));
    }
}
