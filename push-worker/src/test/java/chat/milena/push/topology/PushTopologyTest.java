package chat.milena.push.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.push.pending.CandidateRules;
import chat.milena.push.pending.CandidateRules.Times;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.DisclosedMessage;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.CommitWatch;
import chat.milena.streams.run.StoreDamage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every rule that the push application keeps, by virtual time: hold 2 s, collapse 5 s.
class PushTopologyTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, 1, 1, 1, Duration.ofDays(30)), IDS);
    private static final Times TIMES =
            new Times(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofHours(24), Duration.ofSeconds(30));
    private static final UserKey BOB = new UserKey("t", "bob");
    private static final String GROUP = "grp_1";

    @TempDir
    private Path folder;

    private final List<String> dropped = new ArrayList<>();
    private TopologyTestDriver driver;
    private Instant now = NOON;

    @BeforeEach
    void start() {
        driver = driver();
        register("phone", "apns");
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private TopologyTestDriver driver() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "push");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        return new TopologyTestDriver(topology(TOPICS), settings, now);
    }

    private Topology topology(TopicCatalogue topics) {
        PushListener listener = new PushListener() {
            @Override
            public void onCandidates(int devices) {}

            @Override
            public void onDropped(Dropped why, int count) {
                dropped.add(why + " " + count);
            }

            @Override
            public void onIntent(String platform, String kind) {}
        };
        return PushTopology.build(
                topics,
                IDS,
                new CandidateRules(TIMES),
                new CommitPacing(
                        Duration.ofMillis(5), Duration.ofMillis(25), CommitWatch.of("test", new SimpleMeterRegistry())),
                new PushTopology.Listeners(topic -> {}, listener),
                new StoreDamage(() -> {}));
    }

    private void passes(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    private <K extends LogKey, V extends SpecificRecord> void pipe(TopicSpec<K, V> topic, K key, @Nullable V value) {
        driver.createInputTopic(
                        topic.name(), topic.keys().serializer(), topic.values().serializer())
                .pipeInput(key, value, now.toEpochMilli());
    }

    private void register(String deviceId, String platform) {
        Device device = new Device();
        device.setTenant("t");
        device.setUserId("bob");
        device.setDeviceId(deviceId);
        device.setCreatedAt(now);
        PushRegistration push = new PushRegistration();
        push.setPlatform(platform);
        push.setKeyId("k1");
        push.setAddress(ByteBuffer.allocate(40));
        push.setAddressHash("h");
        push.setRegisteredAt(now);
        device.setPush(push);
        pipe(TOPICS.devices(), new DeviceKey(BOB, deviceId), device);
    }

    private static Delivery delivery(String conversationId) {
        Delivery delivery = new Delivery();
        delivery.setTenant("t");
        delivery.setConversationId(conversationId);
        delivery.setRecipients(List.of("alice", "bob"));
        return delivery;
    }

    private void deliver(Delivery delivery) {
        pipe(TOPICS.deliveries(), new ShardKey(0), delivery);
    }

    private void event(String conversationId, String kind, long number, String actor, Consumer<TimelineEvent> more) {
        TimelineEvent event = new TimelineEvent();
        event.setTenant("t");
        event.setConversationId(conversationId);
        event.setSequenceNumber(number);
        event.setMessageOrdinal(number);
        event.setTimestamp(now);
        event.setKind(kind);
        event.setActorId(actor);
        event.setActorKind("member");
        event.setParticipants(List.of());
        more.accept(event);
        Delivery delivery = delivery(conversationId);
        delivery.setEvent(event);
        deliver(delivery);
    }

    private void message(String conversationId, long number, String sender, Consumer<Message> more) {
        Message message = new Message();
        message.setMessageId("m" + number);
        Content content = new Content();
        content.setType("text");
        content.setText("hi");
        message.setContent(content);
        more.accept(message);
        event(conversationId, "message", number, sender, event -> event.setMessage(message));
    }

    private void message(long number) {
        message(GROUP, number, "alice", message -> {});
    }

    private void receipt(String kind, String userId, long upTo, @Nullable String deviceId) {
        Delivery delivery = delivery(GROUP);
        delivery.setReceipt(new MovedReceipt(userId, kind, upTo, now, List.of(), deviceId));
        deliver(delivery);
    }

    private void answer(PushIntent intent, String outcome, @Nullable Instant retryAt) {
        answer(intent, outcome, null, retryAt);
    }

    private void answer(PushIntent intent, String outcome, @Nullable String reason, @Nullable Instant retryAt) {
        PushResult result = new PushResult();
        result.setTenant("t");
        result.setUserId("bob");
        result.setDeviceId(intent.getDeviceId());
        result.setPlatform(intent.getPlatform());
        result.setConversationId(intent.getConversationId());
        result.setKind(intent.getKind());
        result.setSequenceNumber(intent.getSequenceNumber());
        result.setAttempt(intent.getAttempt());
        result.setIntentOffset(0L);
        result.setOutcome(outcome);
        result.setReason(reason);
        result.setTimestamp(now);
        result.setRetryAt(retryAt);
        pipe(TOPICS.pushResults(), new DeviceKey(BOB, intent.getDeviceId()), result);
    }

    private List<PushIntent> intents() {
        return driver.createOutputTopic(
                        TOPICS.push().name(),
                        TOPICS.push().keys().deserializer(),
                        TOPICS.push().values().deserializer())
                .readValuesToList();
    }

    private PushIntent intent() {
        List<PushIntent> intents = intents();
        assertThat(intents).hasSize(1);
        return intents.getFirst();
    }

    /// Waits until long after each hold and each collapse.
    private void settle() {
        passes(Duration.ofSeconds(8));
    }

    private void release(long number, long target) {
        release(number, target, false);
    }

    private void release(long number, long target, boolean shownBefore) {
        DisclosedMessage message = new DisclosedMessage();
        message.setShownBefore(shownBefore);
        message.setSenderId("alice");
        message.setEmojis(List.of());
        TimelineEvent event = new TimelineEvent();
        event.setTenant("t");
        event.setConversationId(GROUP);
        event.setSequenceNumber(number);
        event.setTimestamp(now);
        event.setKind("message.released");
        event.setActorId("moderation");
        event.setActorKind("moderation");
        event.setParticipants(List.of());
        event.setChange(new MessageChange("m" + target, target, 0L, null, 0, false));
        Delivery delivery = delivery(GROUP);
        delivery.setEvent(event);
        delivery.setContent(new ShownContent(new Content("text", "hi", null, null, null), List.of(), null, message));
        deliver(delivery);
    }

    @Test
    void heldMessageIsPushedWithItsReleaseThoughMoreWasReadMeanwhile() {
        Message held = new Message("m7", new Content("text", "hi", null, null, null), null, null, null);
        event(GROUP, "message", 7, "alice", event -> {
            event.setMessage(held);
            event.setHold(new Hold(List.of("alice"), true, 0L, 0L, false));
        });
        settle();
        assertThat(intents()).isEmpty();
        receipt("read", "bob", 8, null);

        release(9, 7);
        settle();
        PushIntent intent = intent();
        assertThat(intent.getMessageId()).isEqualTo("m7");
        assertThat(intent.getSenderId()).isEqualTo("alice");
        assertThat(intent.getSequenceNumber()).isEqualTo(9);
    }

    /// It was, when it was sent or first released.
    @Test
    void messageThatWasShownBeforeIsNotPushedAgain() {
        release(9, 7);
        settle();
        assertThat(intent().getMessageId()).isEqualTo("m7");
        holds(10, 7);

        release(11, 7, true);
        settle();
        assertThat(intents()).isEmpty();
    }

    private void holds(long number, long target) {
        event(GROUP, "message.edited", number, "alice", event -> {
            event.setChange(new MessageChange("m" + target, target, 1L, null, 0, false));
            event.setHold(new Hold(List.of("alice"), false, 0L, 0L, true));
        });
    }

    @Test
    void messageThatIsHeldBeforeItsPushIsPushedOnceWithItsRelease() {
        message(7);
        holds(8, 7);
        holds(9, 7);
        passes(Duration.ofDays(3));
        assertThat(intents()).isEmpty();
        receipt("read", "bob", 9, null);

        release(10, 7, true);
        settle();
        PushIntent intent = intent();
        assertThat(intent.getMessageId()).isEqualTo("m7");
        assertThat(intent.getSequenceNumber()).isEqualTo(10);
        assertThat(intent.getReleases()).containsExactly(10L);
        answer(intent, "accepted", null);

        holds(11, 7);
        release(12, 7, true);
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void releaseNotifiesOnlyTheDevicesThatWereNotNotifiedBefore() {
        register("tablet", "fcm");
        message(7);
        receipt("delivered", "bob", 7, "tablet");
        holds(8, 7);
        register("laptop", "webpush");
        message(9);
        release(10, 7, true);
        settle();

        assertThat(intents())
                .extracting(PushIntent::getDeviceId, PushIntent::getSequenceNumber, PushIntent::getCount)
                .containsExactlyInAnyOrder(tuple("phone", 10L, 2), tuple("tablet", 9L, 1), tuple("laptop", 9L, 1));
    }

    /// The sender found it held.
    @ParameterizedTest
    @CsvSource({"cancelled,true", "accepted,false"})
    void intentThatTheHoldOvertakesCountsIfItWasSent(String outcome, boolean pushed) {
        message(7);
        passes(Duration.ofSeconds(3));
        PushIntent overtaken = intent();
        holds(8, 7);
        answer(overtaken, outcome, null);

        release(9, 7, true);
        settle();
        assertThat(intents()).extracting(PushIntent::getMessageId).isEqualTo(pushed ? List.of("m7") : List.of());
    }

    @Test
    void heldMessageThatIsRejectedIsNotPushed() {
        message(7);
        holds(8, 7);
        event(
                GROUP,
                "message.deleted",
                9,
                "moderation",
                event -> event.setChange(new MessageChange("m7", 7L, 0L, null, 0, false)));
        release(10, 7, true);
        settle();

        assertThat(intents()).isEmpty();
    }

    @Test
    void releasedMessageThatIsDeletedOrHeldAgainIsNotPushed() {
        release(9, 7);
        event(
                GROUP,
                "message.deleted",
                10,
                "moderation",
                event -> event.setChange(new MessageChange("m7", 7L, 0L, null, 0, false)));
        release(11, 8);
        event(GROUP, "message.edited", 12, "alice", event -> {
            event.setChange(new MessageChange("m8", 8L, 1L, null, 0, false));
            event.setHold(new Hold(List.of("alice"), true, 0L, 0L, false));
        });
        settle();

        assertThat(intents()).isEmpty();
    }

    /// So one that runs beside this one can send it.
    @Test
    void whatUsesNothingNewIsWrittenForTheVersionBefore() {
        message(7);
        settle();

        byte[] intent = driver.createOutputTopic(
                        TOPICS.push().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readValue();
        int older = IDS.idOf(Objects.requireNonNull(IDS.olderOf(PushIntent.SCHEMA$)));
        assertThat(ByteBuffer.wrap(intent).getInt(1)).isEqualTo(older);
    }

    @Test
    void messageIsPushedAfterTheHold() {
        message(7);
        passes(Duration.ofMillis(1_900));
        assertThat(intents()).isEmpty();

        passes(Duration.ofMillis(200));

        PushIntent intent = intent();
        assertThat(intent.getSequenceNumber()).isEqualTo(7);
        assertThat(intent.getAfterSequence()).isEqualTo(6);
        assertThat(intent.getMessageId()).isEqualTo("m7");
        assertThat(intent.getSenderId()).isEqualTo("alice");
        assertThat(intent.getCount()).isEqualTo(1);
        assertThat(intent.getAttempt()).isEqualTo(1);
        assertThat(intent.getKind()).isEqualTo("message");
        assertThat(intent.getPlatform()).isEqualTo("apns");
        assertThat(intent.getDeviceId()).isEqualTo("phone");
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void oneIntentIsMadeForABurstAndOneForWhatCameAfterIt() {
        message(1);
        message(2);
        settle();
        PushIntent first = intent();
        assertThat(first.getCount()).isEqualTo(2);
        message(3);
        message(4);
        settle();
        assertThat(intents()).isEmpty();

        answer(first, "accepted", null);
        passes(Duration.ofMillis(4_900));
        assertThat(intents()).isEmpty();
        passes(Duration.ofMillis(200));

        PushIntent second = intent();
        assertThat(second.getAfterSequence()).isEqualTo(2);
        assertThat(second.getSequenceNumber()).isEqualTo(4);
        assertThat(second.getCount()).isEqualTo(2);
    }

    @Test
    void mentionAndDirectMessageDoNotWaitForTheCollapse() {
        message(1);
        settle();
        answer(intent(), "accepted", null);
        message(GROUP, 2, "alice", message -> message.getContent().setMentions(new Mentions(List.of("bob"), false)));
        passes(Duration.ofMillis(2_100));
        assertThat(intent().getMentioned()).isTrue();

        String direct = Ids.directConversation("t", "alice", "bob");
        message(direct, 1, "alice", message -> {});
        settle();
        answer(intent(), "accepted", null);
        message(direct, 2, "alice", message -> {});
        passes(Duration.ofMillis(2_100));
        assertThat(intent().getConversationId()).isEqualTo(direct);
    }

    @Test
    void messageSoonAfterANotificationWaitsForTheCollapse() {
        message(1);
        settle();
        answer(intent(), "accepted", null);
        passes(Duration.ofSeconds(1));
        message(2);

        passes(Duration.ofMillis(3_800));
        assertThat(intents()).isEmpty();
        passes(Duration.ofMillis(300));
        assertThat(intent().getSequenceNumber()).isEqualTo(2);
    }

    @Test
    void readReceiptOfTheUserCancels() {
        message(1);
        receipt("read", "alice", 1, null);
        receipt("read", "bob", 1, null);
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void ownMessageCancels() {
        message(1);
        message(GROUP, 2, "bob", message -> {});
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void clearingThePastCancels() {
        message(1);
        Delivery cleared = delivery(GROUP);
        cleared.setPersonal(new ShownPersonal(true, false, false, false, null, 1L, null, null));
        deliver(cleared);
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void deliveredReceiptCancelsForItsDeviceAlone() {
        register("tablet", "fcm");
        message(1);
        receipt("delivered", "bob", 1, null);
        receipt("delivered", "bob", 1, "tablet");
        settle();
        assertThat(intent().getDeviceId()).isEqualTo("phone");
    }

    @Test
    void deletedAndExpiredMessagesAreLeftOut() {
        message(1);
        message(GROUP, 2, "alice", message -> message.setExpiresAt(now.plusSeconds(1)));
        message(3);
        MessageChange change = new MessageChange();
        change.setMessageId("m3");
        change.setTargetSequence(3L);
        event(GROUP, "message.deleted", 4, "alice", event -> event.setChange(change));
        settle();
        PushIntent intent = intent();
        assertThat(intent.getCount()).isEqualTo(1);
        assertThat(intent.getSequenceNumber()).isEqualTo(1);
    }

    @Test
    void memberWhoLeftIsNotNotified() {
        message(1);
        event(
                GROUP,
                "member.removed",
                2,
                "alice",
                event -> event.setParticipants(List.of(new Participant("bob", "member"))));
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void laterRegistrationGetsLaterMessagesOnly() {
        message(1);
        passes(Duration.ofMillis(10));
        register("tablet", "webpush");
        settle();
        assertThat(intent().getDeviceId()).isEqualTo("phone");
        message(2);
        settle();
        assertThat(intent().getDeviceId()).isEqualTo("tablet");
    }

    @Test
    void unregisteredDeviceIsNotNotified() {
        register("tablet", "webpush");
        message(1);
        pipe(TOPICS.devices(), new DeviceKey(BOB, "phone"), null);
        settle();
        assertThat(intent().getDeviceId()).isEqualTo("tablet");
        message(2);
        pipe(TOPICS.devices(), new DeviceKey(BOB, "tablet"), null);
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void replacedRegistrationKeepsWhatIsPending() {
        message(1);
        passes(Duration.ofMillis(10));
        register("phone", "fcm");
        settle();
        assertThat(intent().getPlatform()).isEqualTo("fcm");
    }

    @ParameterizedTest
    @CsvSource({"gone,", "cancelled, no-registration"})
    void messageIsSentToTheRegistrationThatReplacedTheOneOfItsIntent(String outcome, @Nullable String reason) {
        message(1);
        settle();
        PushIntent first = intent();
        register("phone", "fcm");
        answer(first, outcome, reason, null);
        passes(Duration.ofMillis(1_100));

        PushIntent second = intent();
        assertThat(second.getPlatform()).isEqualTo("fcm");
        assertThat(second.getAttempt()).isEqualTo(2);
        assertThat(second.getCount()).isEqualTo(1);
        answer(second, "accepted", null);
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void registrationThatGoesAfterItsResultIsNotNotified() {
        message(1);
        settle();
        answer(intent(), "gone", null);
        pipe(TOPICS.devices(), new DeviceKey(BOB, "phone"), null);
        settle();
        assertThat(intents()).isEmpty();
    }

    /// The removal of the registration never comes.
    @Test
    void attemptsAtARegistrationThatIsGoneAreBounded() {
        message(1);
        int attempts = 0;
        for (int minute = 0; minute < 25 * 60; minute++) {
            passes(Duration.ofMinutes(1));
            for (PushIntent intent : intents()) {
                attempts++;
                answer(intent, "gone", null);
            }
        }
        assertThat(attempts).isBetween(80, 100);
        assertThat(dropped).containsExactly("TOO_OLD 1");
    }

    @Test
    void failedAttemptIsRepeatedWithWhatCameMeanwhile() {
        message(1);
        settle();
        PushIntent first = intent();
        message(2);
        answer(first, "retry", now.plusSeconds(60));
        answer(first, "accepted", null);
        passes(Duration.ofSeconds(59));
        assertThat(intents()).isEmpty();

        passes(Duration.ofSeconds(2));

        PushIntent second = intent();
        assertThat(second.getAttempt()).isEqualTo(2);
        assertThat(second.getAfterSequence()).isZero();
        assertThat(second.getSequenceNumber()).isEqualTo(2);
        assertThat(second.getCount()).isEqualTo(2);
        assertThat(second.getSince()).isEqualTo(NOON);
    }

    @Test
    void readElsewhereIsSentOncePerHalfMinuteToDevicesThatShowSomething() {
        register("browser", "webpush");
        for (int number = 1; number <= 2; number++) {
            message(number);
            settle();
            intents().forEach(intent -> answer(intent, "accepted", null));
            receipt("read", "bob", number, null);
            passes(Duration.ofSeconds(1));
            List<PushIntent> reads = intents();
            if (number == 1) {
                assertThat(reads).hasSize(1);
                assertThat(reads.getFirst().getKind()).isEqualTo("read");
                assertThat(reads.getFirst().getDeviceId()).isEqualTo("phone");
                assertThat(reads.getFirst().getSequenceNumber()).isEqualTo(1);
            } else {
                assertThat(reads).isEmpty();
            }
        }
        passes(Duration.ofSeconds(30));
        assertThat(intent().getSequenceNumber()).isEqualTo(2);
    }

    @Test
    void messageThatWasReadWhileItWasSentIsTakenBack() {
        message(1);
        settle();
        PushIntent intent = intent();
        receipt("read", "bob", 1, null);
        answer(intent, "accepted", null);
        passes(Duration.ofMillis(200));
        assertThat(intent().getKind()).isEqualTo("read");
    }

    @Test
    void notificationIsTakenBackWhenTheNextOneIsCancelledAsRead() {
        message(1);
        settle();
        answer(intent(), "accepted", null);
        message(2);
        settle();
        PushIntent second = intent();
        receipt("read", "bob", 2, null);
        settle();
        assertThat(intents()).as("its result comes first").isEmpty();

        answer(second, "cancelled", null);
        passes(Duration.ofMillis(200));

        PushIntent read = intent();
        assertThat(read.getKind()).isEqualTo("read");
        assertThat(read.getSequenceNumber()).isEqualTo(2);
        settle();
        assertThat(intents()).isEmpty();
    }

    @Test
    void notificationIsTakenBackWhenWhatFollowsItIsReadBeforeItIsSent() {
        message(1);
        settle();
        answer(intent(), "accepted", null);
        message(2);
        receipt("read", "bob", 1, null);
        passes(Duration.ofSeconds(1));
        receipt("read", "bob", 2, null);
        passes(Duration.ofMillis(200));
        assertThat(intent().getKind()).isEqualTo("read");
    }

    @Test
    void oldMessagesAndIntentsWithoutResultAreDropped() {
        message(1);
        settle();
        intent();
        message(2);
        passes(Duration.ofHours(25));
        settle();
        assertThat(intents()).isEmpty();
        assertThat(dropped).containsExactly("TOO_OLD 2", "NO_RESULT 1");
        message(3);
        settle();
        assertThat(intent().getCount()).isEqualTo(1);
    }

    @Test
    void conversationsOfAUserAreBounded() {
        for (int i = 0; i <= Candidates.CONVERSATIONS_MAX; i++) {
            message("grp_" + i, 1, "alice", message -> {});
            now = now.plusMillis(1);
            driver.advanceWallClockTime(Duration.ofMillis(1));
        }
        settle();
        passes(Duration.ofMillis(500));
        assertThat(intents())
                .hasSize(Candidates.CONVERSATIONS_MAX)
                .extracting(PushIntent::getConversationId)
                .doesNotContain("grp_0");
        assertThat(dropped).containsExactly("TOO_MANY 1");
    }

    @Test
    void usersWithoutDevicesCostNothing() {
        Delivery delivery = delivery(GROUP);
        message(1);
        delivery.setRecipients(List.of("carol"));
        settle();
        assertThat(intents()).hasSize(1);
        try (var all = driver.getKeyValueStore(PushTopology.CANDIDATES).all()) {
            all.forEachRemaining(entry -> assertThat(entry.key.toString()).contains("bob"));
        }
    }

    @Test
    void unreadableRecordsBecomeDeadLetters() {
        for (TopicSpec<?, ?> topic : List.of(TOPICS.deliveries(), TOPICS.devices(), TOPICS.pushResults())) {
            driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(new byte[] {1, 2}, new byte[] {3});
        }
        message(1);
        settle();
        assertThat(intents()).hasSize(1);
        List<DeadLetter> letters = driver.createOutputTopic(
                        TOPICS.deadLetters().name(),
                        TOPICS.deadLetters().keys().deserializer(),
                        TOPICS.deadLetters().values().deserializer())
                .readValuesToList();
        assertThat(letters).hasSize(3);
    }

    @Test
    void topicsWithOtherNumbersOfPartitionsAreRejected() {
        TopicCatalogue topics = new TopicCatalogue(new Sizing(1, 2, 4, 1, 1, Duration.ofDays(30)), IDS);
        assertThatThrownBy(() -> topology(topics)).hasMessageContaining("chat.devices.v1");
    }
}
