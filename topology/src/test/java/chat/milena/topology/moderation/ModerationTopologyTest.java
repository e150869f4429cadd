package chat.milena.topology.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.SentMessage;
import chat.milena.schemas.avro.ModerationRule;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.StoreDamage;
import chat.milena.topology.sequencer.TestSequencer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Messages on their way through the moderation application.
class ModerationTopologyTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), IDS);

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> deadLetters = new ArrayList<>();
    private TopologyTestDriver driver;
    private long sequence;
    private Instant clock = NOON;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "moderation");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        CommitPacing pacing = TestSequencer.pacing();
        driver = new TopologyTestDriver(
                ModerationTopology.build(
                        TOPICS, IDS, pacing, new JudgeMeters(meters), deadLetters::add, new StoreDamage(() -> {})),
                settings,
                NOON);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private static ModerationRule rule(String name, String kind, String action, Consumer<ModerationRule> with) {
        ModerationRule rule = new ModerationRule();
        rule.setName(name);
        rule.setKind(kind);
        rule.setAction(action);
        rule.setWords(List.of());
        with.accept(rule);
        return rule;
    }

    private static ModerationRule words(String word) {
        return rule("words", "words", "remove", rule -> rule.setWords(List.of(word)));
    }

    private static ModerationRule counting(String kind, int times, Duration within) {
        return rule(kind, kind, "remove", rule -> {
            rule.setTimes(times);
            rule.setWithinMillis(within.toMillis());
        });
    }

    private static ModerationRuleset rules(long version, Instant since, ModerationRule... rules) {
        return new ModerationRuleset(version, since, List.of(rules), List.of(), null, null);
    }

    private void put(String tenant, ModerationRuleset rules, @Nullable ModerationRuleset former) {
        pipe(TOPICS.tenants(), new TenantKey(tenant), new Tenant(tenant, rules, former), NOON);
    }

    private void put(ModerationRule... rules) {
        put("t", rules(1, NOON, rules), null);
    }

    private TimelineEvent message(String conversationId, String userId, String text, Instant sentAt) {
        sequence++;
        TimelineEvent event = new TimelineEvent();
        event.setTenant("t");
        event.setConversationId(conversationId);
        event.setSequenceNumber(sequence);
        event.setMessageOrdinal(sequence);
        event.setTimestamp(sentAt);
        event.setKind("message");
        event.setActorId(userId);
        event.setActorKind("member");
        event.setParticipants(List.of());
        event.setMessage(new Message("m" + sequence, new Content("text", text, null, null, null), null, null, null));
        return event;
    }

    private void log(TimelineEvent event, Instant writtenAt) {
        ConversationKey conversation = new ConversationKey(event.getTenant(), event.getConversationId());
        pipe(TOPICS.messages(), new EventKey(conversation, event.getSequenceNumber()), event, writtenAt);
    }

    private String send(String conversationId, String userId, String text, Instant at) {
        TimelineEvent event = message(conversationId, userId, text, at);
        log(event, at);
        return event.getMessage().getMessageId();
    }

    private String send(String text) {
        return send("c", "bob", text, NOON);
    }

    private void join(String userId, Instant at) {
        UserKey user = new UserKey("t", userId);
        Member member = new Member("t", "c", userId, "member", at, 1L, null, true, null, false);
        pipe(TOPICS.memberships(), new MembershipKey(user, "c"), member, at);
    }

    private <K extends LogKey, V extends SpecificRecord> void pipe(
            TopicSpec<K, V> topic, K key, @Nullable V value, Instant at) {
        if (at.isAfter(clock)) {
            driver.advanceWallClockTime(Duration.between(clock, at));
            clock = at;
        }
        pipeWithoutTime(topic, key, value, at);
    }

    private <K extends LogKey, V extends SpecificRecord> void pipeWithoutTime(
            TopicSpec<K, V> topic, K key, @Nullable V value, Instant at) {
        driver.createInputTopic(
                        topic.name(), topic.keys().serializer(), topic.values().serializer())
                .pipeInput(key, value, at);
    }

    /// What was found since the last look.
    private List<FlagMessage> found() {
        List<FlagMessage> found = new ArrayList<>();
        for (InboundCommand command : driver.createOutputTopic(
                        TOPICS.inbound().name(),
                        TOPICS.inbound().keys().deserializer(),
                        TOPICS.inbound().values().deserializer())
                .readValuesToList()) {
            assertThat(command.getUserId()).isEqualTo("moderation");
            assertThat(command.getActorKind()).isEqualTo("moderation");
            assertThat(command.getKind()).isEqualTo("message.flag");
            found.add(command.getFlag());
        }
        return found;
    }

    /// The messages that were removed since the last look.
    private List<String> removed() {
        return found().stream()
                .filter(flag -> flag.getAction().equals("remove"))
                .map(FlagMessage::getMessageId)
                .toList();
    }

    @Test
    void messageThatBreaksARuleIsRemovedAndOthersAreNot() {
        put(words("casino"));

        send("hello");
        String spam = send("C A S I N O");
        send("casinos");

        assertThat(removed()).containsExactly(spam);
        assertThat(meters.get("milena.moderation.verdicts")
                        .tags("tenant", "t", "rule", "words", "kind", "words", "action", "remove")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("milena.moderation.age").timer().count()).isEqualTo(3);
        assertThat(meters.get("milena.moderation.age").timer().max(TimeUnit.MILLISECONDS))
                .isZero();
    }

    @Test
    void heldMessageIsJudgedAndItsReleaseIsNotButALaterEditIs() {
        put(words("casino"));
        TimelineEvent event = message("c", "bob", "casino", NOON);
        String messageId = event.getMessage().getMessageId();

        event.setHold(new Hold(List.of("bob"), true, 0L, 0L, false));
        log(event, NOON);
        assertThat(found()).extracting(FlagMessage::getRevision).containsExactly(0L);

        event.setHold(new Hold(List.of(), true, 7L, 0L, false));
        log(event, NOON.plusSeconds(1));
        assertThat(found()).as("a moderator has released it").isEmpty();

        event.setRevision(1L);
        log(event, NOON.plusSeconds(2));
        assertThat(removed()).containsExactly(messageId);
    }

    @Test
    void ruleThatCannotBeAppliedDoesNotSwitchOffTheOthers() {
        put(rule("old", "pattern", "remove", rule -> rule.setPattern("x{1000}{1000}")), words("casino"));

        assertThat(removed()).isEmpty();
        String spam = send("casino");

        assertThat(removed()).containsExactly(spam);
        assertThat(meters.get("milena.moderation.rules.left.out").gauge().value())
                .isEqualTo(1);
        put("t", rules(2, NOON, words("casino")), null);
        send("hello");
        assertThat(meters.get("milena.moderation.rules.left.out").gauge().value())
                .isZero();
    }

    @Test
    void flagNamesTheRuleItsVersionAndWhatWasJudged() {
        ModerationRule also = rule("also", "pattern", "flag", rule -> rule.setPattern("casino"));
        ModerationRule first = words("casino");
        first.setAction("flag");
        put("t", rules(7, NOON, first, also), null);

        String flagged = send("a casino");

        assertThat(found())
                .containsExactly(flag(flagged, "words", "flag", "a casino"), flag(flagged, "also", "flag", "a casino"));
    }

    private static FlagMessage flag(String messageId, String rule, String action, @Nullable String text) {
        MessageCopy copy = text == null ? null : new MessageCopy(new Content("text", text, null, null, null), 0L, NOON);
        return new FlagMessage(messageId, 0L, rule, 7L, action, copy, null);
    }

    @Test
    void ofSeveralRulesTheFirstThatRemovesDecides() {
        ModerationRule first = rule("also", "pattern", "flag", rule -> rule.setPattern("casino"));
        put("t", rules(7, NOON, first, words("casino")), null);

        String removed = send("casino");

        assertThat(found()).containsExactly(flag(removed, "words", "remove", null));
    }

    @Test
    void rulesChangeWithoutARestart() {
        send("casino");
        put(words("casino"));
        String casino = send("casino");
        assertThat(removed()).containsExactly(casino);

        put("t", rules(2, NOON, words("lottery")), null);
        send("casino");
        String lottery = send("lottery");
        assertThat(removed()).containsExactly(lottery);

        put("t", rules(3, NOON), null);
        send("lottery");
        assertThat(removed()).isEmpty();
    }

    @Test
    void messagesAreJudgedByTheRulesOfTheirTime() {
        ModerationRuleset former = rules(1, NOON, words("casino"));
        put("t", rules(2, NOON.plusSeconds(10), words("lottery")), former);

        send("c", "bob", "casino", NOON.minusMillis(1));
        String early = send("c", "bob", "casino", NOON.plusSeconds(9));
        send("c", "bob", "lottery", NOON.plusSeconds(9));
        send("c", "bob", "casino", NOON.plusSeconds(10));
        String late = send("c", "bob", "lottery", NOON.plusSeconds(10));

        assertThat(removed()).containsExactly(early, late);
    }

    @Test
    void rulesOfAnotherTenantDoNotCount() {
        put("other", rules(1, NOON, words("casino")), null);

        send("casino");

        assertThat(removed()).isEmpty();
    }

    @Test
    void editIsJudgedAgainAndADeletedMessageIsNot() {
        put(words("casino"));
        TimelineEvent event = message("c", "bob", "hello", NOON);
        log(event, NOON);
        assertThat(removed()).isEmpty();

        event.getMessage().getContent().setText("casino");
        event.setRevision(1L);
        log(event, NOON.plusSeconds(5));
        assertThat(removed()).containsExactly(event.getMessage().getMessageId());

        event.setDeletedAt(NOON.plusSeconds(6));
        log(event, NOON.plusSeconds(6));
        assertThat(removed()).isEmpty();
    }

    @Test
    void editOfAnOlderMessageIsJudgedByTheRulesOfItsTime() {
        put(words("casino"));
        TimelineEvent event = message("c", "bob", "casino", NOON.minusSeconds(60));
        log(event, NOON.minusSeconds(60));
        event.setRevision(1L);
        log(event, NOON.plusSeconds(1));

        assertThat(removed()).containsExactly(event.getMessage().getMessageId());
    }

    @Test
    void otherEventsAreNotJudged() {
        put(words("casino"));
        TimelineEvent event = message("c", "bob", "casino", NOON);
        event.setKind("message.edited");
        event.setMessage(null);
        log(event, NOON);
        pipe(TOPICS.messages(), new EventKey(new ConversationKey("t", "c"), 0), null, NOON);

        assertThat(removed()).isEmpty();
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void floodIsCountedOverAllConversationsOfAUser() {
        put(counting("flood", 3, Duration.ofSeconds(5)));

        send("a", "bob", "1", NOON);
        send("b", "eve", "1", NOON);
        send("b", "bob", "2", NOON.plusSeconds(1));
        String third = send("c", "bob", "3", NOON.plusSeconds(4));
        String fourth = send("a", "bob", "4", NOON.plusSeconds(5));
        send("a", "bob", "5", NOON.plusSeconds(11));

        assertThat(removed()).containsExactly(third, fourth);
    }

    @Test
    void messagesOfOneMillisecondAllCount() {
        put(counting("flood", 3, Duration.ofSeconds(5)));

        send("1");
        send("2");
        String third = send("3");

        assertThat(removed()).containsExactly(third);
    }

    @Test
    void repeatsAreTheSameWordsInAnyConversation() {
        put(counting("repeats", 3, Duration.ofSeconds(60)));

        send("a", "bob", "Buy now!", NOON);
        send("b", "bob", "something else", NOON.plusSeconds(1));
        send("c", "bob", "B-U-Y now", NOON.plusSeconds(2));
        send("c", "eve", "buy now", NOON.plusSeconds(3));
        String third = send("d", "bob", "BUY... now", NOON.plusSeconds(59));

        assertThat(removed()).containsExactly(third);
    }

    private record Sent(String userId, String text, Instant at) {}

    /// Against a plain count over all that a user has sent.
    @RepeatedTest(20)
    void floodsAndRepeatsAreThoseOfAPlainCount(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        put(counting("flood", 4, Duration.ofSeconds(5)), counting("repeats", 3, Duration.ofSeconds(20)));
        List<Sent> all = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        Instant now = NOON;
        for (int i = 0; i < 120; i++) {
            now = now.plusMillis(random.nextInt(3) == 0 ? 0 : random.nextInt(2_500));
            Sent sent = new Sent("u" + random.nextInt(2), "text " + random.nextInt(6), now);
            all.add(sent);
            String messageId = send("c" + random.nextInt(3), sent.userId(), sent.text(), now);
            List<Sent> own = all.stream()
                    .filter(one -> one.userId().equals(sent.userId()))
                    .toList();
            boolean flood = count(own, now, Duration.ofSeconds(5)) >= 4;
            List<Sent> same =
                    own.stream().filter(one -> one.text().equals(sent.text())).toList();
            if (flood || count(same, now, Duration.ofSeconds(20)) >= 3) {
                expected.add(messageId);
            }
        }

        assertThat(removed()).as("seed %d", seed).isEqualTo(expected);
        assertThat(expected).as("seed %d", seed).hasSizeBetween(1, 119);
    }

    private static long count(List<Sent> sends, Instant now, Duration within) {
        return sends.stream()
                .filter(sent -> sent.at().isAfter(now.minus(within)))
                .count();
    }

    @Test
    void editIsNoFurtherMessage() {
        put(counting("flood", 2, Duration.ofSeconds(5)));
        TimelineEvent event = message("c", "bob", "hello", NOON);
        log(event, NOON);
        event.setRevision(1L);
        log(event, NOON.plusSeconds(1));
        log(event, NOON.plusSeconds(2));

        assertThat(removed()).isEmpty();
    }

    @Test
    void editSavesNoMessageOfAFlood() {
        put(counting("flood", 2, Duration.ofSeconds(5)));
        send("c", "bob", "1", NOON);
        TimelineEvent second = message("c", "bob", "2", NOON.plusSeconds(1));
        log(second, NOON.plusSeconds(1));
        second.setRevision(1L);
        log(second, NOON.plusSeconds(60));

        assertThat(found()).extracting(FlagMessage::getRevision).containsExactly(0L, 1L);
    }

    @Test
    void linksOfNewAccountsAreRemoved() {
        ModerationRuleset rules = rules(1, NOON, rule("links", "links", "remove", rule -> {}));
        rules.setNewAccountsMillis(Duration.ofHours(24).toMillis());
        put("t", rules, null);
        join("old", NOON.minus(Duration.ofHours(24)));
        join("new", NOON.minus(Duration.ofHours(23)));
        // Another conversation, joined later, makes no account new.
        join("old", NOON);

        send("c", "old", "see https://a.example/", NOON);
        String fromNew = send("c", "new", "see https://a.example/", NOON);
        send("c", "new", "see there", NOON);
        String fromUnknown = send("c", "nobody", "see https://a.example/", NOON);

        assertThat(removed()).containsExactly(fromNew, fromUnknown);
    }

    @Test
    void recordThatCannotBeReadIsLeftToTheViewsAndTheNextOneIsJudged() {
        put(words("casino"));
        byte[] key = new EventKey(new ConversationKey("t", "c"), 9).toBytes();
        driver.createInputTopic(TOPICS.messages().name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key, new byte[] {0, 0, 0, 0, 8, 1, 2, 3});
        String spam = send("casino");

        assertThat(deadLetters).isEmpty();
        assertThat(removed()).containsExactly(spam);
    }

    @Test
    void rulesOfAClockThatRanAheadAreReplaced() {
        ModerationRuleset ahead = rules(1, NOON.plus(Duration.ofDays(365)), words("casino"));
        put("t", ahead, null);
        send("casino");
        assertThat(removed()).isEmpty();

        put("t", rules(2, NOON, words("casino")), ahead);
        String spam = send("casino");
        assertThat(removed()).containsExactly(spam);
    }

    /// Kafka deletes records by their time: those of a backlog must not be old when they are written.
    @Test
    void backlogOfALongStopIsCountedAsOfItsTimeAndWrittenAsOfNow() {
        Instant before = NOON.minus(Duration.ofHours(30));
        put("t", rules(1, before, counting("flood", 2, Duration.ofSeconds(5))), null);

        send("c", "bob", "1", before);
        String second = send("c", "bob", "2", before.plusSeconds(4));
        send("c", "bob", "3", before.plusSeconds(9));

        assertThat(removed()).containsExactly(second);
        assertThat(driver.createOutputTopic(
                                TOPICS.sends().name(),
                                TOPICS.sends().keys().deserializer(),
                                TOPICS.sends().values().deserializer())
                        .readRecordsToList())
                .hasSize(3)
                .allMatch(record -> record.getRecordTime().equals(NOON));
    }

    @Test
    void flagOfARuleAboutSendersKeepsWhatWasFlaggedAndRemovalsCarryNoContent() {
        ModerationRule flagging = counting("flood", 2, Duration.ofSeconds(5));
        flagging.setAction("flag");
        put("t", rules(7, NOON, flagging), null);
        send("one");
        String second = send("two");

        assertThat(found()).containsExactly(flag(second, "flood", "flag", "two"));

        put("t", rules(8, NOON, counting("flood", 2, Duration.ofSeconds(5))), null);
        String third = send("three");
        assertThat(removed()).containsExactly(third);
        assertThat(driver.createOutputTopic(
                                TOPICS.sends().name(),
                                TOPICS.sends().keys().deserializer(),
                                TOPICS.sends().values().deserializer())
                        .readValuesToList())
                .extracting(SentMessage::getContent)
                .extracting(content -> content == null ? null : content.getText())
                .containsExactly("one", "two", null);
    }

    /// Letters outlive it.
    @Test
    void sendThatCannotBeReadIsADeadLetterWithoutTheMessage() {
        put(counting("flood", 2, Duration.ofSeconds(5)));
        byte[] key = new UserKey("t", "bob").toBytes();
        driver.createInputTopic(TOPICS.sends().name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key, "what bob has written".getBytes(StandardCharsets.UTF_8));

        assertThat(driver.createOutputTopic(
                                TOPICS.deadLetters().name(),
                                TOPICS.deadLetters().keys().deserializer(),
                                TOPICS.deadLetters().values().deserializer())
                        .readValuesToList())
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.getTopic()).isEqualTo(TOPICS.sends().name());
                    assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(key));
                    assertThat(letter.getValue()).isNull();
                    assertThat(letter.getReason()).doesNotContain("bob");
                });
    }

    @Test
    void conversationThatRunsAheadHidesNoFlood() {
        put(counting("flood", 2, Duration.ofSeconds(5)));
        Instant tomorrow = NOON.plus(Duration.ofDays(1));
        EventKey key = new EventKey(new ConversationKey("t", "ahead"), 1);
        pipeWithoutTime(TOPICS.messages(), key, message("ahead", "eve", "1", tomorrow), tomorrow);
        String second = send("ahead", "bob", "1", NOON);
        String third = send("c", "bob", "2", NOON.plusSeconds(1));

        assertThat(removed()).containsExactly(third).doesNotContain(second);
    }

    @Test
    void rulesThatCannotBeAppliedJudgeNothing() {
        put(rule("later", "telepathy", "remove", rule -> {}));
        send("casino");
        byte[] key = new TenantKey("t").toBytes();
        driver.createInputTopic(TOPICS.tenants().name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key, Arrays.copyOf(key, 3));
        send("casino");
        assertThat(removed()).isEmpty();

        put(words("casino"));
        String spam = send("casino");
        assertThat(removed()).containsExactly(spam);
    }
}
