package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.testsupport.RedisServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a user may send at two gateways together, over a Redis that goes away.
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RatesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration TURN = Duration.ofMillis(100);
    private static final int A_MINUTE = 30;

    /// What either gateway may let through before it hears of the other: turns of a second and more.
    private static final int TOLERANCE = 12;

    /// Tokens are whole at each gateway.
    private static final int ROUNDING = 2;

    /// No limit of a second, so that it is the minute's that refuses; and a Redis that may be slow without being away.
    private static final Map<String, String> SETTINGS = Map.of(
            "MILENA_RATE_MESSAGES_PER_SECOND",
            "0",
            "MILENA_RATE_MESSAGES_PER_MINUTE",
            Integer.toString(A_MINUTE),
            "MILENA_REDIS_TIMEOUT",
            "10s");

    @RegisterExtension
    @Order(1)
    final RedisServer redis = new RedisServer(FreePorts.take(1).getFirst());

    @RegisterExtension
    @Order(2)
    final RunningMilena milena =
            new RunningMilena().with("MILENA_REDIS_URL", redis.url().toString());

    private final List<RawSocket> sockets = new ArrayList<>();
    private Tenant home;
    private SecondGateway other;
    private int messages;

    RatesIT() {
        SETTINGS.forEach(milena::with);
    }

    @BeforeEach
    void open() throws Exception {
        home = Tenant.ofDefault(milena);
        other = new SecondGateway(milena, redis.url().toString(), Set.of(), SETTINGS);
        awaitRates("ready");
    }

    @AfterEach
    void close() throws IOException {
        for (RawSocket socket : sockets) {
            socket.close();
        }
        sockets.clear();
        other.close();
        home.close();
    }

    private void awaitRates(String word) {
        String line = "rates: " + word;
        await().atMost(PATIENCE).until(() -> {
            String here = milena.readiness();
            return here.contains(line) && other.readiness().contains(line);
        });
    }

    /// A device of one user at each of the two gateways, in a conversation that somebody else has made.
    private final class Sender {
        private final String talk;
        private final RawSocket here;
        private final RawSocket there;

        private Sender(String userId) throws Exception {
            talk = home.direct("host-of-" + userId, userId);
            here = connect(milena.port(), userId);
            there = connect(other.port(), userId);
        }

        private boolean sendsHere() throws IOException {
            return sends(here);
        }

        private boolean sendsThere() throws IOException {
            return sends(there);
        }

        private boolean sends(RawSocket socket) throws IOException {
            String id = "m" + messages++;
            socket.text("{\"type\":\"message.send\",\"id\":\"" + id + "\",\"payload\":{\"messageId\":\"" + id
                    + "\",\"conversationId\":\"" + talk + "\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}}");
            JsonNode answer = socket.nextFrame();
            while (!answer.path("id").asText().equals(id)) {
                answer = socket.nextFrame();
            }
            if (answer.path("type").asText().equals("message.ack")) {
                return true;
            }
            assertThat(answer.at("/payload/error").asText()).as("%s", answer).isEqualTo("RATE_LIMITED");
            return false;
        }
    }

    private RawSocket connect(int port, String userId) throws IOException {
        RawSocket socket = RawSocket.connected(port, limitedTokenOf(userId));
        sockets.add(socket);
        return socket;
    }

    /// The others of these tests exempt from rates.
    private String limitedTokenOf(String userId) throws IOException {
        TokenSecret secret = TokenSecret.loadOrCreate(milena.data().resolve("token.secret"));
        Instant end = Instant.now().plus(Duration.ofHours(1));
        return new TokenSigner(secret).sign(new VerifiedToken("default", userId, null, end, false));
    }

    /// In turns at both gateways, until both refuse in one turn.
    private void assertHasOneLimit(Sender sender) {
        List<Boolean> answers = new ArrayList<>();
        long begun = System.nanoTime();
        await().atMost(PATIENCE).pollInterval(TURN).until(() -> {
            boolean here = sender.sendsHere();
            boolean there = sender.sendsThere();
            answers.add(here);
            answers.add(there);
            return !here && !there;
        });
        double minutes =
                (System.nanoTime() - begun) / (double) Duration.ofMinutes(1).toNanos();

        long sent = answers.stream().filter(answer -> answer).count();
        assertThat((double) sent)
                .as("%s of %s over %.3f minutes", sent, A_MINUTE, minutes)
                .isBetween((double) A_MINUTE - ROUNDING, A_MINUTE * (1 + minutes) + TOLERANCE);
    }

    @Test
    void whoSendsAtTwoGatewaysHasOneLimit() throws Exception {
        assertHasOneLimit(new Sender("alice"));
    }

    @Test
    void whatWasSpentAtOneGatewayIsMissingAtTheOther() throws Exception {
        Sender bob = new Sender("bob");
        int sent = 0;
        while (sent < 10 * A_MINUTE && bob.sendsHere()) {
            sent++;
        }
        assertThat(sent).isBetween(A_MINUTE - ROUNDING, 10 * A_MINUTE - 1);

        List<Boolean> there = new ArrayList<>();
        await().atMost(PATIENCE).pollInterval(TURN).until(() -> {
            there.add(bob.sendsThere());
            return !there.getLast();
        });
        assertThat(there).hasSizeLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void withoutRedisEachGatewayGoesOnAloneAndWithItAgainTheLimitIsOne() throws Exception {
        Sender carol = new Sender("carol");
        Sender dave = new Sender("dave");
        redis.kill();
        try {
            awaitRates("each gateway counts alone");
            for (int i = 0; i < A_MINUTE; i++) {
                assertThat(carol.sendsHere()).as("here, %d", i).isTrue();
                assertThat(carol.sendsThere()).as("there, %d", i).isTrue();
            }
        } finally {
            redis.start();
        }
        awaitRates("ready");
        assertHasOneLimit(dave);
    }
}
