package chat.milena.topology.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.schemas.word.Role;
import chat.milena.topology.conversation.ConversationState.Absent;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.FirstSend;
import chat.milena.topology.conversation.Membership;
import chat.milena.topology.conversation.Position;
import chat.milena.topology.conversation.Properties;
import chat.milena.topology.conversation.ReceiptMark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the sequencer looks up for a receipt.
class ReceiptReaderTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Open OPEN = new Open(
            new Properties(
                    ConversationType.GROUP,
                    "team",
                    new ConversationSettings(false, false, true),
                    "alice",
                    NOON,
                    false,
                    null),
            new TreeMap<>(Map.of("alice", new Membership("alice", Role.ADMIN, NOON, 1, null, true, 1L))),
            new Position(9, 8, 0, NOON));

    private final List<String> lookedUp = new ArrayList<>();

    @Test
    void membersMessagesAreLookedUp() {
        assertThat(ReceiptReader.read(receipt("alice"), OPEN, this::find))
                .isEqualTo(new ReceiptMark("alice", ReceiptKind.READ, 7L, List.of("m1")));
        assertThat(lookedUp).containsExactly("m1", "m2");
    }

    @Test
    void outsidersNamesCostNoLookUp() {
        ReceiptReader.read(receipt("mallory"), OPEN, this::find);
        ReceiptReader.read(receipt("alice"), new Absent(), this::find);

        assertThat(lookedUp).isEmpty();
    }

    private @Nullable FirstSend find(String messageId) {
        lookedUp.add(messageId);
        return messageId.equals("m1") ? new FirstSend("bob", 7, NOON) : null;
    }

    private static InboundCommand receipt(String userId) {
        InboundCommand command = new InboundCommand();
        command.setTenant("t");
        command.setConversationId("c");
        command.setUserId(userId);
        command.setKind("message.read");
        command.setOrigin(new CommandOrigin("gateway", "conn", 1L));
        command.setAcceptedAt(NOON);
        command.setReceipt(new MarkReceipt(null, List.of("m1", "m2")));
        return command;
    }
}
