package chat.milena.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.FakeServer;
import chat.milena.bench.frame.ServerFrame;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatClientTest {
    private final FakeServer server = new FakeServer();
    private ChatClient client = new ChatClient(ClientOptions.of(server.url()), FakeServer.tokens(), Clock.systemUTC());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void connectsWithTheTokenAsSubprotocol() {
        connect("alice", new Heard());

        assertThat(server.subprotocols).containsExactly("milena.v1");
        assertThat(server.connected()).isEqualTo(1);
    }

    @Test
    void deliversAndAcknowledges() {
        Heard bobHeard = new Heard();
        Heard aliceHeard = new Heard();
        Connection alice = connect("alice", aliceHeard);
        connect("bob", bobHeard);
        String conversation = server.conversation("alice", "bob");

        assertThat(alice.trySend(conversation, "m1", "hi \"there\" \u00e9\ud83d\ude00", 7))
                .isTrue();

        await().untilAsserted(() -> {
            assertThat(aliceHeard.acks).hasSize(1);
            assertThat(bobHeard.messages).hasSize(1);
        });
        ServerFrame.MessageNew message = bobHeard.messages.get(0);
        assertThat(message.text()).isEqualTo("hi \"there\" \u00e9\ud83d\ude00");
        assertThat(message.senderId()).isEqualTo("alice");
        assertThat(message.sequenceNumber()).isEqualTo(2);
        assertThat(aliceHeard.tags).containsExactly(7L);
    }

    @Test
    void resendsWhatWasNotAckedAfterTheSocketWasLost() {
        Heard heard = new Heard();
        Connection alice = connect("alice", heard);
        String conversation = server.conversation("alice", "bob");
        server.acksToSwallow.set(1);

        alice.trySend(conversation, "m1", "one", 0);

        await().untilAsserted(() -> assertThat(heard.acks).hasSize(1));
        assertThat(heard.acks.get(0).duplicate()).isTrue();
        assertThat(heard.reconnects).hasSize(1);
        assertThat(server.messages(conversation)).isEqualTo(1);
    }

    @Test
    void goesOnWhereItWasAndHearsWhatItMissed() {
        server.resumes = true;
        server.heartbeatMillis = 1000;
        Heard heard = new Heard();
        connect("bob", heard);
        String conversation = server.conversation("alice", "bob");
        server.says("alice", conversation, "m1", "seen");
        await().until(() -> heard.messages.size() == 1);
        // A heartbeat's answer stands for it.
        await().until(() -> server.received.stream().anyMatch(frame -> frame.contains("heartbeat")));
        server.goAway();
        await().until(() -> server.connected() == 0);
        server.says("alice", conversation, "m2", "missed");
        server.comeBack();

        await().untilAsserted(() -> assertThat(heard.missed).hasSize(1));
        assertThat(server.resumeTokens).containsExactly("bob:2");
        assertThat(heard.reconnects).singleElement().matches(ServerFrame.Connected::resumed);
        assertThat(heard.missed.get(0).entries())
                .containsExactly(new ServerFrame.Entry("message", 3, 1_700_000_000_003L, "m2", "alice", "missed"));
    }

    @Test
    void bringsNoTokenForAListenerThatBeginsAfresh() {
        server.resumes = true;
        Heard heard = new Heard();
        heard.resumes = false;
        connect("bob", heard);

        server.cutAll();

        await().untilAsserted(() -> assertThat(heard.reconnects).hasSize(1));
        assertThat(server.resumeTokens).isEmpty();
    }

    @Test
    void sendsWhatWasHandedOverWhileAwayInOrder() {
        Heard heard = new Heard();
        Connection alice = connect("alice", heard);
        String conversation = server.conversation("alice", "bob");
        server.goAway();
        await().until(() -> server.connected() == 0);

        for (int i = 0; i < 20; i++) {
            assertThat(alice.trySend(conversation, "m" + i, "text", 0)).isTrue();
        }
        server.comeBack();

        await().untilAsserted(() -> assertThat(heard.acks).hasSize(20));
        for (int i = 0; i < 20; i++) {
            assertThat(heard.acks.get(i).messageId()).isEqualTo("m" + i);
            assertThat(heard.acks.get(i).sequenceNumber()).isEqualTo(i + 2);
        }
    }

    @Test
    void retriesARateLimitedSendWithTheSameMessageId() {
        Heard heard = new Heard();
        Connection alice = connect("alice", heard);
        String conversation = server.conversation("alice", "bob");
        server.sendsToRefuse.set(3);

        alice.trySend(conversation, "m1", "text", 0);

        await().untilAsserted(() -> assertThat(heard.acks).hasSize(1));
        assertThat(heard.acks.get(0).messageId()).isEqualTo("m1");
        assertThat(server.received)
                .filteredOn(frame -> frame.contains("\"m1\""))
                .hasSize(4);
        assertThat(heard.refusals).isEmpty();
    }

    @Test
    void resendsWhatIsNeverAnsweredThoughTheSocketLives() {
        client.close();
        client = new ChatClient(
                ClientOptions.of(server.url()).withResendAfter(Duration.ofMillis(200)),
                FakeServer.tokens(),
                Clock.systemUTC());
        Heard heard = new Heard();
        Connection alice = connect("alice", heard);
        String conversation = server.conversation("alice", "bob");
        server.answersToForget.set(2);

        alice.trySend(conversation, "m1", "one", 0);
        await().until(() -> server.received.size() >= 2);
        alice.trySend(conversation, "m2", "two", 0);

        await().untilAsserted(() -> assertThat(heard.acks).hasSize(2));
        assertThat(heard.acks).extracting(ServerFrame.MessageAck::messageId).contains("m1", "m2");
        assertThat(heard.reconnects).isEmpty();
        assertThat(server.messages(conversation)).isEqualTo(2);
    }

    @Test
    void handsOtherRefusalsToTheListenerAndFreesTheWindow() throws InterruptedException {
        Heard heard = new Heard();
        Connection alice = connect("alice", heard);

        alice.trySend("no-such-conversation", "m1", "text", 0);

        await().untilAsserted(() -> assertThat(heard.refusals).containsExactly("CONVERSATION_NOT_FOUND"));
        assertThat(alice.awaitIdle(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void refusesMoreThanTheInFlightBound() {
        client.close();
        client = new ChatClient(
                ClientOptions.of(server.url()).withInFlightMax(2), FakeServer.tokens(), Clock.systemUTC());
        Connection alice = connect("alice", new Heard());
        String conversation = server.conversation("alice", "bob");
        server.goAway();

        assertThat(alice.trySend(conversation, "m1", "text", 0)).isTrue();
        assertThat(alice.trySend(conversation, "m2", "text", 0)).isTrue();
        assertThat(alice.trySend(conversation, "m3", "text", 0)).isFalse();
    }

    @Test
    void triesAgainWhenTheUpgradeIsRefusedForRates() {
        server.upgradesToRefuse.set(2);

        connect("alice", new Heard());

        assertThat(server.connected()).isEqualTo(1);
    }

    @Test
    void endsWhenTheTokenIsRefused() {
        Heard heard = new Heard();
        Connection alice = connect("alice", heard);

        server.closeAll(4401, "token expired");

        assertThat(alice.closed())
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new CloseReason(4401, "token expired"));
    }

    @Test
    void givesUpAfterTheTimeGivenAndRefusesWhatIsUnacked() {
        client.close();
        client = new ChatClient(
                ClientOptions.of(server.url()).withReconnect(true, Duration.ofMillis(300)),
                FakeServer.tokens(),
                Clock.systemUTC());
        Heard heard = new Heard();
        Connection alice = connect("alice", heard);
        server.goAway();
        alice.trySend("c1", "m1", "text", 0);

        assertThat(alice.closed()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(heard.refusals).containsExactly("CLOSED");
    }

    @Test
    void tellsInOneLineThatNothingAnswers() {
        client.close();
        client = new ChatClient(
                ClientOptions.of(server.url()).withReconnect(false, Duration.ofSeconds(1)),
                FakeServer.tokens(),
                Clock.systemUTC());
        server.goAway();

        assertThatThrownBy(() -> client.connect("alice", "test", new Heard()).get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(UsageFailure.class)
                .hasMessageContaining("cannot connect");
    }

    private Connection connect(String userId, ConnectionListener listener) {
        return client.connect(userId, "test", listener)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    /// Keeps what it hears.
    private static final class Heard implements ConnectionListener {
        final List<ServerFrame.MessageAck> acks = new CopyOnWriteArrayList<>();
        final List<Long> tags = new CopyOnWriteArrayList<>();
        final List<ServerFrame.MessageNew> messages = new CopyOnWriteArrayList<>();
        final List<String> refusals = new CopyOnWriteArrayList<>();
        final List<ServerFrame.Connected> reconnects = new CopyOnWriteArrayList<>();

        final List<ServerFrame.Offline> missed = new CopyOnWriteArrayList<>();
        volatile boolean resumes = true;

        @Override
        public boolean wantsText() {
            return true;
        }

        @Override
        public boolean resumes() {
            return resumes;
        }

        @Override
        public void onOffline(Connection connection, ServerFrame.Offline offline) {
            missed.add(offline);
        }

        @Override
        public void onConnected(Connection connection, ServerFrame.Connected frame, boolean again) {
            if (again) {
                reconnects.add(frame);
            }
        }

        @Override
        public void onAck(Connection connection, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
            acks.add(ack);
            if (sent != null) {
                tags.add(sent.tag());
            }
        }

        @Override
        public void onMessageNew(Connection connection, ServerFrame.MessageNew message) {
            messages.add(message);
        }

        @Override
        public void onRefused(Connection connection, SentMessage sent, ServerFrame.Refusal refusal) {
            refusals.add(refusal.code());
        }
    }
}
