package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What users whom a moderator has banned may no longer do, and for how long.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BansIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String BANS = "/api/v1/moderation/bans";

    /// A ban holds within this time of its answer.
    private static final Duration SOON = Duration.ofSeconds(1);

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private Tenant home;

    @BeforeEach
    void open() {
        home = new Tenant(milena, "default");
        await().atMost(PATIENCE).until(() -> milena.readiness().contains("presence: ready"));
    }

    @AfterEach
    void close() throws Exception {
        home.close();
    }

    private Rest.Answer call(String method, String path, String userId, String body) throws Exception {
        return home.rest().call(method, path, home.tokenOf(userId), body);
    }

    private Rest.Answer moderate(String method, String path, String body) throws Exception {
        return home.rest().call(method, path, home.moderator("mia"), body);
    }

    private void bans(String userId, String body) throws Exception {
        Rest.Answer answer = moderate("PUT", BANS + "/" + userId, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private Rest.Answer sends(String userId, String talk) throws Exception {
        return home.posts(userId, talk, UUID.randomUUID().toString(), "hi");
    }

    private static void isBanned(Rest.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(403);
        assertThat(answer.body().path("error").asText()).isEqualTo("FORBIDDEN");
        assertThat(answer.body().path("banned").asBoolean()).isTrue();
    }

    @Test
    void bannedUserWritesNothingAnywhereUntilTheBanIsLifted() throws Exception {
        String group = home.group("ben", "ann");
        String talk = home.direct("ben", "cid");
        home.posts("ben", group, "m1", "mine");
        home.posts("ann", group, "a1", "hers");
        String at = "/api/v1/conversations/" + group;
        try (RawSocket ben = RawSocket.connected(milena.port(), home.tokenOf("ben"))) {
            ben.text(typing("t0", group));
            assertThat(ben.nextFrame("ok").path("id").asText()).isEqualTo("t0");
            Rest.Answer made = moderate("PUT", BANS + "/ben", "{\"reason\":\"spam\"}");
            assertThat(made.status()).as(made.text()).isEqualTo(200);
            assertThat(made.body().path("bannedBy").asText()).isEqualTo("mia");
            assertThat(made.body().has("until")).isFalse();
            assertThat(moderate("PUT", BANS + "/ben", "{\"reason\":\"spam\"}").text())
                    .as("again")
                    .isEqualTo(made.text());

            JsonNode updated = ben.nextFrame("ban.updated");
            assertThat(updated.path("payload").toString()).isEqualTo("{\"banned\":true,\"reason\":\"spam\"}");
            await().atMost(SOON).untilAsserted(() -> isBanned(sends("ben", group)));
            isBanned(sends("ben", talk));
            isBanned(home.posts("ben", group, "m1", "mine"));
            isBanned(call("PATCH", at + "/messages/m1", "ben", "{\"content\":{\"type\":\"text\",\"text\":\"x\"}}"));
            isBanned(call("PUT", at + "/messages/a1/reactions/%2B", "ben", ""));
            isBanned(call("PUT", at + "/messages/a1/pin", "ben", ""));
            isBanned(call("DELETE", at + "/messages/a1", "ben", ""));
            isBanned(call("PATCH", at, "ben", "{\"name\":\"other\"}"));
            isBanned(call("POST", at + "/members", "ben", "{\"userIds\":[\"dot\"]}"));
            isBanned(call("DELETE", at + "/members/ann", "ben", ""));
            isBanned(home.createDirect("ben", "dot"));
            isBanned(home.createGroup("ben", UUID.randomUUID().toString(), "dot"));
            ben.text("{\"type\":\"message.send\",\"id\":\"s\",\"payload\":{\"conversationId\":\"" + group
                    + "\",\"messageId\":\"m9\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}}");
            JsonNode error = ben.nextFrame("error");
            assertThat(error.at("/payload/banned").asBoolean()).isTrue();
            ben.text(typing("t1", group));
            assertThat(ben.nextFrame("error").at("/payload/error").asText()).isEqualTo("FORBIDDEN");

            assertThat(call("GET", at + "/members", "ann", "")
                            .body()
                            .path("members")
                            .valueStream()
                            .filter(member -> member.path("userId").asText().equals("ben"))
                            .map(member -> member.path("role").asText()))
                    .as("the last admin keeps the role")
                    .containsExactly("admin");
            assertThat(call("GET", at + "/messages", "ben", "").status()).isEqualTo(200);
            assertThat(call("POST", at + "/read", "ben", "{\"upToSequence\":3}").status())
                    .isEqualTo(202);
            assertThat(call("PUT", at + "/mute", "ben", "{}").status()).isEqualTo(200);
            assertThat(call("DELETE", at + "/messages/m1", "ben", "").status()).isEqualTo(200);
            assertThat(sends("ann", group).status()).isEqualTo(201);
            try (RawSocket later = RawSocket.connected(milena.port(), home.tokenOf("ben"))) {
                assertThat(later.nextFrame("ban.updated").path("payload")).isEqualTo(updated.path("payload"));
            }

            assertThat(moderate("DELETE", BANS + "/ben", "").status()).isEqualTo(204);
            assertThat(moderate("DELETE", BANS + "/ben", "").status()).isEqualTo(204);
            assertThat(ben.nextFrame("ban.updated").path("payload").toString())
                    .isEqualTo("{\"banned\":false,\"reason\":\"spam\"}");
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(home.posts("ben", group, "m9", "x").status())
                                    .isEqualTo(201));
            ben.text(typing("t2", group));
            assertThat(ben.nextFrame("ok").path("id").asText()).isEqualTo("t2");
        }
    }

    private static String typing(String id, String talk) {
        return "{\"type\":\"typing.start\",\"id\":\"" + id + "\",\"payload\":{\"conversationId\":\"" + talk + "\"}}";
    }

    @Test
    void banOfAConversationHoldsThereAndOneWithAnEndEndsByItself() throws Exception {
        String here = home.group("eve", "fay");
        String there = home.group("eve", "fay");
        long until = Instant.now().plusSeconds(3).toEpochMilli();

        bans("fay", "{\"reason\":\"spam\",\"conversationId\":\"" + here + "\",\"until\":" + until + "}");

        await().atMost(SOON).untilAsserted(() -> isBanned(sends("fay", here)));
        assertThat(sends("fay", here).body().path("until").longValue()).isEqualTo(until);
        assertThat(sends("fay", there).status()).isEqualTo(201);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sends("fay", here).status()).isEqualTo(201));
        assertThat(Instant.now().toEpochMilli()).isGreaterThanOrEqualTo(until);
        assertThat(moderate("GET", BANS + "?limit=200", "").text())
                .as("ended ones are left out")
                .doesNotContain("fay");
    }

    @Test
    void banOutlivesACrashFromTheFirstCommandOn() throws Exception {
        String talk = home.direct("gil", "hal");
        bans("gil", "{\"reason\":\"spam\"}");
        bans("gil", "{\"reason\":\"spam\",\"conversationId\":\"" + talk + "\"}");

        milena.kill9();
        milena.start();

        isBanned(sends("gil", talk));
        JsonNode first = moderate("GET", BANS + "?limit=1&cursor=ban_gi:", "").body();
        assertThat(first.at("/bans/0/userId").asText()).isEqualTo("gil");
        assertThat(first.at("/bans/0").has("conversationId")).isFalse();
        JsonNode next = moderate(
                        "GET",
                        BANS + "?limit=1&cursor=" + first.path("nextCursor").asText(),
                        "")
                .body();
        assertThat(next.at("/bans/0/conversationId").asText()).isEqualTo(talk);
        moderate("DELETE", BANS + "/gil", "");
        isBanned(sends("gil", talk));
        moderate("DELETE", BANS + "/gil?conversationId=" + talk, "");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sends("gil", talk).status()).isEqualTo(201));
    }

    @Test
    void onlyModeratorsOfTheTenantBanAndSeeBans() throws Exception {
        String group = home.group("ida", "jon");
        for (String userId : List.of("ida", "jon", "stranger")) {
            for (Rest.Answer answer : List.of(
                    call("PUT", BANS + "/jon", userId, "{\"reason\":\"spam\"}"),
                    call("DELETE", BANS + "/jon", userId, ""),
                    call("GET", BANS, userId, ""))) {
                assertThat(answer.status()).as(answer.text()).isEqualTo(403);
                assertThat(answer.body().has("banned")).isFalse();
            }
        }
        try (Tenant other = new Tenant(milena, "acme")) {
            assertThat(other.rest()
                            .call("PUT", BANS + "/jon", other.moderator("mia"), "{\"reason\":\"spam\"}")
                            .status())
                    .as("their own jon")
                    .isEqualTo(200);
            assertThat(other.rest()
                            .call(
                                    "PUT",
                                    BANS + "/jon",
                                    other.moderator("mia"),
                                    "{\"reason\":\"spam\",\"conversationId\":\"" + group + "\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(other.rest()
                            .call("GET", BANS, other.moderator("mia"), "")
                            .text())
                    .contains("jon");
            assertThat(moderate("GET", BANS + "?limit=200", "").text()).doesNotContain("jon");
            assertThat(sends("jon", group).status()).isEqualTo(201);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "/mia      | {\"reason\":\"spam\"}                              | 400",
                "/no%20id  | {\"reason\":\"spam\"}                              | 400",
                "/host     | {\"reason\":\"spam\"}                              | 400",
                "/ken      | {}                                                 | 400",
                "/ken      | {\"reason\":\"\"}                                  | 400",
                "/ken      | {\"reason\":\"spam\",\"until\":1}                  | 400",
                "/ken      | {\"reason\":\"spam\",\"until\":\"tomorrow\"}       | 400",
                "/ken      | {\"reason\":\"spam\",\"conversationId\":\"a b\"}   | 400"
            })
    void badBansAreRefused(String path, String body, int status) throws Exception {
        Rest.Answer answer = moderate("PUT", BANS + path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.body().path("error").asText()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void tooLongReasonsAndBadCursorsAreRefused() throws Exception {
        assertThat(moderate("PUT", BANS + "/ken", "{\"reason\":\"" + "x".repeat(201) + "\"}")
                        .status())
                .isEqualTo(413);
        assertThat(moderate("PUT", BANS + "/ken", "{\"reason\":\"" + "x".repeat(200) + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(moderate("DELETE", BANS + "/ken?conversationId=", "").status())
                .isEqualTo(400);
        for (String query : List.of("?limit=0", "?limit=201", "?cursor=user_a", "?cursor=ban_a", "?cursor=ban_a:b:c")) {
            assertThat(moderate("GET", BANS + query, "").status()).as(query).isEqualTo(400);
        }
    }
}
