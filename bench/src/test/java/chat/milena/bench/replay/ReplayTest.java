package chat.milena.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.Background;
import chat.milena.bench.FakeReads;
import chat.milena.bench.FakeServer;
import chat.milena.bench.Main;
import chat.milena.bench.answer.AckReadReport;
import chat.milena.bench.report.Progress;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
        CompletableFuture<ReplayResult> running = Background.supply(() -> {
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
    void peopleGoOnWhereTheyWereAndMissNothing() throws Exception {
        server.resumes = true;
        ReplayResult result = cutTwice(options(transcript("one", 1500, 6)).withPace(new Pace.Rate(1500)));

        assertThat(result.check().reconnects()).isBetween(6L, 12L);
        assertThat(result.check().resumed()).isEqualTo(result.check().reconnects());
        assertThat(result.check().missedAway()).isZero();
        assertThat(result.check().redelivered()).isPositive();
        assertThat(result.check().examples()).isEmpty();
        assertThat(result.clean()).isTrue();
    }

    @Test
    void whatIsMissingAfterAResumeIsLost() throws Exception {
        server.resumes = true;
        // One message of another person, which no replay may bring either.
        AtomicLong missing = new AtomicLong();
        server.mischief = (user, frame) -> {
            if (!user.equals("user1")) {
                return List.of(frame);
            }
            long number = frame.path("payload").path("sequenceNumber").asLong();
            if (number >= 700 && frame.path("type").asText().equals("message.new")) {
                missing.compareAndSet(0, number);
            }
            return frame.toString().contains("\"sequenceNumber\":" + missing + ",") ? List.of() : List.of(frame);
        };
        ReplayResult result = cutTwice(options(transcript("one", 1500, 6)).withPace(new Pace.Rate(1500)));

        assertThat(result.check().lost()).isEqualTo(1);
        assertThat(result.clean()).isFalse();
    }

    private ReplayResult cutTwice(ReplayOptions options) throws Exception {
        CompletableFuture<ReplayResult> running = Background.supply(() -> {
            try {
                return run(options);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int cut = 1; cut <= 2; cut++) {
            int seen = cut * 400;
            await().until(() -> server.received.size() > seen && server.connected() == 6);
            server.cutAll();
        }
        return running.get(60, TimeUnit.SECONDS);
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
        CompletableFuture<ReplayResult> running = Background.supply(() -> {
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

    @Test
    void peopleJoinAndLeaveAndSeeExactlyTheirTime() throws InterruptedException {
        ReplayResult result = run(
                churning(transcript("one", 600, 8), transcript("two", 400, 11)).verifyingByResend());

        assertThat(result.check().violations()).as("%s", result.check()).isZero();
        assertThat(result.churn().leaves()).isPositive();
        assertThat(result.churn().joins()).isPositive();
        assertThat(result.churn().leaves() + result.churn().joins()).isEqualTo(server.changes.get());
        assertThat(result.unsaid()).isPositive();
        assertThat(result.acked() + result.unsaid()).isEqualTo(1000);
        assertThat(result.wrongResends()).isZero();
        assertThat(result.clean()).isTrue();
    }

    @Test
    void aServerThatGoesOnDeliveringToWhoLeftIsFoundOut() throws InterruptedException {
        server.mischief = (user, frame) -> frame.path("type").asText().equals("conversation.left")
                ? List.of(frame, frame.deepCopy().put("type", "conversation.updated"))
                : List.of(frame);

        ReplayResult result = run(churning(transcript("one", 400, 8)));

        assertThat(result.check().outside()).isEqualTo(result.churn().leaves()).isPositive();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void aServerThatForgetsToTellWhoJoinedIsFoundOut() throws InterruptedException {
        AtomicInteger kept = new AtomicInteger();
        server.mischief = (user, frame) -> frame.path("type").asText().equals("conversation.created")
                        && frame.path("payload").path("sequenceNumber").asLong() > 1
                        && kept.getAndIncrement() == 0
                ? List.of()
                : List.of(frame);

        ReplayResult result = run(churning(transcript("one", 400, 8)));

        assertThat(kept).hasPositiveValue();
        assertThat(result.check().violations()).isPositive();
    }

    @Test
    void anInterruptionTellsWhatHappenedSoFar() throws Exception {
        ReplayOptions options = churning(transcript("one", 100_000, 3));
        CompletableFuture<ReplayResult> running = new CompletableFuture<>();
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                running.complete(run(options));
            } catch (InterruptedException e) {
                running.completeExceptionally(e);
            }
        });
        await().until(() -> server.received.size() > 100);
        runner.interrupt();

        ReplayResult result = running.get(30, TimeUnit.SECONDS);

        assertThat(result.stopped()).isEqualTo("interrupted");
        assertThat(result.acked()).isBetween(50L, 99_999L);
        assertThat(result.clean()).isFalse();
    }

    @Test
    void aRequestToEndEndsTheCommandWithItsSummary() throws Exception {
        Path lines = folder.resolve("talk.jsonl");
        Files.write(
                lines, Collections.nCopies(5000, "{\"at\":\"2016-12-19T04:14:00Z\",\"user\":\"bob\",\"text\":\"hi\"}"));
        Path secret = folder.resolve("secret");
        Files.writeString(secret, Base64.getUrlEncoder().withoutPadding().encodeToString(FakeServer.secret()));
        Process command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "replay",
                        lines.toString(),
                        "--rate=100",
                        "--url=" + server.url(),
                        "--secret-file=" + secret)
                .redirectErrorStream(true)
                .start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> server.received.size() > 20);
            // By TERM: a JVM takes Ctrl-C's INT in the same way, but ignores it where a build in the background does.
            // Not by the process itself, which would close its output as well.
            assertThat(command.toHandle().destroy()).isTrue();

            assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(command.exitValue()).isNotZero();
            assertThat(new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("out of order")
                    .contains("stopped: interrupted")
                    .doesNotContain("Exception");
        } finally {
            command.destroyForcibly();
        }
    }

    @Test
    void everyAckIsReadByAnotherMember() throws InterruptedException {
        ReplayResult result = run(reading(transcript("one", 300, 7), transcript("two", 200, 2)));

        AckReadReport reads = Objects.requireNonNull(result.reads());
        assertThat(reads.acks()).isEqualTo(500);
        assertThat(reads.counts().done()).isEqualTo(1000);
        assertThat(reads.examples()).isEmpty();
        assertThat(reads.sync().count()).isEqualTo(500);
        assertThat(reads.history().count()).isEqualTo(500);
        assertThat(result.acked()).isEqualTo(500);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void nobodyReadsWhatTheySaidThemselvesWhereThereIsSomebodyElse() throws InterruptedException {
        run(reading(transcript("one", 100, 2)));

        assertThat(server.reads.readers).containsExactlyInAnyOrder("user0", "user1");
        for (long number = 2; number < 10; number++) {
            assertThat(AckReaders.reader(List.of("user0", "user1"), "user0", number))
                    .isEqualTo("user1");
            assertThat(AckReaders.reader(List.of("user1"), "user0", number)).isEqualTo("user1");
            assertThat(AckReaders.reader(List.of("user0"), "user0", number)).isEqualTo("user0");
            assertThat(AckReaders.reader(List.of(), "user0", number)).isEqualTo("user0");
        }
    }

    @Test
    void anAckedMessageThatIsNotToBeReadIsFoundOut() throws InterruptedException {
        // The last one, behind which nobody else can find a gap.
        server.reads.view = FakeReads.without(101);

        ReplayResult result = run(reading(transcript("one", 100, 3)));

        AckReadReport reads = Objects.requireNonNull(result.reads());
        assertThat(reads.acks()).isEqualTo(100);
        assertThat(reads.misses()).isEqualTo(2);
        assertThat(reads.examples()).anyMatch(example -> example.startsWith("missed: c1 number 101,"));
        assertThat(result.clean()).isFalse();
    }

    @Test
    void aViewThatLagsIsFoundOut() throws InterruptedException {
        server.reads.view = entries -> entries.subList(0, Math.max(0, entries.size() - 5));

        ReplayResult result = run(reading(transcript("one", 100, 3)).withPace(new Pace.Rate(200)));

        AckReadReport reads = Objects.requireNonNull(result.reads());
        assertThat(reads.acks()).isEqualTo(100);
        assertThat(reads.misses()).isPositive();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void refusedReadsAreTriedAgainAndTold() throws InterruptedException {
        server.reads.toRefuse.set(100);

        ReplayResult result = run(reading(transcript("one", 100, 3)));

        AckReadReport reads = Objects.requireNonNull(result.reads());
        assertThat(reads.counts().refused()).isEqualTo(100);
        assertThat(reads.counts().longestRefusalMs()).isPositive();
        assertThat(reads.counts().refusedMs()).isPositive();
        assertThat(reads.counts().done()).isEqualTo(200);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void readsThatAreRefusedForTooLongFailTheRun() throws InterruptedException {
        server.reads.toRefuse.set(Integer.MAX_VALUE);

        ReplayResult result = run(reading(transcript("one", 20, 3)).withGiveUpAfter(Duration.ofMillis(200)));

        AckReadReport reads = Objects.requireNonNull(result.reads());
        assertThat(reads.failed()).isEqualTo(40);
        assertThat(reads.counts().givenUp()).isEqualTo(40);
        assertThat(result.clean()).isFalse();
    }

    @Test
    void anInstanceThatIsGoneIsPassedOver() throws Exception {
        URI gone;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gone = URI.create("http://127.0.0.1:" + listener.getLocalPort());
        }
        ReplayOptions options = options(transcript("one", 100, 3))
                .withReading(new ReplayOptions.Reading(List.of(gone, server.url()), 8));

        ReplayResult result = run(options);

        AckReadReport reads = Objects.requireNonNull(result.reads());
        // Every second read begins there, and is answered by the other at once.
        assertThat(reads.counts().gone()).isEqualTo(100);
        assertThat(reads.counts().done()).isEqualTo(200);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void readingLivesThroughARestart() throws Exception {
        ReplayOptions options = reading(transcript("one", 1000, 4))
                .withPace(new Pace.Rate(1000))
                .verifyingByResend();
        CompletableFuture<ReplayResult> running = Background.supply(() -> {
            try {
                return run(options);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> server.reads.asked.get() > 200);
        server.goAway();
        server.comeBack();

        ReplayResult result = running.get(60, TimeUnit.SECONDS);

        AckReadReport reads = Objects.requireNonNull(result.reads());
        assertThat(reads.acks()).isEqualTo(1000);
        assertThat(reads.misses() + reads.wrong() + reads.failed()).isZero();
        assertThat(result.clean()).isTrue();
    }

    @Test
    void whoLeavesAndJoinsDoesNotRead() throws InterruptedException {
        ReplayResult result = run(
                churning(transcript("one", 400, 8)).withReading(new ReplayOptions.Reading(List.of(server.url()), 16)));

        AckReadReport reads = Objects.requireNonNull(result.reads());
        assertThat(reads.acks()).isEqualTo(result.acked());
        assertThat(reads.examples()).isEmpty();
        assertThat(result.clean()).isTrue();
    }

    private ReplayOptions reading(Transcript... transcripts) {
        return options(transcripts).withReading(new ReplayOptions.Reading(List.of(server.url()), 16));
    }

    /// Slow enough that everybody's moves take place while the others talk.
    private ReplayOptions churning(Transcript... transcripts) {
        return options(transcripts).withPace(new Pace.Rate(400)).withChurn(new ReplayOptions.Churning(0.5, 7));
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
