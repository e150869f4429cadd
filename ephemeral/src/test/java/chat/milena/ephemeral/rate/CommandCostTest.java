package chat.milena.ephemeral.rate;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CommandCostTest {
    private static final int SHARDS = 64;

    @Test
    void everyTenNamedCountAsOne() {
        assertThat(CommandCost.commands(new InboundCommand())).isEqualTo(1);
        assertThat(CommandCost.commands(Commands.group(10))).isEqualTo(1);
        assertThat(CommandCost.commands(Commands.group(11))).isEqualTo(2);
        assertThat(CommandCost.commands(Commands.group(999))).isEqualTo(100);
        assertThat(CommandCost.commands(Commands.adding(1))).isEqualTo(1);
        assertThat(CommandCost.commands(Commands.receipt(100))).isEqualTo(10);
    }

    @Test
    void bytesGrowWithPayloadAndPeople() {
        assertThat(CommandCost.kibibytes(Commands.message("hi"))).isEqualTo(2);
        assertThat(CommandCost.kibibytes(Commands.message("x".repeat(4_000)))).isEqualTo(13);
        assertThat(CommandCost.kibibytes(Commands.group(999))).isBetween(700, 1_200);
        assertThat(CommandCost.kibibytes(Commands.receipt(100))).isEqualTo(11);
    }

    @Test
    void deliveriesToFewAddNothing() {
        assertThat(CommandCost.deliveredKibibytes(message(1), SHARDS)).isZero();
        assertThat(CommandCost.deliveredKibibytes(message(2), SHARDS)).isZero();
        assertThat(CommandCost.deliveredKibibytes(change(3), SHARDS)).isZero();
    }

    @Test
    void deliveriesToManyAddWhatTheirShardsWrite() {
        assertThat(CommandCost.deliveredKibibytes(message(16), SHARDS)).isBetween(30, 60);
        // A renaming shows a hundred participants to every shard.
        assertThat(CommandCost.deliveredKibibytes(change(1_000), SHARDS)).isBetween(100, 250);
    }

    private static Delivery message(int recipients) {
        Delivery delivery = new Delivery();
        delivery.setEvent(new TimelineEvent());
        delivery.setRecipients(Commands.people(recipients));
        return delivery;
    }

    private static Delivery change(int members) {
        Delivery delivery = message(1);
        delivery.setConversation(new ConversationSnapshot(
                "group",
                "friends",
                new ConversationSettings(),
                Commands.people(Math.min(100, members)).stream()
                        .map(userId -> new Participant(userId, "member"))
                        .toList(),
                members,
                2L,
                Instant.EPOCH,
                null,
                null));
        return delivery;
    }
}
