package chat.milena.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.FakeServer;
import chat.milena.bench.report.Progress;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    @TempDir
    private Path folder = Path.of(".");

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFaithfulServerIsClean() throws InterruptedException {
        ReplayResult result = run(options(transcript("one", 300, 7), transcript("two", 200, 5)));

        assertThat(result.conversations()).isEqualTo(2);
        assertThat(result.people()).isEqualTo(7);
        assertThat(result.acked()).isEqualTo(500);
        assertThat(result.expectedDeliveries()).isEqualTo(300 * 6 + 200 * 4);
        assertThat(result.check().deliveries()).isEqualTo(result.expectedDeliveries());
        assertThat(result.delivery().count()).isEqualTo(result.expectedDeliveries());
        assertThat(result.check().violations()).isZero();
        assertThat(result.clean()).isTrue();
    }

    @Test
    void linesOfAFileAreSentInOrderAndAsThePersonWhoSaidThem() throws InterruptedException {
        run(options(transcript("one", 100, 1)));

        List<String> texts = server.received.stream()
                .filter(frame -> frame.contains("message.send"))
                .map(frame -> frame.replaceAll(".*\"text\":\"([^\"]*)\".*", "$1"))
                .toList();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            expected.add("line " + i);
        }
        assertThat(texts).isEqualTo(expected);
    }

    @Test
    void livesThroughTwoRestartsAndEveryAckHolds() throws Exception {
        Path acks = folder.resolve("acks.jsonl");
        ReplayOptions options = options(transcript("one", 2000, 6), transcript("two", 2000, 9))
                .withPace(new Pace.Rate(2000))
                .withAcks(acks)
                .verifyingByResend();
        CompletableFuture<ReplayResult> running = CompletableFuture.supplyAsync(() -> {
            try {
                return run(options);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int restart = 1; restart <= 2; restart++) {
            int seen = restart * 500;
            await().until(() -> server.received.size() > seen && server.connected() == 9);
            server.goAway();
            server.comeBack();
        }

        ReplayResult result = running.get(60, TimeUnit.SECONDS);

        assertThat(result.acked()).isEqualTo(4000);
        assertThat(result.check().violations()).isZero();
        assertThat(result.resends()).isEqualTo(4000);
        assertThat(result.wrongResends()).isZero();
        assertThat(result.notices()).isNotEmpty();
        assertThat(result.clean()).isTrue();
        assertThat(server.messages("c1")).isEqualTo(2000);
        assertThat(linesOf(acks)).hasSize(4000).allMatch(line -> line.startsWith("{\"conversationId\":\"c"));
    }

    @Test
    void lostDuplicatedAndSwappedDeliveriesAreSeen() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        List<ObjectNode> held = new ArrayList<>();
        server.mischief = (user, frame) -> {
            if (!user.equals("user1") || !frame.path("type").asText().equals("message.new")) {
                return List.of(frame);
            }
            int n = seen.incrementAndGet();
            if (n == 5) {
                return List.of();
            }
            if (n == 10) {
                return List.of(frame, frame);
            }
            if (n == 20) {
                held.add(frame);
                return List.of();
            }
            return n == 21 ? List.of(frame, held.get(0)) : List.of(frame);
        };

        ReplayResult result = run(options(transcript("one", 100, 3)));

        assertThat(result.check().lost()).isEqualTo(1);
        assertThat(result.check().gaps()).isEqualTo(1);
        assertThat(result.check().duplicated()).isEqualTo(1);
        assertThat(result.check().outOfOrder()).isEqualTo(1);
        assertThat(result.clean()).isFalse();
    }

    @Test
    void aServerThatRenumbersOnResendIsFoundOut() throws InterruptedException {
        server.mischief = (user, frame) -> {
            if (frame.path("payload").path("duplicate").asBoolean()) {
                ObjectNode payload = (ObjectNode) frame.path("payload");
                payload.put("sequenceNumber", payload.path("sequenceNumber").asLong() + 1);
            }
            return List.of(frame);
        };

        ReplayResult result = run(options(transcript("one", 50, 3)).verifyingByResend());

        assertThat(result.wrongResends()).isEqualTo(50);
        assertThat(result.check().wrongNumbers()).isPositive();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void rateLimitedLinesAreTriedAgain() throws InterruptedException {
        server.sendsToRefuse.set(30);

        ReplayResult result = run(options(transcript("one", 100, 3)));

        assertThat(result.acked()).isEqualTo(100);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void stopsWhenTheServerStaysAway() throws Exception {
        ReplayOptions options = options(transcript("one", 100_000, 3))
                .withPace(new Pace.Rate(1000))
                .withGiveUpAfter(Duration.ofMillis(500));
        CompletableFuture<ReplayResult> running = CompletableFuture.supplyAsync(() -> {
            try {
                return run(options);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> server.received.size() > 100);
        server.goAway();

        ReplayResult result = running.get(30, TimeUnit.SECONDS);

        assertThat(result.stopped()).contains("for good");
        assertThat(result.clean()).isFalse();
    }

    private static List<String> linesOf(Path file) throws IOException {
        return Files.readAllLines(file);
    }

    private ReplayOptions options(Transcript... transcripts) {
        return ReplayOptions.of(server.url(), FakeServer.tokens(), List.of(transcripts));
    }

    private static ReplayResult run(ReplayOptions options) throws InterruptedException {
        return Replay.run(
                options, Clock.systemUTC(), new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }

    private static Transcript transcript(String name, int lines, int people) {
        List<Transcript.Line> all = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            all.add(new Transcript.Line(
                    Instant.parse("2016-12-19T04:14:00Z").plusSeconds(60L * (i / 10)),
                    "user" + i % people,
                    "line " + i));
        }
        return new Transcript(name, all);
    }
}
