package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.standalone.ProxyConfig;
import chat.milena.standalone.RanCommand;
import chat.milena.standalone.SourceFiles;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.tools.consumer.ConsoleConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The examples of `docs/analytics.md`, as they stand there, beside a running system: they find each message once, with
/// its latest text.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class AnalyticsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path WEB = SourceFiles.ROOT.resolve("web").toAbsolutePath();
    private static final String MINUTE = "default \\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:00Z \\d+";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    @TempDir
    static Path folder;

    private String talk = "";
    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    void messagesAreSentEditedAndDeleted() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            talk = home.direct("alice", "bob");
            for (String text : List.of("noon", "cake", "spam")) {
                assertThat(home.posts("alice", talk, text, "this is " + text).status())
                        .isEqualTo(201);
            }
            String messages = "/api/v1/conversations/" + talk + "/messages/";
            String edit = "{\"content\":{\"type\":\"text\",\"text\":\"this is one\"}}";
            assertThat(home.rest()
                            .call("PATCH", messages + "noon", home.tokenOf("alice"), edit)
                            .status())
                    .isEqualTo(200);
            assertThat(home.rest()
                            .call("DELETE", messages + "spam", home.tokenOf("alice"), "")
                            .status())
                    .isEqualTo(200);
        }
        Path properties = config("client.properties");
        Files.writeString(
                properties, "bootstrap.servers=" + milena.kafka().bootstrapServers() + "\n", StandardOpenOption.APPEND);
        for (String name : List.of("Messages.java", "MessagesPerMinute.java")) {
            Files.writeString(folder.resolve(name), example(name));
        }
    }

    private Path config(String file, String... options) {
        Path properties = folder.resolve(file);
        List<String> words = new ArrayList<>(
                List.of("kafka-config", "--data", milena.data().toString(), "--out", properties.toString()));
        words.addAll(List.of(options));
        assertThat(RanCommand.of(Map.of(), words.toArray(String[]::new)).code()).isZero();
        return properties;
    }

    @Test
    void consoleConsumerPrintsAllCommittedRecords() throws Exception {
        List<String> lines = consumed(words("console"));

        int committed = MessageLog.committed(milena.kafka(), "chat.messages.v1").size();
        assertThat(lines)
                .contains("Processed a total of " + committed + " messages")
                .anyMatch(line -> line.contains("this is cake"));
    }

    @Test
    void consoleConsumerPrintsReadableKeys() throws Exception {
        List<String> words = words("keys");
        assertThat(words.removeFirst()).isEqualTo("CLASSPATH=schemas.jar");

        assertThat(consumed(words))
                // Values are binary: there may be ends of lines in them.
                .anyMatch(line -> line.startsWith("default " + talk + " 3\t"));
    }

    /// The words of an example, with the addresses of this run.
    private List<String> words(String example) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(example(example).replace("\\\n", " ").strip().split("\\s+")));
        words.replaceAll(word -> switch (word) {
            case "127.0.0.1:9092" -> milena.kafka().bootstrapServers();
            case "client.properties", "librdkafka.properties" ->
                folder.resolve(word).toString();
            default -> word;
        });
        return words;
    }

    private static List<String> consumed(List<String> words) throws Exception {
        assertThat(words.getFirst()).isEqualTo("kafka-console-consumer");
        try (ChildProcess tool = ChildProcess.start(ConsoleConsumer.class, words.subList(1, words.size()), Map.of())) {
            assertThat(tool.exitCode()).as("%s", tool.lines()).isZero();
            return tool.lines();
        }
    }

    @Test
    void javaProgramReadsThroughTheRegistry() throws Exception {
        Queue<String> lines = java("Messages.java");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(printed(lines))
                        .anyMatch(line -> is(2, line) && line.contains("this is one"))
                        .anyMatch(line -> is(3, line) && line.contains("this is cake"))
                        .anyMatch(line -> is(4, line) && line.contains("\"deleted\"")));
    }

    /// Without what libraries print to standard error.
    private static List<String> printed(Queue<String> lines) {
        return lines.stream().filter(line -> line.startsWith("{")).toList();
    }

    private boolean is(int number, String line) {
        JsonNode event = Rest.parse(line);
        return event.path("conversationId").asText().equals(talk)
                && event.path("sequenceNumber").asInt() == number;
    }

    @Test
    void sqlCountsTheMessagesOfADump() throws Exception {
        assumeTrue(ProxyConfig.isInstalled("sqlite3"), "sqlite3 is not installed");
        Queue<String> dump = java("Messages.java");
        assertThat(started.getLast().waitFor()).as("%s", dump).isZero();
        await().atMost(PATIENCE).until(() -> printed(dump).size() >= 3);
        Files.write(folder.resolve("messages.jsonl"), printed(dump));
        Path script = Files.writeString(folder.resolve("messages.sql"), example("messages.sql"));

        Queue<String> lines = run(List.of("sqlite3", "-init", script.toString(), ":memory:", ".quit"), folder);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines).anyMatch(line -> line.matches("default +alice +2 +1 *")));
    }

    @Test
    void kcatFindsAllCommittedRecords() throws Exception {
        assumeTrue(kcatMayLogIn(), "no kcat with librdkafka 2.6.1 is installed");
        config("librdkafka.properties", "--librdkafka");
        List<String> words = words("kcat");
        words.replaceAll(word -> word.replace("'", ""));

        Queue<String> lines = run(words, folder);
        assertThat(started.getLast().waitFor()).as("%s", lines).isZero();

        int committed = MessageLog.committed(milena.kafka(), "chat.messages.v1").size();
        await().atMost(PATIENCE).until(() -> lines.size() == committed);
        assertThat(lines).allMatch(line -> line.matches("\\d+,\\d+,(\\d+|-1),\\d+"));
    }

    @Test
    void streamsCountEachMessageOnce() throws Exception {
        Queue<String> lines = java("MessagesPerMinute.java");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counts(lines)).as("%s", lines).isEqualTo(3));
    }

    @Test
    void nodeReadsThroughTheRegistry() throws Exception {
        assumeTrue(Files.exists(WEB.resolve("node_modules/kafkajs")), "the chat page is not built here");
        // Where Node finds the modules.
        Path script = Files.createDirectories(WEB.resolve("target/examples")).resolve("messages.mjs");
        Files.writeString(script, example("messages.mjs"));
        String password =
                Files.readString(milena.data().resolve("kafka.password")).strip();

        Queue<String> lines = run(
                List.of("node", script.toString(), milena.kafka().bootstrapServers(), "milena", password, operators()),
                WEB);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines).contains(talk + " 2 this is one", talk + " 3 this is cake"));
    }

    @Test
    void registryIsTheSameAfterARestart() throws Exception {
        JsonNode before = registry("/subjects/chat.messages.v1-value/versions/latest");
        milena.stop();
        milena.start();

        assertThat(before.path("id").asInt()).isPositive();
        assertThat(registry("/subjects/chat.messages.v1-value/versions/latest")).isEqualTo(before);
        assertThat(registry("/schemas/ids/" + before.path("id").asInt()).path("schema"))
                .isEqualTo(before.path("schema"));
    }

    private JsonNode registry(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(milena.operators().resolve(path)).build();
            return Rest.parse(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    /// The latest counts of all minutes.
    private static long counts(Queue<String> lines) {
        Map<String, Long> latest = new HashMap<>();
        lines.stream().filter(line -> line.matches(MINUTE)).forEach(line -> {
            int count = line.lastIndexOf(' ');
            latest.put(line.substring(0, count), Long.parseLong(line.substring(count + 1)));
        });
        return latest.values().stream().mapToLong(Long::longValue).sum();
    }

    private boolean kcatMayLogIn() throws IOException {
        if (!ProxyConfig.isInstalled("kcat")) {
            return false;
        }
        Process version =
                new ProcessBuilder("kcat", "-V").redirectErrorStream(true).start();
        started.add(version);
        return version.inputReader(StandardCharsets.UTF_8)
                .lines()
                .flatMap(line -> Pattern.compile("librdkafka (\\d+)\\.(\\d+)\\.(\\d+)")
                        .matcher(line)
                        .results())
                .anyMatch(found -> Arrays.compare(
                                IntStream.rangeClosed(1, 3)
                                        .map(part -> Integer.parseInt(found.group(part)))
                                        .toArray(),
                                new int[] {2, 6, 1})
                        >= 0);
    }

    /// As a program of somebody else: with the libraries, and none of our classes.
    private Queue<String> java(String name) throws IOException {
        String libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar") && !entry.contains("milena-"))
                .collect(Collectors.joining(File.pathSeparator));
        return run(
                List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        libraries,
                        name,
                        "client.properties",
                        operators()),
                folder);
    }

    private Queue<String> run(List<String> command, Path where) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        started.add(process);
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Thread.ofVirtual()
                .start(() -> process.inputReader(StandardCharsets.UTF_8).lines().forEach(lines::add));
        return lines;
    }

    @AfterEach
    void stopPrograms() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        started.clear();
    }

    private String operators() {
        return milena.operators().toString();
    }

    /// The text of an example.
    private static String example(String name) throws IOException {
        String document = Files.readString(SourceFiles.ROOT.resolve("docs/analytics.md"));
        return Pattern.compile("<!-- example: " + Pattern.quote(name) + " -->\n```\\w+\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no example " + name));
    }
}
