package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.frame.ServerFrame;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Throws mutated frames, calls and heads at a running server for a while, as somebody with a token and as somebody
/// without, while an ordinary conversation goes on beside it. `-Dmilena.fuzz.seconds` says for how long,
/// `-Dmilena.fuzz.seed` repeats a run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzIT {
    private static final Logger LOG = LoggerFactory.getLogger(FuzzIT.class);
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("milena.fuzz.seconds", 10));
    private static final long SEED = Long.getLong("milena.fuzz.seed", System.nanoTime());
    private static final int BURST = 8;
    private static final int ANSWER_BYTES_MAX = 16 * 1024;
    private static final Pattern HEAD = Pattern.compile("HTTP/1\\.1 (\\d{3})[^\\r]*\\r\\n(?:[^\\r]+\\r\\n)*+\\r\\n");
    private static final Pattern LENGTH = Pattern.compile("(?i)\\nContent-Length: (\\d{1,6})\\r");
    private static final Set<String> ERRORS = Set.of(
            "INVALID_MESSAGE",
            "INVALID_REQUEST",
            "UNAUTHORIZED",
            "FORBIDDEN",
            "CONVERSATION_NOT_FOUND",
            "MESSAGE_NOT_FOUND",
            "DUPLICATE_MESSAGE",
            "TOO_LARGE",
            "RATE_LIMITED",
            "UNAVAILABLE");

    /// The protocol's codes, those of WebSocket itself, and none where the socket was cut off.
    private static final Set<Integer> CLOSES =
            Set.of(1000, 1002, 1003, 1005, 1006, 1007, 1009, 1013, 4400, 4401, 4408, 4429);

    /// @param judged answers that came and were looked at
    private record Thrown(int thrown, int judged) {}

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private Tenant home;
    private Device alice;
    private Device laptop;
    private Device bob;
    private String token;
    private String talk;
    private String own;
    private long deadline;

    @BeforeAll
    void open() throws Exception {
        home = Tenant.ofDefault(milena);
        token = home.tokenOf("mallory");
        alice = home.connect("alice", "phone");
        laptop = home.connect("alice", "laptop");
        bob = home.connect("bob", "phone");
        talk = home.direct("alice", "bob");
        own = home.group("mallory", "oscar");
        deadline = System.nanoTime() + TIME.toNanos();
    }

    @AfterAll
    void close() {
        home.close();
    }

    private boolean goesOn() {
        return System.nanoTime() < deadline;
    }

    @Test
    void conversationGoesOnUnharmedBesideAnything() throws Exception {
        LOG.info("Fuzzing for {} with seed {}", TIME, SEED);
        long acked;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Thrown>> fuzzers = new ArrayList<>();
            List<Callable<Thrown>> work = List.of(this::throwFrames, this::throwCalls, this::throwHeads);
            work.forEach(one -> fuzzers.add(threads.submit(one)));
            acked = converse();
            List<Thrown> thrown = new ArrayList<>();
            for (Future<Thrown> fuzzer : fuzzers) {
                thrown.add(fuzzer.get());
            }
            LOG.info(
                    "Threw frames ({}), calls ({}) and heads ({}) beside {} messages",
                    thrown.get(0),
                    thrown.get(1),
                    thrown.get(2),
                    acked);
            assertThat(thrown).allMatch(count -> count.thrown() > 0).allMatch(count -> count.judged() > 0);

            DeviceAssert.assertThat(laptop).eventually().sawEveryNumber(talk, acked + 1);
            DeviceAssert.assertThat(alice).eventually().sawEveryNumber(talk, acked + 1);
            DeviceAssert.assertThat(bob).eventually().sawEveryNumber(talk, acked + 1);
            assertThat(alice.losses()).isEmpty();
            assertThat(bob.losses()).isEmpty();
        }
        assertThat(MessageLog.of(milena).numbers(talk)).hasSize(Math.toIntExact(acked));
        assertThat(milena.isReady()).isTrue();
        assertThat(milena.lines())
                .as("seed " + SEED)
                .filteredOn(FuzzIT::tellsOfHarm)
                .isEmpty();
    }

    private static boolean tellsOfHarm(String line) {
        return line.contains("ERROR") || line.contains("Exception in thread") || line.contains("OutOfMemory");
    }

    /// @return how many messages were acked
    private long converse() throws InterruptedException {
        long acked = 0;
        while (goesOn()) {
            ServerFrame.MessageAck ack = (acked % 2 == 0 ? alice : bob).sends(talk, "message " + acked);
            acked++;
            assertThat(ack.sequenceNumber()).as("seed " + SEED).isEqualTo(acked + 1);
        }
        return acked;
    }

    private List<String> frames() {
        String content = "\"content\":{\"type\":\"text\",\"text\":\"hi\",\"metadata\":{\"a\":[1,{\"b\":null}]}}";
        return List.of(
                "{\"type\":\"message.send\",\"id\":\"r1\",\"payload\":{\"messageId\":\"m1\",\"conversationId\":\"" + own
                        + "\"," + content + ",\"expiresAt\":99999999999999}}",
                "{\"type\":\"message.send\",\"id\":\"r2\",\"payload\":{\"messageId\":\"m2\",\"conversationId\":\""
                        + talk + "\"," + content + "}}",
                "{\"type\":\"message.send\",\"payload\":{\"messageId\":\"m3\",\"conversationId\":\"" + own
                        + "\",\"content\":{\"type\":\"location\",\"metadata\":{\"latitude\":1.5,\"longitude\":-1e1}}}}",
                "{\"type\":\"message.send\",\"payload\":{\"messageId\":\"m4\",\"conversationId\":\"" + own
                        + "\",\"content\":{\"type\":\"image\",\"mediaUrl\":\"https://example.org/a?b=c#d\"}}}",
                "{\"type\":\"token.refresh\",\"id\":\"t\",\"payload\":{\"token\":\"" + token + "\"}}",
                "{\"type\":\"heartbeat\",\"timestamp\":1}",
                "{\"type\":\"sync\",\"id\":\"s\",\"payload\":{\"conversations\":[{\"conversationId\":\"" + talk
                        + "\",\"lastSequence\":0}]}}",
                "{\"type\":\"message.read\",\"payload\":{\"conversationId\":\"" + talk + "\",\"upToSequence\":1}}",
                "{\"type\":\"message.delivered\",\"id\":\"d\",\"payload\":{\"conversationId\":\"" + own
                        + "\",\"upToSequence\":7,\"messageIds\":[\"m1\",\"m3\"]}}",
                "{\"type\":\"presence.subscribe\",\"payload\":{\"userIds\":[\"alice\"]}}");
    }

    private Thrown throwFrames() throws IOException {
        Mutator mutator = new Mutator(SEED);
        List<String> frames = frames();
        int thrown = 0;
        int bursts = 0;
        while (goesOn()) {
            try (RawSocket socket = RawSocket.connected(milena.port(), token)) {
                boolean open = true;
                while (open && goesOn()) {
                    for (int i = 0; i < BURST; i++) {
                        byte[] frame = mutator.oneIn(20) ? mutator.noise() : mutator.mutated(mutator.oneOf(frames));
                        if (mutator.oneIn(40)) {
                            socket.binary(frame);
                        } else {
                            socket.text(frame);
                        }
                        thrown++;
                    }
                    socket.text("{\"type\":\"heartbeat\",\"id\":\"end of burst\"}");
                    open = answersUntilTheEndOfTheBurst(socket);
                    bursts++;
                }
            } catch (SocketException e) {
                // It was closed while this was writing; a new one follows.
                LOG.debug("A socket is gone: {}", e.toString());
            }
        }
        return new Thrown(thrown, bursts);
    }

    /// @return false if it was closed
    private static boolean answersUntilTheEndOfTheBurst(RawSocket socket) throws IOException {
        while (true) {
            switch (socket.next()) {
                case RawSocket.Received.Closed(var code) -> {
                    assertThat(code).as("close with seed " + SEED).isIn(CLOSES);
                    return false;
                }
                case RawSocket.Received.Text(var frame) -> {
                    if (frame.path("id").asText().equals("end of burst")) {
                        return true;
                    }
                    if (frame.path("type").asText().equals("error")) {
                        assertThat(frame.at("/payload/error").asText())
                                .as("%s with seed %d", frame, SEED)
                                .isIn(ERRORS);
                    }
                }
            }
        }
    }

    private Thrown throwCalls() throws Exception {
        Mutator mutator = new Mutator(SEED + 1);
        List<String> calls = List.of(
                "POST conversations {\"type\":\"direct\",\"participantIds\":[\"oscar\"]}",
                "POST groups"
                        + " {\"name\":\"n\",\"participantIds\":[\"a\",\"b\"],\"settings\":{\"onlyAdminsCanPost\":true}}",
                "POST conversations/" + own
                        + "/messages {\"messageId\":\"m1\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}",
                "POST conversations/" + talk
                        + "/messages {\"messageId\":\"m1\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}",
                "POST conversations/" + own + "/read {\"upToSequence\":3,\"messageIds\":[\"m1\"]}",
                "PATCH conversations/" + own + " {\"name\":\"m\",\"settings\":{\"allowMemberInvites\":false}}",
                "PATCH conversations/" + talk + " {\"name\":\"m\"}",
                "POST conversations/" + own + "/members {\"userIds\":[\"p\",\"q\"]}",
                "POST conversations/" + talk + "/members {\"userIds\":[\"mallory\"]}",
                "DELETE conversations/" + talk + "/members/alice {}",
                "PATCH conversations/" + talk + "/members/mallory {\"role\":\"admin\"}");
        int thrown = 0;
        int judged = 0;
        while (goesOn()) {
            String[] call = mutator.oneOf(calls).split(" ", 3);
            byte[] body = mutator.mutated(call[2]);
            String head = head(
                    call[0] + " /api/v1/" + call[1],
                    "Connection: close",
                    "Authorization: Bearer " + token,
                    "Content-Length: " + body.length);
            String answer = exchanged(head.getBytes(StandardCharsets.ISO_8859_1), body);
            thrown++;
            String asked = call[0] + " " + call[1] + " " + new String(body, StandardCharsets.ISO_8859_1);
            judged += judge(answer, asked) ? 1 : 0;
        }
        return new Thrown(thrown, judged);
    }

    private Thrown throwHeads() throws Exception {
        Mutator mutator = new Mutator(SEED + 2);
        String[] upgrade = {
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
        };
        String[] last = {"Connection: close", "Authorization: Bearer x.y.z", "Content-Length: 2", "Idempotency-Key: k"};
        List<String> heads = List.of(
                head("GET /ws?token=nothing&device_id=d", upgrade),
                head("GET /ws?device_id=d", upgrade),
                head("POST /api/v1/groups", last) + "{}",
                head("DELETE /api/v1/conversations/c/members/u", last) + "{}",
                head("GET /readyz", "Connection: close"));
        int thrown = 0;
        int judged = 0;
        while (goesOn()) {
            byte[] head = mutator.mutated(mutator.oneOf(heads));
            String answer = exchanged(head, new byte[0]);
            thrown++;
            judged += judge(answer, new String(head, StandardCharsets.ISO_8859_1)) ? 1 : 0;
        }
        return new Thrown(thrown, judged);
    }

    private static String head(String request, String... fields) {
        return request + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    /// What came back until the end or, where the connection stays open, within a moment; a head that never ends gets
    /// nothing.
    private String exchanged(byte[] head, byte[] body) throws IOException {
        ByteArrayOutputStream come = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), milena.port())) {
            socket.setSoTimeout(body.length > 0 ? 20_000 : 200);
            OutputStream out = socket.getOutputStream();
            out.write(head);
            out.write(body);
            out.flush();
            InputStream in = socket.getInputStream();
            byte[] some = new byte[4 * 1024];
            for (int read = in.read(some); read >= 0 && come.size() < ANSWER_BYTES_MAX; read = in.read(some)) {
                come.write(some, 0, read);
            }
        } catch (SocketTimeoutException e) {
            LOG.debug("A socket stayed open: {}", e.toString());
        } catch (SocketException e) {
            LOG.debug("A socket is gone: {}", e.toString());
        }
        return come.toString(StandardCharsets.ISO_8859_1);
    }

    /// @return whether there was an answer to judge
    private static boolean judge(String answer, String asked) {
        Matcher head = HEAD.matcher(answer);
        if (!head.lookingAt()) {
            return false;
        }
        int status = Integer.parseInt(head.group(1));
        assertThat(status).as("%s answered %s; seed %d", asked, answer, SEED).isNotEqualTo(500);
        assertThat(answer).as("%s; seed %d", asked, SEED).doesNotContain("internal error");
        Matcher length = LENGTH.matcher(head.group());
        int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
        // Of several answers the first is judged, and its body only when all of it came.
        if (status >= 400 && bytes > 0 && answer.length() >= head.end() + bytes) {
            JsonNode body = Rest.parse(answer.substring(head.end(), head.end() + bytes));
            assertThat(body.path("error").asText())
                    .as("%s answered %s; seed %d", asked, answer, SEED)
                    .isIn(ERRORS);
        }
        return true;
    }
}
