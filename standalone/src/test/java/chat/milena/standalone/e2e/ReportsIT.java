package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reports of messages, the queue of the moderators, and what their decisions do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String QUEUE = "/api/v1/moderation/reports";
    private static final String DECISIONS = "/api/v1/moderation/decisions";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    /// Each test has a tenant of its own, and so a queue of its own.
    private Tenant home;

    @BeforeEach
    void open() {
        home = new Tenant(milena, "t" + UUID.randomUUID());
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Rest.Answer reports(String userId, String talk, String messageId, String reason) throws Exception {
        return home.rest()
                .call(
                        "POST",
                        "/api/v1/conversations/" + talk + "/messages/" + messageId + "/report",
                        home.tokenOf(userId),
                        "{\"reason\":\"" + reason + "\",\"text\":\"look\"}");
    }

    private Rest.Answer moderate(String method, String path, String body) throws Exception {
        return home.rest().call(method, path, home.moderator("mia"), body);
    }

    private JsonNode queue(String query) throws Exception {
        Rest.Answer answer = moderate("GET", QUEUE + query, "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.body();
    }

    private Rest.Answer decides(String talk, String messageId, String action, String further) throws Exception {
        return moderate(
                "POST",
                DECISIONS,
                "{\"conversationId\":\"%s\",\"messageId\":\"%s\",\"action\":\"%s\"%s}"
                        .formatted(talk, messageId, action, further));
    }

    private static String sends(String talk, String messageId) {
        return "{\"type\":\"message.send\",\"id\":\"s\",\"payload\":{\"conversationId\":\"" + talk
                + "\",\"messageId\":\"" + messageId + "\",\"content\":{\"type\":\"text\",\"text\":\"psst\"}}}";
    }

    @Test
    void reportedMessageIsInTheQueueWithItsContextUntilItIsRemovedForEverybody() throws Exception {
        String group = home.group("ann", "ben", "cid");
        for (int i = 0; i < 7; i++) {
            home.posts("ann", group, "a" + i, "before " + i);
        }
        home.posts("ben", group, "bad", "buy this");
        home.posts("ann", group, "z", "after");
        try (RawSocket ann = RawSocket.connected(milena.port(), home.tokenOf("ann"));
                RawSocket ben = RawSocket.connected(milena.port(), home.tokenOf("ben"))) {
            Rest.Answer reported = reports("cid", group, "bad", "spam");
            assertThat(reported.status()).as(reported.text()).isEqualTo(202);
            assertThat(reported.text()).isEqualTo("{\"duplicate\":false}");
            assertThat(queue("").at("/reports").size())
                    .as("listed once it is answered")
                    .isEqualTo(1);
            assertThat(reports("cid", group, "bad", "abuse").text()).isEqualTo("{\"duplicate\":true}");
            assertThat(reports("ann", group, "bad", "abuse").status()).isEqualTo(202);

            JsonNode line = queue("?state=open").at("/reports/0");
            assertThat(line.path("conversationId").asText()).isEqualTo(group);
            assertThat(line.path("state").asText()).isEqualTo("open");
            assertThat(line.at("/message/content/text").asText()).isEqualTo("buy this");
            assertThat(line.at("/message/senderId").asText()).isEqualTo("ben");
            assertThat(texts(line.at("/context/before")))
                    .containsExactly("before 2", "before 3", "before 4", "before 5", "before 6");
            assertThat(texts(line.at("/context/after"))).containsExactly("after");
            assertThat(line.at("/reports/0/userId").asText()).isEqualTo("cid");
            assertThat(line.at("/reports/0/reason").asText()).isEqualTo("spam");
            assertThat(line.at("/reports/0/text").asText()).isEqualTo("look");
            assertThat(line.at("/reports/1/userId").asText()).isEqualTo("ann");
            assertThat(line.has("decision")).isFalse();

            Rest.Answer removed = decides(group, "bad", "remove", ",\"note\":\"sells\"");
            assertThat(removed.status()).as(removed.text()).isEqualTo(200);
            assertThat(removed.body().path("decidedBy").asText()).isEqualTo("mia");
            assertThat(removed.body().path("duplicate").asBoolean()).isFalse();
            for (RawSocket socket : List.of(ann, ben)) {
                JsonNode deleted = socket.nextFrame("message.deleted").path("payload");
                assertThat(deleted.path("deletedBy").asText()).isEqualTo("moderation");
                assertThat(deleted.has("reason")).isFalse();
                assertThat(deleted.toString()).doesNotContain("mia").doesNotContain("sells");
            }
            JsonNode shown = home.rest()
                    .call("GET", "/api/v1/conversations/" + group + "/messages/bad", home.tokenOf("ben"), "")
                    .body();
            assertThat(shown.path("deletedBy").asText()).isEqualTo("moderation");
            assertThat(shown.has("content")).isFalse();

            assertThat(queue("").path("reports").size()).isZero();
            JsonNode decided = queue("?state=decided").at("/reports/0");
            assertThat(decided.at("/decision/action").asText()).isEqualTo("remove");
            assertThat(decided.at("/decision/decidedBy").asText()).isEqualTo("mia");
            assertThat(decided.at("/decision/note").asText()).isEqualTo("sells");
            Rest.Answer again = decides(group, "bad", "remove", ",\"note\":\"sells\"");
            assertThat(again.body().path("duplicate").asBoolean()).isTrue();
            assertThat(again.body().path("decisionId").asText())
                    .isEqualTo(removed.body().path("decisionId").asText());
        }
    }

    private static List<String> texts(JsonNode entries) {
        List<String> texts = new ArrayList<>();
        entries.forEach(entry -> texts.add(entry.at("/content/text").asText()));
        return texts;
    }

    @Test
    void evidenceOutlivesTheEditAndTheDeletionByTheSender() throws Exception {
        String talk = home.direct("rob", "sue");
        home.posts("rob", talk, "m1", "you are a rascal");
        reports("sue", talk, "m1", "abuse");
        String at = "/api/v1/conversations/" + talk + "/messages/m1";
        home.rest()
                .call("PATCH", at, home.tokenOf("rob"), "{\"content\":{\"type\":\"text\",\"text\":\"you are kind\"}}");

        JsonNode edited = queue("").at("/reports/0");
        assertThat(edited.at("/message/content/text").asText()).isEqualTo("you are kind");
        assertThat(edited.at("/evidence/content/text").asText()).isEqualTo("you are a rascal");
        assertThat(edited.at("/evidence/revision").asLong()).isZero();

        home.rest().call("DELETE", at, home.tokenOf("rob"), "");
        JsonNode deleted = queue("").at("/reports/0");
        assertThat(deleted.path("message").has("content")).isFalse();
        assertThat(deleted.at("/evidence/content/text").asText()).isEqualTo("you are a rascal");

        decides(talk, "m1", "warn", "");
        assertThat(queue("?state=decided").at("/reports/0").has("evidence")).isFalse();
    }

    @Test
    void warningComesLiveAndOnTheNextConnectionAndThenNotAgain() throws Exception {
        String talk = home.direct("dan", "eva");
        home.posts("dan", talk, "m1", "you!");
        JsonNode live;
        try (RawSocket dan = RawSocket.connected(milena.port(), home.tokenOf("dan"))) {
            assertThat(decides(talk, "m1", "warn", ",\"text\":\"Be kind.\"").status())
                    .isEqualTo(200);
            live = dan.nextFrame("moderation.warning").path("payload");
            assertThat(live.path("text").asText()).isEqualTo("Be kind.");
            assertThat(live.path("messageId").asText()).isEqualTo("m1");
            assertThat(live.path("conversationId").asText()).isEqualTo(talk);
            assertThat(live.toString()).doesNotContain("mia").doesNotContain("eva");
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (RawSocket dan = RawSocket.connected(milena.port(), home.tokenOf("dan"))) {
                assertThat(dan.nextFrame("moderation.warning").path("payload")).isEqualTo(live);
            }
        });
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (RawSocket dan = RawSocket.connected(milena.port(), home.tokenOf("dan"))) {
                dan.text(sends(talk, UUID.randomUUID().toString()));
                assertThat(dan.nextFrame().path("type").asText()).isEqualTo("message.ack");
                // The warning would have been asked for before this second answer.
                dan.text("{\"type\":\"sync\",\"id\":\"y\",\"payload\":{\"conversations\":[]}}");
                assertThat(dan.nextFrame().path("type").asText()).isEqualTo("sync.result");
            }
        });
    }

    @Test
    void decisionToBanHoldsWithinASecondAndTheMessageStands() throws Exception {
        String here = home.group("fay", "gus");
        String there = home.group("fay", "gus");
        home.posts("gus", here, "m1", "spam");

        Rest.Answer decided = decides(here, "m1", "ban", ",\"scope\":\"conversation\",\"reason\":\"sells\"");
        assertThat(decided.status()).as(decided.text()).isEqualTo(200);

        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(
                                home.posts("gus", here, UUID.randomUUID().toString(), "more")
                                        .status())
                        .isEqualTo(403));
        assertThat(home.posts("gus", there, "m2", "other").status()).isEqualTo(201);
        JsonNode ban = moderate("GET", "/api/v1/moderation/bans", "").body().at("/bans/0");
        assertThat(ban.path("bannedBy").asText()).isEqualTo("mia");
        assertThat(ban.path("reason").asText()).isEqualTo("sells");
        JsonNode decision = queue("?state=decided").at("/reports/0/decision");
        assertThat(decision.path("scope").asText()).isEqualTo("conversation");
        assertThat(decision.path("reason").asText()).isEqualTo("sells");
        assertThat(decision.has("text")).isFalse();
        assertThat(home.rest()
                        .call("GET", "/api/v1/conversations/" + here + "/messages/m1", home.tokenOf("fay"), "")
                        .body()
                        .at("/content/text")
                        .asText())
                .isEqualTo("spam");
    }

    @Test
    void queueIsReadInPages() throws Exception {
        String group = home.group("hal", "ida");
        for (int i = 0; i < 5; i++) {
            home.posts("hal", group, "m" + i, "text " + i);
            reports("ida", group, "m" + i, "other");
        }
        List<String> found = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = queue("?limit=2" + cursor);
            page.path("reports")
                    .forEach(line -> found.add(line.path("messageId").asText()));
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : null;
        } while (cursor != null);

        assertThat(found).containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    @Test
    void queueOutlivesACrash() throws Exception {
        String talk = home.direct("jan", "kim");
        home.posts("jan", talk, "m1", "one");
        home.posts("jan", talk, "m2", "two");
        reports("kim", talk, "m1", "spam");
        reports("kim", talk, "m2", "spam");
        decides(talk, "m1", "dismiss", "");

        milena.kill9();
        milena.start();

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(queue("").at("/reports/0/messageId").asText())
                                .isEqualTo("m2"));
        assertThat(queue("?state=decided").at("/reports/0/decision/action").asText())
                .isEqualTo("dismiss");
        assertThat(reports("kim", talk, "m1", "spam").text()).isEqualTo("{\"duplicate\":true}");
    }

    @Test
    void onlyModeratorsOfTheTenantSeeTheQueueAndDecide() throws Exception {
        String group = home.group("lea", "max");
        home.posts("lea", group, "m1", "one");
        reports("max", group, "m1", "spam");
        String body = "{\"conversationId\":\"" + group + "\",\"messageId\":\"m1\",\"action\":\"remove\"}";

        for (String userId : List.of("lea", "max", "stranger")) {
            for (Rest.Answer answer : List.of(
                    home.rest().call("GET", QUEUE, home.tokenOf(userId), ""),
                    home.rest().call("POST", DECISIONS, home.tokenOf(userId), body))) {
                assertThat(answer.status()).as(answer.text()).isEqualTo(403);
                assertThat(answer.body().path("error").asText()).isEqualTo("FORBIDDEN");
            }
        }
        try (Tenant other = new Tenant(milena, "other")) {
            Rest.Answer decided = other.rest().call("POST", DECISIONS, other.moderator("mia"), body);
            assertThat(decided.status()).isEqualTo(404);
            assertThat(decided.body().path("error").asText()).isEqualTo("CONVERSATION_NOT_FOUND");
            assertThat(other.rest()
                            .call("GET", QUEUE, other.moderator("mia"), "")
                            .text())
                    .doesNotContain(group);
        }
        assertThat(queue("").at("/reports/0/message/content/text").asText()).isEqualTo("one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "m1   | shout   |                                         | 400 | INVALID_REQUEST",
                "m1   | release |                                         | 400 | INVALID_REQUEST",
                "m1   | reject  |                                         | 400 | INVALID_REQUEST",
                "m1   | ban     | ,\"until\":1                            | 400 | INVALID_REQUEST",
                "m1   | ban     | ,\"scope\":\"world\"                    | 400 | INVALID_REQUEST",
                "m1   | warn    | ,\"until\":4102444800000                | 400 | INVALID_REQUEST",
                "m1   | dismiss | ,\"text\":\"to whom\"                   | 400 | INVALID_REQUEST",
                "m1   | remove  | ,\"scope\":\"tenant\"                   | 400 | INVALID_REQUEST",
                "m1   | remove  | ,\"note\":7                             | 400 | INVALID_REQUEST",
                "m1   | remove  | ,\"reason\":\"spam\"                    | 400 | INVALID_REQUEST",
                "m1   | ban     | ,\"reason\":\"\"                        | 400 | INVALID_REQUEST",
                "a b  | remove  |                                         | 400 | INVALID_REQUEST",
                "none | remove  |                                         | 404 | MESSAGE_NOT_FOUND"
            })
    void badDecisionsAreRefused(String messageId, String action, String further, int status, String code)
            throws Exception {
        String talk = home.direct("nia", "oli");
        home.posts("nia", talk, "m1", "one");

        Rest.Answer answer = decides(talk, messageId, action, further == null ? "" : further);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.body().path("error").asText()).isEqualTo(code);
        assertThat(queue("?state=decided").path("reports").size()).isZero();
    }

    @Test
    void badReportsAndBadPagesAreRefused() throws Exception {
        String talk = home.direct("pam", "quy");
        home.posts("pam", talk, "m1", "one");

        assertThat(reports("pam", talk, "m1", "spam").status()).as("one's own").isEqualTo(400);
        assertThat(reports("quy", talk, "m1", "boring").status()).isEqualTo(400);
        assertThat(reports("quy", talk, "none", "spam").status()).isEqualTo(404);
        assertThat(reports("eve", talk, "m1", "spam").status()).isEqualTo(404);
        Rest.Answer long1 = home.rest()
                .call(
                        "POST",
                        "/api/v1/conversations/" + talk + "/messages/m1/report",
                        home.tokenOf("quy"),
                        "{\"reason\":\"spam\",\"text\":\"" + "x".repeat(1_001) + "\"}");
        assertThat(long1.status()).isEqualTo(413);
        for (String query : List.of("?state=all", "?limit=0", "?limit=101", "?cursor=ban_a:", "?cursor=report_x")) {
            assertThat(moderate("GET", QUEUE + query, "").status()).as(query).isEqualTo(400);
        }
        assertThat(queue("").path("reports").size()).isZero();
    }
}
