package chat.milena.push.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.protocol.call.PushFacts;
import chat.milena.push.courier.Verdict;
import chat.milena.push.policy.FactsQuery;
import chat.milena.push.policy.PreviewRules;
import chat.milena.push.policy.PushPolicy;
import chat.milena.push.provider.Destination;
import chat.milena.push.provider.Notification;
import chat.milena.push.provider.Provider;
import chat.milena.push.send.DeviceConnections.Connected;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Sealed;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.word.PushPlatform;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One intent from question to result.
class IntentHandlerTest {
    private static final long OFFSET = 7;

    @TempDir
    private Path folder;

    private final MovableClock clock = new MovableClock();
    private final List<PushResult> results = new ArrayList<>();
    private final List<Instant> unregistered = new ArrayList<>();
    private final List<FactsQuery.Question> asked = new ArrayList<>();
    private final List<Notification> sent = new ArrayList<>();
    private final PushIntent intent = intent();
    private PushKeys keys;
    private Connected connected = Connected.NOT;
    private boolean away;
    private boolean mayEnd = true;
    private String keyId = "";
    private CompletableFuture<Verdict> verdict = CompletableFuture.completedFuture(new Verdict.Accepted());
    /// The numbers of messages whose senders are not blocked.
    private List<Long> wanted = List.of(200L);

    @BeforeEach
    void makeKeys() throws Exception {
        keys = PushKeys.loadOrCreate(folder.resolve("keys"), folder.resolve("index"));
    }

    private PushIntent intent() {
        PushIntent made = new PushIntent();
        made.setReleases(List.of());
        made.setTenant("shop");
        made.setUserId("bob");
        made.setDeviceId("phone");
        made.setPlatform("fcm");
        made.setConversationId("c");
        made.setKind("message");
        made.setSequenceNumber(200);
        made.setTimestamp(clock.instant());
        made.setSince(clock.instant());
        return made;
    }

    private final class FakeProvider implements Provider {
        @Override
        public PushPlatform platform() {
            return PushPlatform.FCM;
        }

        @Override
        public CompletableFuture<Verdict> send(Destination destination, Notification notification) {
            assertThat(destination.address().value()).isEqualTo("token");
            sent.add(notification);
            return verdict;
        }

        @Override
        public void close() {}
    }

    private final class FakeResults implements IntentHandler.Results {
        @Override
        public void result(DeviceKey device, PushResult result, LongConsumer written) {
            results.add(result);
        }

        @Override
        public void unregister(DeviceKey device, Instant upTo, Runnable written) {
            unregistered.add(upTo);
            written.run();
        }
    }

    private FactsQuery.Answer facts(FactsQuery.Question question) {
        asked.add(question);
        if (away) {
            clock.advance(Duration.ofSeconds(11));
            return new FactsQuery.Unavailable(Duration.ofMillis(1));
        }
        Sealed sealed =
                keys.seal("token".getBytes(StandardCharsets.UTF_8), PushKeys.aad("shop", "bob", "phone", "fcm"));
        return new FactsQuery.Known(new PushFacts(
                new PushFacts.Registration(
                        "fcm",
                        new PushFacts.Address(
                                keyId.isEmpty() ? sealed.keyId() : keyId,
                                Base64.getEncoder().encodeToString(sealed.bytes()),
                                clock.millis()),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                new PushFacts.Conversation(false, "Team", false, null, 0),
                PushFacts.Settings.USUAL,
                LongStream.iterate(
                                question.upToSequence(),
                                number -> number > question.afterSequence(),
                                number -> number - 1)
                        .limit(PushFacts.MESSAGES_MAX)
                        .mapToObj(this::message)
                        .toList(),
                1));
    }

    private PushFacts.Message message(long number) {
        return new PushFacts.Message(
                number,
                "m" + number,
                clock.millis(),
                new PushFacts.Sender("alice", "Alice", !wanted.contains(number)),
                new PushFacts.Content("text", "hi"),
                new PushFacts.Standing(false, true, false, null, null),
                null);
    }

    private void handle() throws InterruptedException {
        PushPolicy policy =
                new PushPolicy(new PushPolicy.Rules(PreviewRules.FULL, "Milena", Duration.ofHours(24), null));
        new IntentHandler(
                        new IntentHandler.Parts(device -> connected, this::facts, policy, keys, new FakeProvider()),
                        new FakeResults(),
                        new SenderMeters(new SimpleMeterRegistry(), PushPlatform.FCM),
                        clock,
                        Runnable::run)
                .handle(intent, new IntentHandler.Place(OFFSET, () -> mayEnd, offset -> {}));
    }

    private void ended(String outcome, @Nullable String reason) {
        assertThat(results)
                .extracting(PushResult::getOutcome, PushResult::getReason, PushResult::getIntentOffset)
                .containsExactly(tuple(outcome, reason, OFFSET));
    }

    @Test
    void deviceThatIsNotConnectedIsSentTheMessage() throws InterruptedException {
        handle();

        assertThat(sent).hasSize(1);
        ended("accepted", null);
    }

    @Test
    void connectedDeviceIsSentNothingAndAskedNothingAbout() throws InterruptedException {
        connected = Connected.ONLINE;
        handle();

        assertThat(asked).isEmpty();
        assertThat(sent).isEmpty();
        ended("cancelled", "connected");
    }

    @Test
    void deviceOfWhichNothingIsKnownIsSentTheMessage() throws InterruptedException {
        connected = Connected.UNKNOWN;
        handle();

        ended("accepted", null);
    }

    @Test
    void testReachesAConnectedDeviceToo() throws InterruptedException {
        connected = Connected.ONLINE;
        intent.setKind("test");
        handle();

        ended("accepted", null);
    }

    @Test
    void querySideThatIsAwayIsAskedAgainAndThenTheIntentIsRetried() throws InterruptedException {
        away = true;
        handle();

        assertThat(asked).hasSizeGreaterThan(1);
        ended("retry", "facts");
        assertThat(results.getFirst().getRetryAt()).isAfter(clock.instant());
    }

    @Test
    void olderMessagesAreLookedAtWhenTheNewestAreNotWanted() throws InterruptedException {
        wanted = List.of(90L);
        handle();

        assertThat(asked).extracting(FactsQuery.Question::upToSequence).containsExactly(200L, 150L, 100L);
        assertThat(sent)
                .extracting(one -> ((Notification.Message) one).subject().sequenceNumber())
                .containsExactly(90L);
    }

    @Test
    void pagesThatAreLookedAtHaveABound() throws InterruptedException {
        wanted = List.of();
        intent.setSequenceNumber(10_000);
        handle();

        assertThat(asked).hasSize(10);
        ended("cancelled", "blocked");
    }

    @Test
    void goneRegistrationIsTakenBackUnlessItIsYoungerThanThatWord() throws InterruptedException {
        Instant registered = clock.instant();
        verdict = CompletableFuture.completedFuture(new Verdict.Gone(registered.plusSeconds(5)));
        handle();
        ended("gone", null);

        results.clear();
        verdict = CompletableFuture.completedFuture(new Verdict.Gone(registered.minusSeconds(5)));
        handle();
        assertThat(unregistered).containsExactly(registered, registered.minusSeconds(5));
    }

    @Test
    void registrationUnderAnUnknownKeyIsCancelled() throws InterruptedException {
        keyId = "of-nobody";
        handle();

        assertThat(sent).isEmpty();
        ended("cancelled", "unknown-key");
    }

    @Test
    void providerThatFailsEndsTheIntent() throws InterruptedException {
        verdict = CompletableFuture.failedFuture(new IllegalStateException("made to fail by a test"));
        handle();

        ended("refused", "fault");
    }

    @Test
    void intentOfAnotherReaderIsNeitherSentNorEnded() throws InterruptedException {
        mayEnd = false;
        handle();
        connected = Connected.ONLINE;
        handle();

        assertThat(sent).isEmpty();
        assertThat(results).isEmpty();
    }
}
