package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.ConnectionConfig.Outgoing;
import chat.milena.schemas.key.UserKey;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HostileClientIT {
    private static final UserKey BOB = new UserKey("default", "bob");
    private static final int OUTBOX_BYTES = 256 * 1024;

    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        ConnectionConfig hasty =
                ConnectionConfig.DEFAULT.with(new Outgoing(OUTBOX_BYTES, 1_000, Duration.ofMillis(500)));
        gateway = new Gateway(hasty, 100);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private RawClient connect() throws Exception {
        RawClient bob = new RawClient(gateway.front.port(), "bob");
        assertThat(bob.read().text()).contains("\"connected\"");
        return bob;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void assertNothingIsLeft() {
        await().until(() -> gateway.registry.size() == 0
                && gateway.shards.leases() == 0
                && gateway.present.get() == 0
                && outboxBytes() == 0);
    }

    @Test
    void clientThatDoesNotReadCostsBoundedMemoryAndIsToldToSync() throws Exception {
        try (RawClient bob = connect()) {
            String text = "x".repeat(4_000);
            for (int number = 1; number <= 5_000; number++) {
                gateway.deliver(Deliveries.event("default", "c1", number, text, "bob"));
            }
            await().until(() ->
                    gateway.meters.counter("milena.gateway.outbox.overflows").count() > 0);

            // The second is answered when all that came before the first has been written, the resync with it.
            int last = readToHeartbeat(bob, 0);
            last = readToHeartbeat(bob, last);
            gateway.deliver(Deliveries.event("default", "c1", 6_000, "again", "bob"));

            assertThat(last).isLessThanOrEqualTo(5_000);
            assertThat(bob.read().text()).contains("\"sequenceNumber\":6000");
        }
        assertNothingIsLeft();
    }

    /// By themselves they would hold 25 times 256 KiB.
    @Test
    void manyThatDoNotReadCostBoundedMemoryTogetherAndNoOtherTenant() throws Exception {
        List<RawClient> deaf = new ArrayList<>();
        Client carol = gateway.connect("shop/carol");
        try {
            for (int i = 0; i < 25; i++) {
                deaf.add(connect());
            }
            // An outbox that overflows lets go of all it holds, so the end may come at a low moment.
            double most = 0;
            for (int number = 1; number <= 2_500; number++) {
                gateway.deliver(Deliveries.event("default", "c1", number, "x".repeat(4_000), "bob"));
                most = Math.max(most, outboxBytes());
                assertThat(outboxBytes()).isLessThanOrEqualTo(Gateway.OUTBOXES_BYTES_MAX / 2 + 8_192);
            }
            assertThat(most).isGreaterThan(Gateway.OUTBOXES_BYTES_MAX / 4);

            gateway.deliver(Deliveries.event("shop", "c2", 1, "x".repeat(4_000), "carol"));
            assertThat(carol.next("message.new")
                            .get("payload")
                            .get("sequenceNumber")
                            .asInt())
                    .isEqualTo(1);
        } finally {
            carol.socket().abort();
            for (RawClient client : deaf) {
                client.close();
            }
        }
        assertNothingIsLeft();
    }

    private double outboxBytes() {
        return gateway.outboxBytes.held();
    }

    /// Reads on until the answer to a heartbeat; numbers may only be missing where a resync said so.
    private static int readToHeartbeat(RawClient bob, int before) throws Exception {
        bob.send(RawClient.TEXT, utf8("{\"type\":\"heartbeat\"}"));
        int last = before;
        boolean resynced = false;
        while (true) {
            String frame = bob.read().text();
            if (frame.contains("\"heartbeat\"")) {
                return last;
            }
            if (frame.contains("\"resync\"")) {
                assertThat(frame).contains("{\"conversationIds\":[\"c1\"]}");
                resynced = true;
            } else {
                int number = Integer.parseInt(frame.replaceAll(".*\"sequenceNumber\":(\\d+),.*", "$1"));
                if (resynced) {
                    assertThat(number).isGreaterThan(last);
                } else {
                    assertThat(number).isEqualTo(last + 1);
                }
                last = number;
                resynced = false;
            }
        }
    }

    @Test
    void clientThatDoesNotReadIsCutWhenItIsClosed() throws Exception {
        try (RawClient bob = connect()) {
            assertThat(bob).isNotNull();
            for (int number = 1; number <= 5_000; number++) {
                gateway.deliver(Deliveries.event("default", "c1", number, "x".repeat(4_000), "bob"));
            }
            assertThat(gateway.registry.of(BOB)).hasSize(1);

            gateway.clock.advance(ConnectionConfig.DEFAULT.liveness().silenceMax());

            assertNothingIsLeft();
        }
    }

    @Test
    void clientThatReadsAByteAtATimeCostsNoMoreThanOneThatDoesNotRead() throws Exception {
        try (RawClient bob = connect()) {
            for (int number = 1; number <= 5_000; number++) {
                gateway.deliver(Deliveries.event("default", "c1", number, "x".repeat(4_000), "bob"));
                bob.readByte();
                assertThat(outboxBytes()).isLessThanOrEqualTo(OUTBOX_BYTES);
            }
            assertThat(gateway.meters.counter("milena.gateway.outbox.overflows").count())
                    .isPositive();
            assertThat(gateway.registry.of(BOB)).hasSize(1);

            gateway.clock.advance(ConnectionConfig.DEFAULT.liveness().silenceMax());

            assertNothingIsLeft();
        }
    }

    @Test
    void whoeverOpensAndClosesInALoopHoldsNothingHoweverItGoes() throws Exception {
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < Gateway.USER_CONNECTIONS_MAX / 5; i++) {
                connect().close();
                connect().reset();
                // Before it is told that it is connected.
                new RawClient(gateway.front.port(), "bob").reset();
                try (RawClient bob = connect()) {
                    bob.send(RawClient.CLOSE, new byte[] {3, (byte) 232});
                    assertThat(bob.read().closeCode()).isEqualTo(1000);
                }
            }
            assertNothingIsLeft();
        }
        List<RawClient> all = new ArrayList<>();
        for (int i = 0; i < Gateway.USER_CONNECTIONS_MAX; i++) {
            all.add(connect());
        }
        for (RawClient client : all) {
            client.close();
        }
        assertNothingIsLeft();
    }

    @Test
    void invalidUtf8ClosesWith1007() throws Exception {
        try (RawClient bob = connect()) {
            bob.send(RawClient.TEXT, new byte[] {'"', (byte) 0xC3, (byte) 0x28, '"'});

            assertThat(bob.read().closeCode()).isEqualTo(1007);
        }
        assertNothingIsLeft();
    }

    @Test
    void frameFarOverTheLimitClosesWith1009() throws Exception {
        try (RawClient bob = connect()) {
            bob.send(RawClient.TEXT, new byte[200_000]);

            assertThat(bob.read().closeCode()).isEqualTo(1009);
        }
        assertNothingIsLeft();
    }

    @Test
    void manyFragmentsOverTheLimitCloseWith1009() throws Exception {
        try (RawClient bob = connect()) {
            byte[] part = utf8(" ".repeat(10_000));
            bob.sendFragment(RawClient.TEXT, part);
            for (int i = 0; i < 7; i++) {
                bob.sendFragment(RawClient.CONTINUATION, part);
            }

            assertThat(bob.read().closeCode()).isEqualTo(1009);
        }
        assertNothingIsLeft();
    }

    @Test
    void frameThatDoesNotEndClosesWith4400WhateverComesAmidIt() throws Exception {
        Duration within = ConnectionConfig.DEFAULT.liveness().frameWithin();
        try (RawClient bob = connect()) {
            bob.sendFragment(RawClient.TEXT, utf8("{\"type\":"));
            ping(bob);
            gateway.clock.advance(within.minusMillis(1));
            bob.sendFragment(RawClient.CONTINUATION, utf8(" "));
            ping(bob);
            assertThat(gateway.registry.size()).isEqualTo(1);

            gateway.clock.advance(Duration.ofMillis(1));

            assertThat(bob.read().closeCode()).isEqualTo(4400);
        }
        assertNothingIsLeft();
    }

    @Test
    void frameThatEndsInTimeStartsTheTimeAnew() throws Exception {
        Duration within = ConnectionConfig.DEFAULT.liveness().frameWithin();
        try (RawClient bob = connect()) {
            for (int i = 0; i < 4; i++) {
                bob.sendFragment(RawClient.TEXT, utf8("{\"type\":\"heart"));
                ping(bob);
                gateway.clock.advance(within.minusMillis(1));
                bob.send(RawClient.CONTINUATION, utf8("beat\"}"));
                assertThat(bob.read().text()).contains("\"heartbeat\"");
                gateway.clock.advance(within.minusMillis(1));
                ping(bob);
            }
        }
        assertNothingIsLeft();
    }

    /// What was sent before has been read by the gateway.
    private static void ping(RawClient bob) throws Exception {
        bob.send(RawClient.PING, utf8("now"));
        assertThat(bob.read()).isEqualTo(new RawClient.Frame(RawClient.PONG, "now", 0));
    }

    @Test
    void emptyPartsOfAFrameForEverCloseWith4429() throws Exception {
        try (RawClient bob = connect()) {
            bob.sendFragment(RawClient.TEXT, new byte[0]);
            for (int i = 0; i < 1_000 + 100 + 1; i++) {
                bob.sendFragment(RawClient.CONTINUATION, new byte[0]);
            }

            RawClient.Frame last = bob.read();
            while (last.opcode() != RawClient.CLOSE) {
                assertThat(last.text()).contains("RATE_LIMITED");
                last = bob.read();
            }
            assertThat(last.closeCode()).isEqualTo(4429);
        }
        assertNothingIsLeft();
    }

    @Test
    void partsOfAFrameForEverCloseWith4400HoweverSlowlyTheyCome() throws Exception {
        Duration pace = Duration.ofMillis(100);
        try (RawClient bob = connect()) {
            bob.sendFragment(RawClient.TEXT, utf8("{"));
            RawClient.Frame answer;
            int parts = 0;
            do {
                bob.sendFragment(RawClient.CONTINUATION, utf8(" "));
                bob.send(RawClient.PING, new byte[0]);
                gateway.clock.advance(pace);
                answer = bob.read();
                parts++;
            } while (answer.opcode() == RawClient.PONG);

            assertThat(answer.closeCode()).isEqualTo(4400);
            assertThat(pace.multipliedBy(parts))
                    .isGreaterThanOrEqualTo(ConnectionConfig.DEFAULT.liveness().frameWithin());
        }
        assertNothingIsLeft();
    }

    @Test
    void fragmentsMakeOneFrame() throws Exception {
        try (RawClient bob = connect()) {
            bob.sendFragment(RawClient.TEXT, utf8("{\"type\":\"heart"));
            bob.send(RawClient.PING, utf8("between"));
            bob.send(RawClient.CONTINUATION, utf8("beat\"}"));

            assertThat(bob.read()).isEqualTo(new RawClient.Frame(RawClient.PONG, "between", 0));
            assertThat(bob.read().text()).contains("\"heartbeat\"");
        }
    }

    /// More than Undertow by itself would take in a minute.
    @Test
    void pingsAreCountedAsFramesAndNotOtherwise() throws Exception {
        try (RawClient bob = connect()) {
            for (int i = 0; i < 500; i++) {
                bob.send(RawClient.PING, utf8("p" + i));
                assertThat(bob.read()).isEqualTo(new RawClient.Frame(RawClient.PONG, "p" + i, 0));
            }
        }
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {RawClient.PING, RawClient.PONG})
    void pingsAndPongsPastTheRateOfFramesCloseWith4429(int opcode) throws Exception {
        try (RawClient bob = connect()) {
            for (int i = 0; i < 1_000 + 100 + 1; i++) {
                bob.send(opcode, new byte[0]);
            }

            RawClient.Frame last = bob.read();
            while (last.opcode() != RawClient.CLOSE) {
                last = bob.read();
            }
            assertThat(last.closeCode()).isEqualTo(4429);
        }
        assertNothingIsLeft();
    }

    @Test
    void framesMustBeMasked() throws Exception {
        try (RawClient bob = connect()) {
            bob.sendUnmasked(utf8("{\"type\":\"heartbeat\"}"));

            assertThat(bob.read().closeCode()).isEqualTo(1002);
        }
        assertNothingIsLeft();
    }

    /// A length of 64 bits whose highest one is set, and the length that comes to.
    @Test
    void lengthBelowZeroClosesWith1002() throws Exception {
        try (RawClient bob = connect()) {
            bob.sendBytes(0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0);

            assertThat(bob.read().closeCode()).isEqualTo(1002);
        }
        assertNothingIsLeft();
    }

    /// The budget of a user holds two of them here.
    @Test
    void unfinishedFramesOfAUserBeyondTheirBudgetCloseWith1013() throws Exception {
        try (RawClient first = connect();
                RawClient second = connect();
                RawClient third = connect()) {
            first.sendFragment(RawClient.TEXT, utf8("{\"type\":\"heart"));
            second.sendFragment(RawClient.TEXT, utf8("{\"type\":"));
            await().until(() -> gateway.unfinished.held() == 128 * 1024);
            third.sendFragment(RawClient.TEXT, utf8("{"));
            assertThat(third.read().closeCode()).isEqualTo(1013);

            first.send(RawClient.CONTINUATION, utf8("beat\"}"));
            assertThat(first.read().text()).contains("heartbeat");
        }
        assertNothingIsLeft();
        await().until(() -> gateway.unfinished.held() == 0);
    }

    @Test
    void clientThatVanishesIsForgotten() throws Exception {
        connect().close();

        assertNothingIsLeft();
    }

    @Test
    void clientThatDoesNotAnswerACloseIsCut() throws Exception {
        try (RawClient bob = connect()) {
            gateway.clock.advance(ConnectionConfig.DEFAULT.liveness().silenceMax());

            assertThat(bob.read().closeCode()).isEqualTo(4408);
            assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /ws HTTP/1.1|Upgrade: websocket|Sec-WebSocket-Version: 13",
                "GET /ws HTTP/1.1|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "GET /ws HTTP/1.1|Upgrade: h2c|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "GET /ws HTTP/1.0|Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key:"
                        + " AAAAAAAAAAAAAAAAAAAAAA==",
                "POST /ws HTTP/1.1|Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key:"
                        + " AAAAAAAAAAAAAAAAAAAAAA==",
            })
    void handshakeThatIsNoneIsAnInvalidRequest(String head) throws Exception {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), gateway.front.port())) {
            String request = head.replace("|", "\r\n") + "\r\nHost: localhost\r\nConnection: Upgrade\r\n\r\n";
            socket.getOutputStream().write(utf8(request));

            socket.setSoTimeout(5_000);
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("}") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).as("after " + answer).isNotNegative();
                answer.append((char) next);
            }

            assertThat(answer).contains(" 400 ").contains("INVALID_REQUEST");
        }
    }
}
