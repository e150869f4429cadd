package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.standalone.CommandContext;
import chat.milena.standalone.operate.RulesCommand;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Rules of a tenant, from the operator's command to the screens of members.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModerationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final HttpServer CLASSIFIER = classifier();

    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_WEBHOOK_ALLOW", origin());

    @TempDir
    private Path folder;

    private Tenant home;

    @AfterAll
    static void stopClassifier() {
        CLASSIFIER.stop(0);
    }

    @BeforeEach
    void open() {
        home = new Tenant(milena, "default");
    }

    @AfterEach
    void close() {
        home.close();
    }

    private String rules(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        CommandContext context = new CommandContext(
                Map.of(
                        "MILENA_KAFKA_BOOTSTRAP_SERVERS",
                        milena.kafka().bootstrapServers(),
                        "MILENA_WEBHOOK_ALLOW",
                        origin()),
                printed,
                printed,
                Clock.systemUTC());
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", milena.data().toString()));
        int status = new CommandLine(new RulesCommand(context)).execute(all.toArray(String[]::new));
        return status + " " + out.toString(StandardCharsets.UTF_8).strip();
    }

    private String put(String rules) throws Exception {
        return rules(
                "put", Files.writeString(folder.resolve("rules.json"), rules).toString());
    }

    private static String words(String word) {
        return "{\"rules\":[{\"name\":\"bad\",\"kind\":\"words\",\"words\":[\"" + word + "\"],\"action\":\"remove\"}]}";
    }

    private JsonNode entry(String userId, String conversationId, String messageId) throws Exception {
        return home.rest()
                .call(
                        "GET",
                        "/api/v1/conversations/" + conversationId + "/messages/" + messageId,
                        home.tokenOf(userId),
                        "")
                .body();
    }

    private void says(String conversationId, String messageId, String text) throws Exception {
        Rest.Answer answer = home.posts("ann", conversationId, messageId, text);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    /// Until it is removed, it is shown: nothing waits for a judgment.
    private void awaitRemoved(String conversationId, String messageId) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(entry("bob", conversationId, messageId)
                                .path("deletedBy")
                                .asText())
                        .isEqualTo("moderation"));
    }

    @Test
    void rulesHoldAndChangeWithoutARestartAndEverybodySeesTheRemoval() throws Exception {
        String group = home.group("ann", "bob", "cid");
        says(group, "before", "c a s i n o");
        String first = put(words("casino"));
        assertThat(first).startsWith("0 version ");

        try (RawSocket bob = RawSocket.connected(milena.port(), home.tokenOf("bob"));
                RawSocket cid = RawSocket.connected(milena.port(), home.tokenOf("cid"))) {
            awaitJudging(group, "casino");
            says(group, "good", "hello");
            says(group, "spam", "C-А-ѕ-i-N-O");
            for (RawSocket member : List.of(bob, cid)) {
                JsonNode deleted;
                do {
                    deleted = member.nextFrame("message.deleted").path("payload");
                } while (!deleted.path("messageId").asText().equals("spam"));
                assertThat(deleted.path("deletedBy").asText()).isEqualTo("moderation");
                assertThat(deleted.has("reason")).isFalse();
            }
        }
        for (String member : List.of("ann", "bob", "cid")) {
            JsonNode entry = entry(member, group, "spam");
            assertThat(entry.path("deletedBy").asText()).isEqualTo("moderation");
            assertThat(entry.has("content")).isFalse();
        }
        assertThat(entry("bob", group, "before").has("deletedAt")).isFalse();
        assertThat(entry("bob", group, "good").has("deletedAt")).isFalse();

        long version = Long.parseLong(first.substring("0 version ".length())) + 1;
        assertThat(put(words("lottery"))).isEqualTo("0 version " + version);
        assertThat(rules("show"))
                .isEqualTo("0 {\"version\":" + version + ",\"rules\":[{\"name\":\"bad\",\"kind\":\"words\","
                        + "\"words\":[\"lottery\"],\"action\":\"remove\"}]}");
        awaitJudging(group, "lottery");
        says(group, "edited", "harmless");
        Rest.Answer edit = home.rest()
                .call(
                        "PATCH",
                        "/api/v1/conversations/" + group + "/messages/edited",
                        home.tokenOf("ann"),
                        "{\"content\":{\"type\":\"text\",\"text\":\"lottery\"}}");
        assertThat(edit.status()).as(edit.text()).isEqualTo(200);
        awaitRemoved(group, "edited");
    }

    @Test
    void rulesOfOneTenantJudgeNoOther() throws Exception {
        put(words("casino"));
        try (Tenant other = new Tenant(milena, "other")) {
            String talk = other.direct("ann", "bob");
            String here = home.direct("ann", "bob");
            other.posts("ann", talk, "m1", "casino");
            says(here, "m1", "harmless");
            awaitJudging(here, "casino");
            assertThat(other.rest()
                            .call("GET", "/api/v1/conversations/" + talk + "/messages/m1", other.tokenOf("bob"), "")
                            .body()
                            .has("deletedAt"))
                    .isFalse();
        }
    }

    @Test
    void flaggedMessageIsInTheQueueAndNoMemberSeesThat() throws Exception {
        String group = home.group("ann", "bob");
        put("{\"rules\":[{\"name\":\"gone\",\"kind\":\"words\",\"words\":[\"casino\"],\"action\":\"remove\"},"
                + "{\"name\":\"odd\",\"kind\":\"pattern\",\"pattern\":\"(?i)odd\",\"action\":\"flag\"}]}");
        awaitJudging(group, "casino");
        says(group, "flagged", "an Odd thing");

        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode row = row("open", "flagged");
            assertThat(row.at("/flags/0/rule").asText()).isEqualTo("odd");
            assertThat(row.at("/flags/0/version").asLong()).isPositive();
        });
        assertThat(entry("bob", group, "flagged").at("/content/text").asText()).isEqualTo("an Odd thing");
        assertThat(entry("bob", group, "flagged").toString())
                .doesNotContain("odd\"")
                .doesNotContain("flags");

        says(group, "removed", "casino");
        awaitRemoved(group, "removed");
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode row = row("decided", "removed");
            assertThat(row.at("/flags/0/rule").asText()).isEqualTo("gone");
            assertThat(row.at("/decision/action").asText()).isEqualTo("remove");
            assertThat(row.at("/decision/decidedBy").asText()).isEqualTo("moderation");
        });
    }

    @Test
    void classifierOfATenantFlagsAndRemovesAfterDelivery() throws Exception {
        String group = home.group("ann", "bob");
        String rules = "{\"rules\":[],\"classifier\":{\"url\":\"" + origin() + "/c\",\"deadline\":\"5s\"}}";
        String first = put(rules);
        assertThat(first).startsWith("0 version ").contains("this secret", "whsec_");
        assertThat(rules("show"))
                .contains("/c\",\"deadline\":\"5s\",\"onFailure\":\"pass\"}")
                .doesNotContain("whsec_");
        assertThat(put(rules)).as("it keeps its secret").doesNotContain("whsec_");

        says(group, "to-flag", "please flag me");
        says(group, "to-remove", "please remove me");
        says(group, "to-edit", "harmless");
        awaitRemoved(group, "to-remove");
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode row = row("open", "to-flag");
            assertThat(row.at("/flags/0/rule").asText()).isEqualTo("classifier");
            assertThat(row.at("/flags/0/label").asText()).isEqualTo("flagged");
            assertThat(row.at("/evidence/content/text").asText()).isEqualTo("please flag me");
        });
        Rest.Answer edit = home.rest()
                .call(
                        "PATCH",
                        "/api/v1/conversations/" + group + "/messages/to-edit",
                        home.tokenOf("ann"),
                        "{\"content\":{\"type\":\"text\",\"text\":\"please remove me\"}}");
        assertThat(edit.status()).as(edit.text()).isEqualTo(200);
        awaitRemoved(group, "to-edit");
    }

    private static String origin() {
        return "http://127.0.0.1:" + CLASSIFIER.getAddress().getPort();
    }

    /// Flags and removes what asks for it.
    private static HttpServer classifier() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                String action =
                        question.contains("flag me") ? "flag" : question.contains("remove me") ? "remove" : "pass";
                byte[] answer =
                        ("{\"action\":\"" + action + "\",\"label\":\"flagged\"}").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The row of a message in the queue of moderators; missing if there is none.
    private JsonNode row(String state, String messageId) throws Exception {
        JsonNode queue = home.rest()
                .call("GET", "/api/v1/moderation/reports?limit=100&state=" + state, home.moderator("mia"), "")
                .body();
        for (JsonNode row : queue.path("reports")) {
            if (row.path("messageId").asText().equals(messageId)) {
                return row;
            }
        }
        return MissingNode.getInstance();
    }

    /// Sends the text until it is removed.
    private void awaitJudging(String conversationId, String text) {
        List<String> sent = new ArrayList<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            for (String messageId : sent) {
                if (entry("bob", conversationId, messageId).has("deletedAt")) {
                    return true;
                }
            }
            sent.add("probe-" + System.nanoTime());
            says(conversationId, sent.getLast(), text);
            return false;
        });
    }

    @Test
    void rulesThatCannotBeAppliedChangeNothing() throws Exception {
        String before = rules("show");

        assertThat(put("{\"rules\":[{\"name\":\"p\",\"kind\":\"pattern\",\"pattern\":\"(\",\"action\":\"flag\"}]}"))
                .startsWith("1 ");

        assertThat(rules("show")).isEqualTo(before);
    }
}
