package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files with rules, as an operator tries them: no broker is asked.
class RulesCommandTest {
    @TempDir
    Path folder;

    private Map<String, String> environment = Map.of();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        CommandContext context = new CommandContext(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Clock.systemUTC());
        List<String> all = new ArrayList<>(List.of("moderation", "rules"));
        all.addAll(List.of(arguments));
        return Main.run(context, all.toArray(String[]::new));
    }

    private String file(String rules) throws Exception {
        return Files.writeString(folder.resolve("rules.json"), rules).toString();
    }

    record Bad(String name, String rules, String line) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static String rule(String fields) {
        return "{\"name\":\"a\",\"action\":\"flag\"," + fields + "}";
    }

    private static String rules(String... rules) {
        return "{\"rules\":[" + String.join(",", rules) + "]}";
    }

    private static String classifier(String classifier) {
        return "{\"rules\":[],\"classifier\":" + classifier + "}";
    }

    private static String words(int count) {
        String words = IntStream.range(0, count).mapToObj(i -> "\"w" + i + "\"").collect(Collectors.joining(","));
        return rule("\"kind\":\"words\",\"words\":[" + words + "]");
    }

    static Stream<Bad> badFiles() {
        String links = rule("\"kind\":\"links\"");
        String[] many = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> links.replace("\"a\"", "\"a" + i + "\""))
                .toArray(String[]::new);
        String pattern = "\"kind\":\"pattern\",\"pattern\":";
        return Stream.of(
                new Bad("empty", "", "the rules must be one JSON object"),
                new Bad("no JSON", "rules: none", "the rules must be one JSON object"),
                new Bad("two objects", "{\"rules\":[]}{}", "the rules must be one JSON object"),
                new Bad("name twice", "{\"rules\":[],\"rules\":[]}", "the rules must be one JSON object"),
                new Bad("array", "[]", "the rules must be one JSON object"),
                new Bad("no rules", "{}", "rules: is required"),
                new Bad("rules of a kind", "{\"rules\":{}}", "rules: must be an array"),
                new Bad("unknown name", "{\"rules\":[],\"rule\":[]}", "rule: means nothing here"),
                new Bad("number", rules("1"), "rules[0].name: is required"),
                new Bad("no action", rules("{\"name\":\"a\",\"kind\":\"links\"}"), "rules[0].action: is required"),
                new Bad("bad action", rules(links.replace("flag", "ban")), "rule a: action: must be flag or remove"),
                new Bad("bad kind", rules(rule("\"kind\":\"magic\"")), "rules[0].kind: must be words,"),
                new Bad(
                        "field of another kind",
                        rules(rule("\"kind\":\"links\",\"words\":[]")),
                        "rules[0].words: means"),
                new Bad("words of numbers", rules(rule("\"kind\":\"words\",\"words\":[1]")), "rules[0].words: must be"),
                new Bad("no pattern", rules(rule("\"kind\":\"pattern\"")), "rules[0].pattern: is required"),
                new Bad("pattern", rules(rule(pattern + "\"(\"")), "rule a: pattern: does not compile"),
                new Bad(
                        "pattern of 100 KB",
                        rules(rule(pattern + "\"" + "x".repeat(100_000) + "\"")),
                        "rule a: pattern: must have at most 16384 bytes, and has 100000"),
                new Bad("no time", rules(rule("\"kind\":\"flood\",\"messages\":5")), "rules[0].within: is required"),
                new Bad(
                        "bad time",
                        rules(rule("\"kind\":\"flood\",\"messages\":5,\"within\":\"5 s\"")),
                        "rules[0].within: must be a time"),
                new Bad(
                        "half a message",
                        rules(rule("\"kind\":\"flood\",\"messages\":5.5,\"within\":\"5s\"")),
                        "rules[0].messages: must be a whole number"),
                new Bad(
                        "many messages",
                        rules(rule("\"kind\":\"flood\",\"messages\":9999999999999,\"within\":\"5s\"")),
                        "rule a: messages: must be 2 to 100"),
                new Bad("101 rules", rules(many), "rules: must be at most 100, and are 101"),
                new Bad("10,001 words", rules(words(10_001)), "rule a: words: all rules together must have at most"),
                new Bad("same name", rules(links, links), "rule a: name: must be unique"),
                new Bad(
                        "1 MiB and more",
                        rules(links) + " ".repeat(1 << 20),
                        "the rules must have at most 1048576 bytes"),
                new Bad("classifier of a kind", classifier("[]"), "classifier: must be an object"),
                new Bad("classifier without a URL", classifier("{}"), "classifier.url: is required"),
                new Bad("part of no classifier", classifier("{\"uri\":\"\"}"), "classifier.uri: means nothing here"),
                new Bad(
                        "deadline",
                        classifier("{\"url\":\"https://c.example\",\"deadline\":\"11s\"}"),
                        "classifier.deadline: must be 100ms to 10s"),
                new Bad(
                        "bad deadline",
                        classifier("{\"url\":\"https://c.example\",\"deadline\":2}"),
                        "classifier.deadline: must be a string"),
                new Bad(
                        "failure",
                        classifier("{\"url\":\"https://c.example\",\"onFailure\":\"remove\"}"),
                        "classifier.onFailure: must be pass or flag"),
                new Bad(
                        "short secret",
                        classifier("{\"url\":\"https://c.example\",\"secret\":\"whsec_c2hvcnQ=\"}"),
                        "classifier.secret: must be whsec_"),
                new Bad(
                        "private address",
                        classifier("{\"url\":\"https://10.0.0.1/classify\"}"),
                        "classifier.url: must name a public host, or an origin in MILENA_WEBHOOK_ALLOW"),
                new Bad(
                        "link-local address",
                        classifier("{\"url\":\"https://169.254.169.254/latest\"}"),
                        "classifier.url: must name a public host"),
                new Bad(
                        "no TLS",
                        classifier("{\"url\":\"http://c.example/classify\"}"),
                        "classifier.url: must begin with https://"),
                new Bad("no address", classifier("{\"url\":\"classify\"}"), "classifier.url: must be a URL of https"),
                new Bad(
                        "rule of its name",
                        "{\"rules\":[" + links.replace("\"a\"", "\"classifier\"")
                                + "],\"classifier\":{\"url\":\"https://c.example\"}}",
                        "rules: beside a classifier, none may have the name classifier"),
                new Bad("defaults", "{\"rules\":[],\"defaults\":[\"all\"]}", "defaults: must be of spam, links and"),
                new Bad("new accounts", "{\"rules\":[],\"newAccounts\":24}", "newAccounts: must be a string"));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void badFilesAreRejectedInOneLine(Bad bad) throws Exception {
        assertThat(run("test", file(bad.rules()))).isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("milena: " + bad.line());
    }

    @Test
    void missingFileIsNamed() {
        assertThat(run("put", folder.resolve("none.json").toString())).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("milena: there is no file ");
    }

    @Test
    void testPrintsTheRulesThatATextBreaks() throws Exception {
        String rules = file("""
                {"rules":[
                  {"name":"bad words","kind":"words","words":["free money"],"action":"remove"},
                  {"name":"numbers","kind":"pattern","pattern":"\\\\d{3}","action":"flag"},
                  {"name":"floods","kind":"flood","messages":8,"within":"5s","action":"remove"}],
                 "newAccounts":"24h","defaults":["links"]}""");

        assertThat(run("test", rules)).isZero();
        assertThat(run("test", rules, "--text", "F.r.é.e mоnеу 1234")).isZero();
        assertThat(run("test", rules, "--text", "hello")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "the rules can be applied",
                        "remove  words  bad words",
                        "flag  pattern  numbers",
                        "no rule is broken");
    }

    @Test
    void testSaysWhomItWouldAskAndAsksOnlyIfTold() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer classifier = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        classifier.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            byte[] answer = "{\"action\":\"flag\",\"label\":\"spam\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        classifier.start();
        try {
            String origin = "http://127.0.0.1:" + classifier.getAddress().getPort();
            environment = Map.of("MILENA_WEBHOOK_ALLOW", origin);
            String rules = file(classifier("{\"url\":\"" + origin + "/classify\"}"));

            assertThat(run("test", rules)).isZero();
            assertThat(run("test", rules, "--text", "hello")).isZero();
            assertThat(asked).hasValue(0);
            assertThat(run("test", rules, "--media-url", "https://m.example/a.png", "--ask"))
                    .isZero();
            assertThat(asked).hasValue(1);
            classifier.stop(0);
            assertThat(run("test", rules, "--text", "hello", "--ask")).isZero();

            assertThat(out.toString(StandardCharsets.UTF_8).lines())
                    .containsExactly(
                            "the rules can be applied",
                            "no rule is broken",
                            "the classifier at " + origin + "/classify would be asked",
                            "no rule is broken",
                            "the classifier answered flag, spam",
                            "no rule is broken",
                            "the classifier has not answered: unreachable");
        } finally {
            classifier.stop(0);
        }
    }

    @Test
    void nothingIsPutWhereNoSystemIs() throws Exception {
        String rules = file("{\"rules\":[]}");

        assertThat(run("put", rules, "--data", folder.resolve("data").toString()))
                .isEqualTo(1);
        assertThat(run("put", rules, "--tenant", "a b")).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
    }
}
