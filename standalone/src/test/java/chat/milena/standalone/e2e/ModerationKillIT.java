package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.operate.RulesCommand;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The moderation application is killed again and again while people talk: each message is judged once.
class ModerationKillIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int KILLS = 10;
    private static final String RULES = """
            {"rules":[
              {"name":"bad","kind":"words","words":["casino"],"action":"remove"},
              {"name":"again","kind":"repeats","times":2,"within":"1h","action":"remove"}],
             "classifier":{"url":"ORIGIN/flag","deadline":"10s","onFailure":"flag"}}""";

    @TempDir
    private Path folder;

    private final AtomicInteger sent = new AtomicInteger();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

    @Test
    void everyMessageIsJudgedOnceWhateverIsKilled() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        URI url = URI.create("http://127.0.0.1:" + ports.getFirst());
        HttpServer classifier = classifier();
        Map<String, String> allow = Map.of("MILENA_WEBHOOK_ALLOW", origin(classifier));
        try (SeparateProcesses processes = new SeparateProcesses(folder);
                ExecutorService beside = Executors.newSingleThreadExecutor();
                Tenant home = new Tenant(url, processes.data(), "default")) {
            processes.launch("sequencer-1", state("sequencer"), Map.of());
            processes.launch(
                    "sync-api-1",
                    List.of("--state", folder.resolve("views").toString(), "--port", "0"),
                    Map.of("MILENA_INTERNAL_PORT", Integer.toString(ports.get(1))));
            processes.launch(
                    "gateway-1",
                    List.of("--port", Integer.toString(ports.getFirst())),
                    Map.of("MILENA_SYNC_API_URLS", "http://127.0.0.1:" + ports.get(1)));
            processes.launch("moderation-1", state("moderation"), allow);
            processes.awaitAll();
            put(processes, origin(classifier));
            String group = home.group("ann", "bob");
            Future<Integer> talk = beside.submit(() -> talk(home, group));
            for (int i = 0; i < KILLS; i++) {
                int before = sent.get();
                await().atMost(PATIENCE).until(() -> sent.get() > before + 20);
                processes.kill9("moderation-1");
                processes.launch("moderation-1", state("moderation"), allow);
                processes.awaitAll();
            }
            sent.set(Integer.MIN_VALUE);
            int spam = talk.get(1, TimeUnit.MINUTES);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(removals(processes, group)).hasSize(spam));
            assertThat(removals(processes, group)).doesNotHaveDuplicates().allMatch(id -> id.startsWith("spam"));
            assertThat(commands(processes, flag -> !flag.getRule().equals("classifier")))
                    .hasSize(spam)
                    .doesNotHaveDuplicates();
            assertThatEachAnswerActsOnce(processes, group);
        } finally {
            classifier.stop(0);
        }
    }

    /// It flags what the rules let stand. A question without an answer in time, on a machine that stalls, flags too:
    /// that is what the tenant asks for.
    private void assertThatEachAnswerActsOnce(SeparateProcesses processes, String group) {
        List<String> good = processes.log().events("default", group).stream()
                .filter(event -> event.getKind().equals("message"))
                .map(event -> event.getMessage().getMessageId())
                .filter(id -> id.startsWith("good-"))
                .toList();
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<String> missing = new ArrayList<>(good);
            missing.removeAll(Set.copyOf(flaggedByClassifier(processes)));
            assertThat(missing)
                    .as(
                            "not flagged, of these never asked: %s",
                            missing.stream()
                                    .filter(id -> !asked.containsKey(id))
                                    .toList())
                    .isEmpty();
        });
        assertThat(flaggedByClassifier(processes)).doesNotHaveDuplicates();
        int again = asked.values().stream().mapToInt(times -> times.get() - 1).sum();
        System.err.printf("%d messages, %d kills: %d questions were asked again%n", asked.size(), KILLS, again);
        assertThat(again).as("only those in flight at a kill").isLessThanOrEqualTo(KILLS * 32);
    }

    private static List<String> flaggedByClassifier(SeparateProcesses processes) {
        return commands(processes, flag -> flag.getRule().equals("classifier"));
    }

    private HttpServer classifier() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            JsonNode data = Json.parse(exchange.getRequestBody().readAllBytes())
                    .orElseThrow()
                    .get("data");
            asked.computeIfAbsent(data.get("messageId").textValue(), id -> new AtomicInteger())
                    .incrementAndGet();
            boolean isGood = data.get("messageId").textValue().startsWith("good-");
            byte[] answer = ("{\"action\":\"" + (isGood ? "flag" : "pass") + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.start();
        return server;
    }

    private static String origin(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private List<String> state(String name) {
        return List.of("--state", folder.resolve(name).toString());
    }

    private void put(SeparateProcesses processes, String origin) throws Exception {
        Path file = Files.writeString(folder.resolve("rules.json"), RULES.replace("ORIGIN", origin));
        PrintStream none = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        CommandContext context = new CommandContext(
                Map.of(
                        "MILENA_KAFKA_BOOTSTRAP_SERVERS",
                        processes.clients().bootstrapServers(),
                        "MILENA_WEBHOOK_ALLOW",
                        origin),
                none,
                none,
                Clock.systemUTC());
        int status = new CommandLine(new RulesCommand(context))
                .execute("put", file.toString(), "--data", processes.data().toString());
        assertThat(status).isZero();
    }

    /// Every third message breaks a rule: of the content, or of the sender, who said it before.
    ///
    /// @return how many do
    private int talk(Tenant home, String group) throws Exception {
        home.posts("bob", group, "first", "again and again");
        int spam = 0;
        for (int i = 0; sent.getAndIncrement() >= 0; i++) {
            String text = i % 3 > 0 ? "hello " + i : i % 2 == 0 ? "c a s i n o " + i : "again and again";
            Rest.Answer answer = home.posts("bob", group, (i % 3 > 0 ? "good-" : "spam-") + i, text);
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            spam += i % 3 > 0 ? 0 : 1;
        }
        return spam;
    }

    private static List<String> removals(SeparateProcesses processes, String group) {
        List<String> removed = new ArrayList<>();
        for (TimelineEvent event : processes.log().events("default", group)) {
            if (event.getKind().equals("message.deleted")) {
                assertThat(event.getActorId()).isEqualTo("moderation");
                removed.add(event.getChange().getMessageId());
            }
        }
        return removed;
    }

    private static List<String> commands(SeparateProcesses processes, Predicate<FlagMessage> which) {
        TopicSpec<?, InboundCommand> inbound = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).inbound();
        return MessageLog.committed(processes.clients(), inbound.name()).stream()
                .map(record -> inbound.values().deserializer().deserialize(inbound.name(), record.value()))
                .filter(command -> command.getUserId().equals("moderation"))
                .map(InboundCommand::getFlag)
                .filter(which)
                .map(FlagMessage::getMessageId)
                .toList();
    }
}
