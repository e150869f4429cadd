package chat.milena.topology.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.conversation.moderation.BanListRules;
import chat.milena.conversation.moderation.HoldRules;
import chat.milena.conversation.moderation.QueueRules;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.ChangeWarnings;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.ReportMessage;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.avro.Warning;
import chat.milena.schemas.avro.Warnings;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.AcceptedAt;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.topology.sequencer.SequencerConfig;
import chat.milena.topology.sequencer.TestSequencer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A group of alice, bob, carol and dora, large from four members on, in which bob wrote m1: what reports and decisions
/// write.
class ReportTopologyTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), IDS);
    private static final ConversationKey GROUP = new ConversationKey("default", "g");
    private static final Content TEXT = new Content("text", "one", null, null, null);
    private static final Content TWO = new Content("text", "two", null, null, null);

    private static final Duration KEPT = Duration.ofDays(10);

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
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
                                10, 4, 4, 20, Duration.ofDays(30), Duration.ZERO, Duration.ofDays(30), KEPT),
                        meters),
                settings,
                NOON);
        of(
                "alice",
                "member",
                "conversation.create",
                to -> to.setConversation(new CreateConversation("group", "G", List.of("bob", "carol", "dora"), null)));
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m1", TEXT, null, null, null)));
        written(TOPICS.messages());
        written(TOPICS.deliveries());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private static InboundCommand command(String userId, String actorKind, String kind) {
        InboundCommand command = new InboundCommand();
        command.setTenant("default");
        command.setConversationId("g");
        command.setUserId(userId);
        command.setKind(kind);
        command.setActorKind(actorKind);
        command.setOrigin(new CommandOrigin("gw", "rest", 7L));
        command.setAcceptedAt(NOON);
        return command;
    }

    private void of(String userId, String actorKind, String kind, Consumer<InboundCommand> section) {
        InboundCommand command = command(userId, actorKind, kind);
        section.accept(command);
        pipe(TOPICS.inbound(), GROUP, command);
    }

    private void reports(String userId) {
        of(
                userId,
                "member",
                "message.report",
                to -> to.setReport(new ReportMessage("m1", "spam", "look", new MessageCopy(TEXT, 0L, NOON))));
    }

    private void decides(String action) {
        of(
                "mia",
                "moderator",
                "message.decide",
                to -> to.setDecision(new DecideMessage("m1", action, null, false, null, null, null)));
    }

    private void flags(String action) {
        of(
                "moderation",
                "moderation",
                "message.flag",
                to -> to.setFlag(new FlagMessage("m1", 0L, "links", 3L, action, null, null)));
    }

    private <K extends LogKey> void pipe(TopicSpec<K, InboundCommand> topic, K key, InboundCommand command) {
        driver.createInputTopic(
                        topic.name(), topic.keys().serializer(), topic.values().serializer())
                .pipeInput(key, command);
    }

    private <K extends LogKey, V extends SpecificRecord> List<KeyValue<K, V>> written(TopicSpec<K, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keys().deserializer(),
                        topic.values().deserializer())
                .readKeyValuesToList();
    }

    private static ReportKey place(boolean decided) {
        return new ReportKey("default", decided, NOON.toEpochMilli(), "g", "m1");
    }

    private CommandOutcome outcome() {
        return written(TOPICS.deliveries()).stream()
                .map(record -> record.value.getOutcome())
                .filter(outcome ->
                        outcome != null && outcome.getOrigin().getGatewayId().equals("gw"))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void reportIsPublishedOpenAndMovesWhenItIsDecided() {
        reports("carol");

        assertThat(written(TOPICS.reports())).singleElement().satisfies(published -> {
            assertThat(published.key).isEqualTo(place(false));
            assertThat(published.value.getTenant()).isEqualTo("default");
            assertThat(published.value.getCopy().getContent()).isEqualTo(TEXT);
        });

        driver.advanceWallClockTime(Duration.ofSeconds(1));
        decides("dismiss");

        List<KeyValue<ReportKey, ReportedMessage>> moved = written(TOPICS.reports());
        assertThat(moved.getFirst()).isEqualTo(KeyValue.pair(place(false), null));
        assertThat(moved.getLast().key).isEqualTo(place(true));
        assertThat(moved.getLast().value.getCopy()).isNull();
        assertThat(moved.getLast().value.getDecision().getDecidedBy()).isEqualTo("mia");
        assertThat(written(TOPICS.moderation()))
                .allSatisfy(noted -> assertThat(noted.key).isEqualTo(UserKey.moderation("default")))
                .extracting(noted -> noted.value)
                .extracting(ModerationEvent::getKind, ModerationEvent::getActorId, ModerationEvent::getMessageId)
                .containsExactly(tuple("report", "carol", "m1"), tuple("decision", "mia", "m1"));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        reports("dora");
        assertThat(written(TOPICS.reports()))
                .as("in its old place")
                .extracting(published -> published.key)
                .containsExactly(place(true), place(false));
    }

    private double overturned(String rule) {
        return meters.get("milena.reports.overturned")
                .tags("tenant", "default", "rule", rule)
                .counter()
                .count();
    }

    @Test
    void whatIsLetStandCountsByTheRuleThatFoundIt() {
        flags("flag");
        decides("warn");
        assertThat(meters.find("milena.reports.overturned").tag("rule", "links").counter())
                .isNull();

        decides("remove");
        decides("dismiss");

        assertThat(overturned("links")).isEqualTo(1);
    }

    @Test
    void whatIsLetStandThoughAModeratorRemovedItCountsByNoRule() {
        reports("carol");
        decides("remove");
        decides("dismiss");

        assertThat(overturned("moderator")).isEqualTo(1);
    }

    @Test
    void copyIsErasedAfterItsTimeAndTheMessageStaysOpen() {
        reports("carol");
        written(TOPICS.reports());

        driver.advanceWallClockTime(KEPT.minusMinutes(1));
        assertThat(written(TOPICS.reports())).isEmpty();
        driver.advanceWallClockTime(Duration.ofMinutes(1));

        assertThat(written(TOPICS.reports())).first().satisfies(erased -> {
            assertThat(erased.key).isEqualTo(place(false));
            assertThat(erased.value.getCopy()).isNull();
            assertThat(erased.value.getReports()).hasSize(1);
        });
        assertThat(driver.<ReportKey, ReportedMessage>getKeyValueStore("open-reports")
                        .get(place(false))
                        .getCopy())
                .isNull();
    }

    @Test
    void messageThatExpiredIsNoLongerInTheQueue() {
        reports("carol");
        written(TOPICS.reports());

        driver.advanceWallClockTime(Duration.ofDays(30).plusMinutes(2));

        assertThat(written(TOPICS.reports())).contains(KeyValue.pair(place(false), null));
    }

    @Test
    void copiesAreInNoStoreButThatOfOpenOnes() {
        reports("carol");
        try (KeyValueIterator<Windowed<MessageKey>, ReportedMessage> known =
                driver.<MessageKey, ReportedMessage>getWindowStore("reports").all()) {
            assertThat(known.next().value.getCopy()).isNull();
        }
        decides("dismiss");

        assertThat(driver.<ReportKey, ReportedMessage>getKeyValueStore("open-reports")
                        .all()
                        .hasNext())
                .isFalse();
    }

    /// What is held is in the store of open ones alone, and not in the topic.
    @Test
    void contentThatIsHeldIsGoneOnceItIsDecided() {
        UpdateConversation premoderation = new UpdateConversation();
        premoderation.setPremoderation(true);
        of("alice", "member", "conversation.update", to -> to.setUpdate(premoderation));
        of("bob", "member", "message.edit", to -> to.setChange(new ChangeMessage("m1", TWO, null, null, null, false)));

        assertThat(written(TOPICS.reports())).singleElement().satisfies(published -> {
            assertThat(published.key).isEqualTo(place(false));
            assertThat(published.value.getHeld()).isTrue();
            assertThat(published.value.getHeldContent()).isNull();
        });
        KeyValueStore<ReportKey, ReportedMessage> open = driver.getKeyValueStore("open-reports");
        assertThat(open.get(place(false)).getHeldContent()).isEqualTo(TWO);
        try (KeyValueIterator<Windowed<MessageKey>, ReportedMessage> known =
                driver.<MessageKey, ReportedMessage>getWindowStore("reports").all()) {
            assertThat(known.next().value.getHeldContent()).isNull();
        }
        written(TOPICS.messages());
        written(TOPICS.fanout());

        of(
                "mia",
                "moderator",
                "message.decide",
                to -> to.setDecision(new DecideMessage("m1", "release", null, false, null, null, 1L)));

        assertThat(written(TOPICS.messages()))
                .extracting(event -> event.value)
                .extracting(TimelineEvent::getKind, TimelineEvent::getActorId)
                .containsExactly(tuple("message", "bob"), tuple("message.released", "moderation"));
        assertThat(written(TOPICS.fanout())).singleElement().satisfies(fanned -> {
            assertThat(fanned.value.getContent().getContent()).isEqualTo(TWO);
            assertThat(fanned.value.getContent().getDisclosed().getSenderId()).isEqualTo("bob");
        });
        assertThat(open.get(place(false))).isNull();
        assertThat(written(TOPICS.reports()).getLast().value.getHeld()).isFalse();
    }

    /// Nobody has reported it, so there is nothing to decide on.
    @Test
    void heldMessageThatItsSenderDeletesLeavesNoRow() {
        UpdateConversation premoderation = new UpdateConversation();
        premoderation.setPremoderation(true);
        of("alice", "member", "conversation.update", to -> to.setUpdate(premoderation));
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m2", TWO, null, null, null)));
        ReportKey row = written(TOPICS.reports()).getFirst().key;

        of(
                "bob",
                "member",
                "message.delete",
                to -> to.setChange(new ChangeMessage("m2", null, null, null, null, false)));

        assertThat(written(TOPICS.reports())).containsExactly(KeyValue.pair(row, null));
        assertThat(driver.<ReportKey, ReportedMessage>getKeyValueStore("open-reports")
                        .all()
                        .hasNext())
                .isFalse();
        try (KeyValueIterator<Windowed<MessageKey>, ReportedMessage> known =
                driver.<MessageKey, ReportedMessage>getWindowStore("reports").all()) {
            assertThat(known.hasNext()).isFalse();
        }
    }

    @Test
    void removalShowsModerationInALargeGroupAndAnswersTheModerator() {
        reports("carol");
        written(TOPICS.deliveries());
        written(TOPICS.fanout());

        decides("remove");

        assertThat(outcome().getStatus()).isEqualTo("accepted");
        assertThat(written(TOPICS.fanout())).singleElement().satisfies(fanned -> {
            assertThat(fanned.value.getEvent().getActorId()).isEqualTo("moderation");
            assertThat(fanned.value.getEvent().getKind()).isEqualTo("message.deleted");
            assertThat(fanned.value.getOutcome()).isNull();
        });
        TimelineEvent message = written(TOPICS.messages()).getFirst().value;
        assertThat(message.getDeletedBy()).isEqualTo("moderation");
        assertThat(message.getMessage().getContent().getText()).isNull();
    }

    @Test
    void ruleRemovesOnceAndAModeratorsDismissalHoldsAgainstRules() {
        flags("flag");
        decides("dismiss");
        written(TOPICS.messages());
        written(TOPICS.reports());

        flags("remove");
        assertThat(written(TOPICS.messages())).isEmpty();
        assertThat(written(TOPICS.reports())).isEmpty();
    }

    @Test
    void removalOfARuleIsADecidedRow() {
        flags("remove");
        flags("remove");

        assertThat(written(TOPICS.messages()))
                .extracting(event -> event.value.getKind())
                .containsExactly("message", "message.deleted");
        assertThat(written(TOPICS.reports())).singleElement().satisfies(row -> {
            assertThat(row.key.decided()).isTrue();
            assertThat(row.value.getDecision().getDecidedBy()).isEqualTo("moderation");
            assertThat(row.value.getFlags()).hasSize(1);
        });
        assertThat(written(TOPICS.moderation())).singleElement().satisfies(noted -> {
            assertThat(noted.value.getRule()).isEqualTo("links");
            assertThat(noted.value.getRuleVersion()).isEqualTo(3);
        });
    }

    /// The command of a rule has the time of the message, which may be long ago.
    @Test
    void whatARuleChangesDoesNotSayWhenAGatewayTookACommand() {
        accepted();
        flags("remove");
        assertThat(accepted()).isNotEmpty().containsOnly(-1L);
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m2", TEXT, null, null, null)));
        assertThat(accepted()).isNotEmpty().containsOnly(NOON.toEpochMilli());
    }

    private List<Long> accepted() {
        TopicSpec<?, FanoutEvent> topic = TOPICS.fanout();
        return driver
                .createOutputTopic(
                        topic.name(),
                        topic.keys().deserializer(),
                        topic.values().deserializer())
                .readRecordsToList()
                .stream()
                .map(record -> AcceptedAt.millis(record.headers()))
                .toList();
    }

    @Test
    void warningReachesTheAuthorAndWaitsForTheNextConnection() {
        of(
                "mia",
                "moderator",
                "message.decide",
                to -> to.setDecision(new DecideMessage("m1", "warn", null, false, "stop", null, null)));

        Warning warning = new Warning("g", "m1", "stop", NOON);
        assertThat(written(TOPICS.deliveries()))
                .extracting(delivered -> delivered.value)
                .filteredOn(delivery -> delivery.getWarning() != null)
                .singleElement()
                .satisfies(delivery -> {
                    assertThat(delivery.getRecipients()).containsExactly("bob");
                    assertThat(delivery.getWarning()).isEqualTo(warning);
                });
        UserKey bob = new UserKey("default", "bob");
        assertThat(written(TOPICS.warnings()))
                .containsExactly(KeyValue.pair(bob, new Warnings("default", "bob", List.of(warning))));

        shown(NOON.minusMillis(1));
        assertThat(written(TOPICS.warnings())).isEmpty();
        shown(NOON);
        assertThat(written(TOPICS.warnings())).containsExactly(KeyValue.pair(bob, null));
    }

    @Test
    void warningFromAClockThatIsBehindWaitsAlthoughALaterOneWasShown() {
        UserKey bob = new UserKey("default", "bob");
        for (Instant at : List.of(NOON, NOON.minusSeconds(1))) {
            InboundCommand command = command("bob", "system", "user.warnings");
            command.setConversationId("");
            command.setWarnings(new ChangeWarnings(new Warning("g", "m1", "stop at " + at, at), null));
            pipe(TOPICS.userCommands(), bob, command);
        }

        shown(NOON);

        assertThat(written(TOPICS.warnings()).getLast().value.getWarnings())
                .extracting(Warning::getText)
                .containsExactly("stop at " + NOON.minusSeconds(1));
    }

    private void shown(Instant upTo) {
        InboundCommand command = command("bob", "member", "user.warnings");
        command.setConversationId("");
        command.setWarnings(new ChangeWarnings(null, upTo));
        pipe(TOPICS.userCommands(), new UserKey("default", "bob"), command);
    }

    @Test
    void newestWarningsWait() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            texts.add("stop " + i);
            String text = texts.getLast();
            of(
                    "mia",
                    "moderator",
                    "message.decide",
                    to -> to.setDecision(new DecideMessage("m1", "warn", null, false, text, null, null)));
        }

        assertThat(written(TOPICS.warnings()).getLast().value.getWarnings())
                .extracting(Warning::getText)
                .isEqualTo(texts.subList(5, 25));
    }

    @Test
    void banOfADecisionGoesThroughTheListOfBans() {
        of(
                "mia",
                "moderator",
                "message.decide",
                to -> to.setDecision(
                        new DecideMessage("m1", "ban", NOON.plusSeconds(60), true, "x".repeat(200), null, null)));

        assertThat(written(TOPICS.bans())).singleElement().satisfies(ban -> {
            assertThat(ban.value.getUserId()).isEqualTo("bob");
            assertThat(ban.value.getConversationId()).isEqualTo("g");
            assertThat(ban.value.getBannedBy()).isEqualTo("mia");
            assertThat(ban.value.getReason()).isEqualTo("x".repeat(200));
            assertThat(ban.value.getUntil()).isEqualTo(NOON.plusSeconds(60));
        });
        written(TOPICS.deliveries());
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m2", TEXT, null, null, null)));
        assertThat(outcome().getBanned()).isTrue();
    }

    @Test
    void decisionToBanIsRefusedWhereTheListIsFull() {
        var bans = driver.createInputTopic(
                TOPICS.bans().name(),
                TOPICS.bans().keys().serializer(),
                TOPICS.bans().values().serializer());
        for (int i = 0; i < BanListRules.BANS_MAX; i++) {
            String userId = "u" + i;
            bans.pipeInput(
                    BanKey.of("default", userId, null), new Ban("default", userId, null, null, "spam", "mia", NOON));
        }

        decides("ban");
        assertThat(outcome().getCode()).isEqualTo("TOO_LARGE");
        assertThat(written(TOPICS.reports())).isEmpty();

        bans.pipeInput(BanKey.of("default", "u0", null), null);
        decides("ban");
        assertThat(outcome().getStatus()).isEqualTo("accepted");
    }

    /// Counting them takes milliseconds, in which the conversations of the partition wait.
    @Test
    void fullListIsCountedOnceASecond() {
        var bans = driver.createInputTopic(
                TOPICS.bans().name(),
                TOPICS.bans().keys().serializer(),
                TOPICS.bans().values().serializer());
        Ban ban = new Ban("default", "u", null, null, "spam", "mia", NOON);
        for (int i = 0; i < BanListRules.BANS_MAX; i++) {
            bans.pipeInput(BanKey.of("default", "u" + i, null), ban);
        }
        bans.pipeInput(BanKey.of("other", "u", null), ban);
        decides("ban");
        assertThat(outcome().getCode()).isEqualTo("TOO_LARGE");

        bans.pipeInput(BanKey.of("default", "u0", null), null);
        decides("ban");
        assertThat(outcome().getCode()).as("not counted again").isEqualTo("TOO_LARGE");

        driver.advanceWallClockTime(Duration.ofSeconds(1));
        decides("ban");
        assertThat(outcome().getStatus()).isEqualTo("accepted");
    }

    @Test
    void flagsBeyondTheBoundOfTheQueueAreInTheAuditAlone() {
        KeyValueStore<TenantKey, Long> counts = driver.getKeyValueStore("open-report-counts");
        flags("flag");
        assertThat(counts.get(new TenantKey("default"))).isEqualTo(1);
        decides("dismiss");
        assertThat(counts.get(new TenantKey("default"))).isNull();
        counts.put(new TenantKey("default"), (long) QueueRules.OPEN_MAX);
        written(TOPICS.reports());
        written(TOPICS.moderation());

        of(
                "bob",
                "member",
                "message.edit",
                to -> to.setChange(new ChangeMessage(
                        "m1", new Content("text", "two", null, null, null), null, null, null, false)));
        of(
                "moderation",
                "moderation",
                "message.flag",
                to -> to.setFlag(new FlagMessage("m1", 1L, "links", 3L, "flag", null, null)));

        assertThat(written(TOPICS.reports())).isEmpty();
        assertThat(written(TOPICS.moderation()))
                .extracting(noted -> noted.value.getKind())
                .containsExactly("flag.unlisted");
        reports("carol");
        assertThat(written(TOPICS.reports())).as("people's reports are listed").isNotEmpty();
        assertThat(counts.get(new TenantKey("default"))).isEqualTo(QueueRules.OPEN_MAX + 1);
    }

    /// They have a bound of their own.
    @Test
    void heldMessagesTakeNoRoomOfFlags() {
        KeyValueStore<TenantKey, Long> counts = driver.getKeyValueStore("open-report-counts");
        KeyValueStore<ConversationKey, Long> held = driver.getKeyValueStore("held-message-counts");
        UpdateConversation premoderation = new UpdateConversation();
        premoderation.setPremoderation(true);
        of("alice", "member", "conversation.update", to -> to.setUpdate(premoderation));
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m2", TWO, null, null, null)));
        of(
                "moderation",
                "moderation",
                "message.flag",
                to -> to.setFlag(new FlagMessage("m2", 0L, "links", 3L, "flag", null, null)));
        assertThat(held.get(GROUP)).isEqualTo(1);
        assertThat(counts.get(new TenantKey("default"))).isNull();

        of(
                "bob",
                "member",
                "message.delete",
                to -> to.setChange(new ChangeMessage("m2", null, null, null, null, false)));
        assertThat(held.get(GROUP)).isNull();
        assertThat(counts.get(new TenantKey("default"))).as("flagged").isEqualTo(1);

        held.put(GROUP, (long) HoldRules.HELD_MAX);
        written(TOPICS.deliveries());
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m3", TWO, null, null, null)));
        assertThat(outcome().getCode()).isEqualTo("TOO_LARGE");
    }

    /// Whether it is decided or expires.
    @Test
    void heldMessageIsCountedUntilItLeavesTheQueue() {
        KeyValueStore<ConversationKey, Long> held = driver.getKeyValueStore("held-message-counts");
        UpdateConversation premoderation = new UpdateConversation();
        premoderation.setPremoderation(true);
        of("alice", "member", "conversation.update", to -> to.setUpdate(premoderation));
        of("bob", "member", "message.edit", to -> to.setChange(new ChangeMessage("m1", TWO, null, null, null, false)));
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m2", TWO, null, null, null)));
        assertThat(held.get(GROUP)).isEqualTo(2);

        decides("reject");
        assertThat(held.get(GROUP)).isEqualTo(1);

        driver.advanceWallClockTime(Duration.ofDays(30).plusMinutes(2));
        assertThat(held.get(GROUP)).isNull();
    }

    /// What others would not be shown any more is not to be decided, unless it was flagged.
    @Test
    void heldMessageLeavesTheQueueWhenItExpires() {
        KeyValueStore<ConversationKey, Long> held = driver.getKeyValueStore("held-message-counts");
        UpdateConversation premoderation = new UpdateConversation();
        premoderation.setPremoderation(true);
        of("alice", "member", "conversation.update", to -> to.setUpdate(premoderation));
        Instant end = NOON.plus(Duration.ofMinutes(10));
        for (String messageId : List.of("m2", "m3")) {
            of("bob", "member", "message.send", to -> to.setMessage(new Message(messageId, TWO, end, null, null)));
        }
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m4", TWO, null, null, null)));
        of(
                "moderation",
                "moderation",
                "message.flag",
                to -> to.setFlag(new FlagMessage("m3", 0L, "links", 3L, "flag", null, null)));
        driver.advanceWallClockTime(Duration.ofMinutes(8));
        assertThat(held.get(GROUP)).isEqualTo(3);
        written(TOPICS.reports());

        driver.advanceWallClockTime(Duration.ofMinutes(4));

        assertThat(held.get(GROUP)).isEqualTo(1);
        assertThat(written(TOPICS.reports()))
                .extracting(row -> row.key.messageId(), row -> row.value == null ? null : row.value.getHeld())
                .containsExactly(tuple("m2", null), tuple("m3", false));
        KeyValueStore<ReportKey, ReportedMessage> open = driver.getKeyValueStore("open-reports");
        assertThat(open.get(new ReportKey("default", false, NOON.toEpochMilli(), "g", "m3"))
                        .getHeldContent())
                .isNull();
        assertThat(open.get(new ReportKey("default", false, NOON.toEpochMilli(), "g", "m4"))
                        .getHeldContent())
                .isEqualTo(TWO);
    }

    @Test
    void deliveryOfAnOrderAnswersNobody() {
        decides("warn");

        assertThat(written(TOPICS.deliveries()))
                .extracting(delivered -> delivered.value)
                .extracting(Delivery::getOutcome)
                .filteredOn(outcome ->
                        outcome != null && outcome.getOrigin().getGatewayId().equals("gw"))
                .hasSize(1);
    }
}
