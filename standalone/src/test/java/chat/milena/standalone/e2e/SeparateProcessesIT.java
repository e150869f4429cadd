package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.replay.Pace;
import chat.milena.bench.replay.ReplayOptions;
import chat.milena.bench.replay.Transcript;
import chat.milena.standalone.ChildJvm;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two of each service as processes of their own: nothing that was acked is lost, doubled or renumbered, and reads are
/// answered, while one of each is killed.
class SeparateProcessesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LINES_EACH = 150;
    private static final int PER_SECOND = 60;

    @TempDir
    Path folder;

    @Test
    void killsOfOneOfEachServiceLoseNothingAndDoubleNothing() throws Exception {
        List<Integer> ports = FreePorts.take(4);
        try (SeparateProcesses processes = new SeparateProcesses(folder);
                TcpBalancer front = new TcpBalancer(ports.subList(0, 2));
                ExecutorService beside = Executors.newSingleThreadExecutor()) {
            launch(processes, ports);
            processes.awaitAll();
            try (Tenant home = new Tenant(front.url(), processes.data(), "default")) {
                String conversation = readsThroughEachGateway(home, processes, ports);
                talk(home, conversation, front.url(), processes, beside);
            }
            assertThat(processes.stop("gateway-2")).isZero();
            assertThat(processes.stop("sequencer-2")).isZero();
            assertThat(processes.stop("sync-api-2")).isZero();
        }
    }

    /// As a forgotten setting has it.
    @Test
    void laterOfTwoWithOneInstanceIdTakesThePlaceOfTheEarlierOneWhichStops() throws Exception {
        try (SeparateProcesses processes = new SeparateProcesses(folder)) {
            processes.launch("fanout-1", state("fanout-1"), Map.of());
            processes.awaitAll();
            processes.launch("fanout-2", state("fanout-2"), Map.of("MILENA_INSTANCE_ID", "fanout-1"));
            ChildJvm earlier = processes.process("fanout-1");

            assertThat(earlier.exitCode()).as("%s", earlier.lines()).isEqualTo(1);
            assertThat(earlier.lines()).anyMatch(line -> line.contains("Another process runs fanout"));
            await().atMost(PATIENCE).until(() -> processes.process("fanout-2").printed("operators on port"));
        }
    }

    private void launch(SeparateProcesses processes, List<Integer> ports) throws Exception {
        String urls = "http://127.0.0.1:%d,http://127.0.0.1:%d".formatted(ports.get(2), ports.get(3));
        for (int i = 1; i <= 2; i++) {
            processes.launch("sequencer-" + i, state("sequencer-" + i), Map.of());
            processes.launch(
                    "gateway-" + i,
                    List.of("--port", Integer.toString(ports.get(i - 1))),
                    Map.of("MILENA_SYNC_API_URLS", urls, "MILENA_DRAIN_NOTICE", "100ms"));
            List<String> syncOptions =
                    List.of("--state", folder.resolve("views-" + i).toString(), "--port", "0");
            processes.launch(
                    "sync-api-" + i,
                    syncOptions,
                    Map.of(
                            "MILENA_VIEWS_COPY",
                            i == 1 ? "a" : "b",
                            "MILENA_INTERNAL_PORT",
                            Integer.toString(ports.get(i + 1)),
                            "MILENA_SYNC_PEERS",
                            "http://127.0.0.1:" + ports.get(i == 1 ? 3 : 2),
                            "MILENA_DRAIN_NOTICE",
                            "100ms"));
        }
        processes.launch("fanout-1", state("fanout-1"), Map.of());
    }

    private List<String> state(String name) {
        return List.of("--state", folder.resolve(name).toString());
    }

    /// A message by one gateway is read by the other, over HTTP and by a frame.
    private static String readsThroughEachGateway(Tenant home, SeparateProcesses processes, List<Integer> ports)
            throws Exception {
        String conversation = home.direct("alice", "bob");
        assertThat(home.posts("alice", conversation, "first-message-1", "hello").status())
                .isEqualTo(201);
        for (int port : ports.subList(0, 2)) {
            try (Tenant here = new Tenant(URI.create("http://127.0.0.1:" + port), processes.data(), "default")) {
                Rest.Answer page = here.rest()
                        .call(
                                "GET",
                                "/api/v1/conversations/" + conversation + "/messages?limit=1",
                                here.tokenOf("bob"),
                                "");
                assertThat(page.status()).as(page.text()).isEqualTo(200);
                assertThat(page.body()
                                .path("messages")
                                .path(0)
                                .path("messageId")
                                .asText())
                        .isEqualTo("first-message-1");
                Rest.Answer poll = here.rest().call("GET", "/poll?route=any&wait=0", here.tokenOf("bob"), "");
                assertThat(poll.body().at("/frames/0/route").asText())
                        .as(poll.text())
                        .matches("s[0-3]");
                Rest.Answer unknown = here.rest().call("GET", "/api/v1/nothing/here", here.tokenOf("bob"), "");
                assertThat(unknown.status()).isEqualTo(404);
                Rest.Answer out = here.rest().call("GET", "/api/v1/../../internal/v1/views", here.tokenOf("bob"), "");
                assertThat(out.status()).as(out.text()).isEqualTo(404);
                Rest.Answer denied =
                        here.rest().call("GET", "/api/v1/conversations/" + conversation, here.tokenOf("mallory"), "");
                assertThat(denied.status()).as(denied.text()).isEqualTo(404);
            }
        }
        return conversation;
    }

    private void talk(Tenant home, String conversation, URI url, SeparateProcesses processes, ExecutorService beside)
            throws Exception {
        List<Transcript> transcripts = List.of(
                Transcripts.made("first", 8, LINES_EACH, 3),
                Transcripts.made("second", 3, LINES_EACH, 4),
                Transcripts.made("third", 2, LINES_EACH, 5));
        int lines = transcripts.size() * LINES_EACH;
        Path acks = folder.resolve("acks.jsonl");
        ReplayOptions options = ReplayOptions.of(url, home.tokens(), transcripts)
                .withPace(new Pace.Rate(PER_SECOND))
                .verifyingByResend();
        Future<Replayed> replay = beside.submit(() -> Replayed.run(options, acks));

        awaitAcks(lines / 4, acks, replay);
        processes.kill9("gateway-1");
        processes.kill9("sync-api-1");
        for (int i = 0; i < 10; i++) {
            Rest.Answer members = home.rest()
                    .call("GET", "/api/v1/conversations/" + conversation + "/members", home.tokenOf("alice"), "");
            assertThat(members.status()).as(members.text()).isEqualTo(200);
        }
        awaitAcks(lines / 2, acks, replay);
        processes.kill9("sequencer-1");
        Replayed replayed = replay.get(2, TimeUnit.MINUTES);

        replayed.assertClean();
        replayed.assertHeldBy(processes.log());
    }

    private static void awaitAcks(int count, Path acks, Future<?> replay) {
        await().atMost(PATIENCE).until(() -> Replayed.ackedSoFar(acks) >= count || replay.isDone());
        assertThat(replay.isDone())
                .as("the replay is over before %s acks", count)
                .isFalse();
    }
}
