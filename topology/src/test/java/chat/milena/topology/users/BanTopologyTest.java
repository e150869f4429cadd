package chat.milena.topology.users;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.topology.sequencer.SequencerConfig;
import chat.milena.topology.sequencer.TestSequencer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ban on its way from the moderator to the sequencer.
class BanTopologyTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), IDS);

    @TempDir
    private Path folder;

    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "sequencer");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        driver = new TopologyTestDriver(
                TestSequencer.topology(
                        TOPICS,
                        IDS,
                        new SequencerConfig(
                                10,
                                5,
                                4,
                                20,
                                Duration.ofDays(30),
                                Duration.ZERO,
                                Duration.ofDays(30),
                                SequencerConfig.EVIDENCE_KEEP)),
                settings,
                NOON);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private static InboundCommand command(String tenant, String userId, String kind, String conversationId) {
        InboundCommand command = new InboundCommand();
        command.setTenant(tenant);
        command.setConversationId(conversationId);
        command.setUserId(userId);
        command.setKind(kind);
        command.setActorKind("member");
        command.setOrigin(new CommandOrigin("gw", "rest", 7L));
        command.setAcceptedAt(NOON);
        return command;
    }

    private CommandOutcome bans(String actorKind, ChangeBan ban) {
        InboundCommand command = command("default", "mia", "moderation.ban", "");
        command.setActorKind(actorKind);
        command.setBan(ban);
        pipe(TOPICS.userCommands(), UserKey.moderation("default"), command);
        return outcome("mia");
    }

    private CommandOutcome creates(String tenant, String userId, String groupId) {
        InboundCommand command = command(tenant, userId, "conversation.create", groupId);
        command.setConversation(new CreateConversation("group", "G", List.of("zoe"), null));
        pipe(TOPICS.inbound(), new ConversationKey(tenant, groupId), command);
        return outcome(userId);
    }

    private <K extends LogKey> void pipe(TopicSpec<K, InboundCommand> topic, K key, InboundCommand command) {
        driver.createInputTopic(
                        topic.name(), topic.keys().serializer(), topic.values().serializer())
                .pipeInput(key, command);
    }

    private @Nullable Delivery notified;

    private CommandOutcome outcome(String userId) {
        List<Delivery> deliveries = written(TOPICS.deliveries()).stream()
                .map(record -> record.value)
                .toList();
        notified = deliveries.stream()
                .filter(delivery -> delivery.getBan() != null)
                .findFirst()
                .orElse(null);
        return deliveries.stream()
                .filter(delivery -> delivery.getOutcome() != null)
                .map(Delivery::getOutcome)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no answer for " + userId));
    }

    private <K extends LogKey, V extends SpecificRecord> List<KeyValue<K, V>> written(TopicSpec<K, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keys().deserializer(),
                        topic.values().deserializer())
                .readKeyValuesToList();
    }

    private static ChangeBan ban(@Nullable String conversationId, @Nullable Instant until) {
        return new ChangeBan("bob", conversationId, true, until, "spam");
    }

    @Test
    void banIsPublishedNotedForGoodAndShownToTheBannedUser() {
        Instant until = NOON.plusSeconds(60);

        assertThat(bans("moderator", ban(null, until)).getStatus()).isEqualTo("accepted");

        assertThat(written(TOPICS.bans()))
                .containsExactly(new KeyValue<>(
                        new BanKey("default", "bob", ""), new Ban("default", "bob", null, until, "spam", "mia", NOON)));
        assertThat(written(TOPICS.moderation()))
                .containsExactly(new KeyValue<>(
                        UserKey.moderation("default"),
                        new ModerationEvent(
                                "default",
                                "ban.set",
                                NOON,
                                "mia",
                                "moderator",
                                "bob",
                                null,
                                until,
                                "spam",
                                null,
                                null,
                                null,
                                null,
                                false)));
        assertThat(notified).satisfies(delivery -> {
            assertThat(delivery.getRecipients()).containsExactly("bob");
            assertThat(delivery.getBan()).isEqualTo(ban(null, until));
        });
    }

    @Test
    void sameBanAgainOnlyPublishesItsRecordAgain() {
        bans("moderator", ban(null, null));
        List<KeyValue<BanKey, Ban>> first = written(TOPICS.bans());
        written(TOPICS.moderation());

        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(bans("moderator", ban(null, null)).getStatus()).isEqualTo("duplicate");

        assertThat(written(TOPICS.bans())).hasSize(1).isEqualTo(first);
        assertThat(written(TOPICS.moderation())).isEmpty();
        assertThat(notified).isNull();
    }

    @Test
    void bannedUserStartsNothingUntilTheEnd() {
        Instant until = NOON.plusSeconds(60);
        bans("moderator", ban(null, until));

        CommandOutcome refused = creates("default", "bob", "g1");
        assertThat(refused.getCode()).isEqualTo("FORBIDDEN");
        assertThat(refused.getBanned()).isTrue();
        assertThat(refused.getBannedUntil()).isEqualTo(until);
        assertThat(creates("default", "ann", "g2").getStatus()).isEqualTo("accepted");
        assertThat(creates("acme", "bob", "g1").getStatus())
                .as("another tenant's bob")
                .isEqualTo("accepted");

        driver.advanceWallClockTime(Duration.ofSeconds(60));
        assertThat(creates("default", "bob", "g1").getStatus()).isEqualTo("accepted");
    }

    @Test
    void banOfAConversationHoldsThereAndTheLongestOfTwoCounts() {
        bans("moderator", ban("g1", null));
        assertThat(creates("default", "bob", "g1").getBanned()).isTrue();
        assertThat(creates("default", "bob", "g2").getBanned()).isFalse();

        bans("moderator", ban(null, NOON.plusSeconds(60)));
        assertThat(creates("default", "bob", "g1").getBannedUntil()).isNull();
        assertThat(creates("default", "bob", "g3").getBannedUntil()).isEqualTo(NOON.plusSeconds(60));

        bans("moderator", new ChangeBan("bob", "g1", false, null, ""));
        assertThat(notified)
                .satisfies(delivery ->
                        assertThat(delivery.getBan()).isEqualTo(new ChangeBan("bob", "g1", false, null, "spam")));
        bans("moderator", new ChangeBan("bob", null, false, null, ""));
        assertThat(creates("default", "bob", "g1").getStatus()).isEqualTo("accepted");
    }

    @Test
    void banOfADecisionThatIsRefusedIsInTheAudit() {
        InboundCommand command = command("default", "mia", "moderation.ban", "");
        command.setActorKind("moderator");
        command.setOrigin(new CommandOrigin("", "", 0L));
        command.setBan(ban("g1", NOON.minusSeconds(1)));
        pipe(TOPICS.userCommands(), UserKey.moderation("default"), command);

        assertThat(written(TOPICS.bans())).isEmpty();
        assertThat(written(TOPICS.moderation())).singleElement().satisfies(noted -> {
            assertThat(noted.value.getKind()).isEqualTo("ban.refused");
            assertThat(noted.value.getUserId()).isEqualTo("bob");
            assertThat(noted.value.getConversationId()).isEqualTo("g1");
        });
    }

    @Test
    void whoIsNoModeratorBansNobody() {
        CommandOutcome refused = bans("member", ban(null, null));

        assertThat(refused.getCode()).isEqualTo("FORBIDDEN");
        assertThat(notified).isNull();
        assertThat(written(TOPICS.bans())).isEmpty();
        assertThat(written(TOPICS.moderation())).isEmpty();
        assertThat(bans("moderator", new ChangeBan("bob", null, false, null, ""))
                        .getStatus())
                .isEqualTo("duplicate");
    }

    @Test
    void endedBanIsDeletedWithinAnHour() {
        bans("moderator", ban(null, NOON.plusSeconds(60)));
        bans("moderator", ban("g1", null));
        written(TOPICS.bans());

        driver.advanceWallClockTime(Duration.ofHours(1));

        assertThat(written(TOPICS.bans())).containsExactly(new KeyValue<>(new BanKey("default", "bob", ""), null));
        assertThat(creates("default", "bob", "g1").getBanned()).isTrue();
    }

    @Test
    void commandUnderTheKeyOfAUserIsADeadLetter() {
        InboundCommand command = command("default", "mia", "moderation.ban", "");
        command.setActorKind("moderator");
        command.setBan(ban(null, null));
        pipe(TOPICS.userCommands(), new UserKey("default", "mia"), command);

        assertThat(written(TOPICS.deadLetters())).hasSize(1);
        assertThat(written(TOPICS.bans())).isEmpty();
    }
}
