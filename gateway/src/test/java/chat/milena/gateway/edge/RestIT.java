package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.rest.RestConfig;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.protocol.call.ServerInfo;
import chat.milena.runtime.config.StartRules;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.id.Ids;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestIT {
    private static final String CONVERSATIONS = "/api/v1/conversations";
    private static final String GROUPS = "/api/v1/groups";
    private static final String MESSAGE = "{\"messageId\":\"m1\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}";

    private final JsonMapper json = new JsonMapper();
    private Gateway gateway;

    @BeforeAll
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private CompletableFuture<HttpResponse<String>> call(HttpRequest request) {
        return gateway.http.sendAsync(request, BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> post(String path, String body) {
        return call(gateway.post(path, "alice!", body).build());
    }

    private JsonNode body(HttpResponse<String> answer) throws Exception {
        return json.readTree(answer.body());
    }

    @Test
    void tokenThatCannotBeCheckedNowIsAnswered503() throws Exception {
        HttpResponse<String> answer =
                call(gateway.post(CONVERSATIONS, "unknowable", "{}").build()).join();

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(body(answer).get("error").asText()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void directConversationIsCreatedOnceAndFoundAfterwards() throws Exception {
        CompletableFuture<HttpResponse<String>> first =
                post(CONVERSATIONS, "{\"type\":\"direct\",\"participantIds\":[\"bob\"]}");
        InboundCommand command = gateway.log.take();
        String id = Ids.directConversation("default", "alice", "bob");
        assertThat(command.getConversationId()).isEqualTo(id);
        gateway.deliver(Deliveries.accepted(command, 1, "alice", "bob"));

        assertThat(first.join().statusCode()).isEqualTo(201);
        assertThat(first.join().headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(body(first.join()).toString())
                .isEqualTo("{\"conversationId\":\"" + id + "\",\"type\":\"direct\",\"participants\":["
                        + "{\"userId\":\"alice\",\"role\":\"admin\"},{\"userId\":\"bob\",\"role\":\"member\"}],"
                        + "\"memberCount\":2,\"lastSequence\":1,\"createdAt\":\"2024-02-02T15:06:40Z\"}");

        CompletableFuture<HttpResponse<String>> again =
                post(CONVERSATIONS, "{\"type\":\"direct\",\"participantIds\":[\"bob\"]}");
        gateway.deliver(Deliveries.duplicate(gateway.log.take(), 1));
        assertThat(again.join().statusCode()).isEqualTo(200);
        assertThat(body(again.join()).get("conversationId").asText()).isEqualTo(id);
    }

    @Test
    void groupIsToldToEveryDeviceOfEveryMemberTheCreatorsToo() throws Exception {
        try (Gateway other = new Gateway()) {
            Client alice = other.connect("alice");
            Client bob = other.connect("bob");
            CompletableFuture<HttpResponse<String>> answer = other.http.sendAsync(
                    other.post(
                                    GROUPS,
                                    "alice",
                                    "{\"name\":\"Team \u00e9\",\"participantIds\":[\"bob\",\"alice\"],"
                                            + "\"settings\":{\"onlyAdminsCanPost\":true}}")
                            .build(),
                    BodyHandlers.ofString());
            InboundCommand command = other.log.take();
            CreateConversation group = command.getConversation();
            assertThat(group.getType()).isEqualTo("group");
            assertThat(group.getName()).isEqualTo("Team \u00e9");
            assertThat(group.getParticipantIds()).containsExactly("bob");
            assertThat(group.getSettings().getOnlyAdminsCanPost()).isTrue();
            assertThat(group.getSettings().getAllowMemberInvites()).isFalse();
            other.deliver(Deliveries.accepted(command, 1, "alice", "bob"));

            assertThat(answer.join().statusCode()).isEqualTo(201);
            for (Client client : new Client[] {alice, bob}) {
                JsonNode created = client.next("conversation.created").get("payload");
                assertThat(created.get("name").asText()).isEqualTo("Team \u00e9");
                assertThat(created.get("sequenceNumber").asInt()).isEqualTo(1);
                assertThat(created.at("/settings/onlyAdminsCanPost").asBoolean())
                        .isTrue();
            }
        }
    }

    @Test
    void idempotencyKeyNamesTheSameGroup() throws Exception {
        String group = "{\"name\":\"Team\",\"participantIds\":[\"bob\"]}";
        HttpRequest request = gateway.post(GROUPS, "alice", group)
                .header("Idempotency-Key", "k1")
                .build();
        CompletableFuture<HttpResponse<String>> first = call(request);
        InboundCommand created = gateway.log.take();
        gateway.deliver(Deliveries.accepted(created, 1));
        CompletableFuture<HttpResponse<String>> second = call(request);
        InboundCommand again = gateway.log.take();
        gateway.deliver(Deliveries.duplicate(again, 1));

        assertThat(again.getConversationId()).isEqualTo(created.getConversationId());
        assertThat(first.join().statusCode()).isEqualTo(201);
        assertThat(second.join().statusCode()).isEqualTo(200);
        assertThat(second.join().body()).isEqualTo(first.join().body());
    }

    @Test
    void messageIsSentOnceAndADuplicateSaysItsFirstNumbers() throws Exception {
        CompletableFuture<HttpResponse<String>> first = post(CONVERSATIONS + "/c1/messages", MESSAGE);
        InboundCommand command = gateway.log.take();
        assertThat(command.getConversationId()).isEqualTo("c1");
        gateway.deliver(Deliveries.accepted(command, 9, "alice"));
        CompletableFuture<HttpResponse<String>> second = post(CONVERSATIONS + "/c1/messages", MESSAGE);
        gateway.deliver(Deliveries.duplicate(gateway.log.take(), 9));

        String numbers =
                "\"messageId\":\"m1\",\"conversationId\":\"c1\",\"sequenceNumber\":9,\"timestamp\":1706886400000";
        assertThat(first.join().statusCode()).isEqualTo(201);
        assertThat(first.join().body()).isEqualTo("{" + numbers + ",\"duplicate\":false}");
        assertThat(second.join().statusCode()).isEqualTo(409);
        assertThat(second.join().body())
                .startsWith("{\"error\":\"DUPLICATE_MESSAGE\"")
                .endsWith(numbers + ",\"duplicate\":true}");
    }

    @Test
    void replyThatIsSentAgainSaysItsPlaceInTheThread() throws Exception {
        CompletableFuture<HttpResponse<String>> again = post(CONVERSATIONS + "/c1/messages", MESSAGE);
        Delivery duplicate = Deliveries.duplicate(gateway.log.take(), 9);
        duplicate.getOutcome().setThreadOrdinal(2L);
        duplicate.getOutcome().setThread(new ThreadSummary(3L, Deliveries.TIME, List.of("alice")));
        gateway.deliver(duplicate);

        assertThat(again.join().statusCode()).isEqualTo(409);
        assertThat(body(again.join()).get("threadOrdinal").asInt()).isEqualTo(2);
        assertThat(body(again.join()).at("/thread/replyCount").asInt()).isEqualTo(3);
    }

    @Test
    void rejectionHasTheStatusOfItsCode() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = post(CONVERSATIONS + "/c1/messages", MESSAGE);
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "FORBIDDEN", "not a member"));

        assertThat(answer.join().statusCode()).isEqualTo(403);
        assertThat(answer.join().body()).isEqualTo("{\"error\":\"FORBIDDEN\",\"message\":\"not a member\"}");
    }

    @Test
    void callThatCouldNotBeAppendedCostsNoAllowance() throws Exception {
        try (Gateway other = new Gateway()) {
            HttpRequest request =
                    other.post(CONVERSATIONS + "/c1/messages", "alice", MESSAGE).build();
            other.shards.ready(CompletableFuture.failedFuture(new IllegalStateException("expected by this test")));
            for (int i = 0; i < 10; i++) {
                assertThat(other.http.send(request, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(503);
            }
            other.shards.ready(CompletableFuture.completedFuture(null));

            CompletableFuture<HttpResponse<String>> answer = other.http.sendAsync(request, BodyHandlers.ofString());
            other.deliver(Deliveries.accepted(other.log.take(), 3));

            assertThat(answer.join().statusCode()).isEqualTo(201);
        }
    }

    @Test
    void noOutcomeInTimeIsUnavailableAndLeavesNothingBehind() throws Exception {
        RestConfig hasty = new RestConfig(1, Duration.ofMillis(100), StartRules.ANYONE, ServerInfo.FEATURE_LEVEL);
        try (Gateway silent = new Gateway(ConnectionConfig.DEFAULT, 10, hasty)) {
            HttpResponse<String> answer = silent.http.send(
                    silent.post(CONVERSATIONS + "/c1/messages", "alice", MESSAGE)
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(body(answer).get("error").asText()).isEqualTo("UNAVAILABLE");
            assertThat(body(answer).get("retryAfter").asInt()).isEqualTo(1);
            await().until(() -> silent.shards.leases() == 0 && silent.calls.size() == 0);
        }
    }

    @Test
    void groupThatIsNotKnownToBeMadeIsSafeToTryAgainWithAKeyOnly() throws Exception {
        RestConfig hasty = new RestConfig(1, Duration.ofMillis(100), StartRules.ANYONE, ServerInfo.FEATURE_LEVEL);
        try (Gateway silent = new Gateway(ConnectionConfig.DEFAULT, 10, hasty)) {
            HttpRequest.Builder request =
                    silent.post("/api/v1/groups", "alice", "{\"name\":\"n\",\"participantIds\":[\"bob\"]}");

            HttpResponse<String> without = silent.http.send(request.build(), BodyHandlers.ofString());
            HttpResponse<String> with =
                    silent.http.send(request.header("Idempotency-Key", "k1").build(), BodyHandlers.ofString());

            assertThat(without.statusCode()).isEqualTo(503);
            assertThat(body(without).get("message").asText())
                    .contains("outcome unknown", "second group", "Idempotency-Key");
            assertThat(with.statusCode()).isEqualTo(503);
            assertThat(body(with).get("message").asText()).isEqualTo("outcome unknown; safe to retry");
        }
    }

    /// Others of the installation may be of a version that shows what is held.
    @Test
    void premoderationBeginsOnlyOnceAllProcessesKnowIt() throws Exception {
        RestConfig upgrading = new RestConfig(10, Duration.ofMillis(100), StartRules.ANYONE, 18);
        try (Gateway gateway = new Gateway(ConnectionConfig.DEFAULT, 10, upgrading)) {
            for (boolean on : List.of(true, false)) {
                String settings = "\"settings\":{\"premoderation\":" + on + "}";
                for (HttpRequest request : List.of(
                        gateway.post(
                                        "/api/v1/groups",
                                        "alice",
                                        "{\"name\":\"n\",\"participantIds\":[\"bob\"]," + settings + "}")
                                .build(),
                        gateway.post(CONVERSATIONS + "/grp_1", "alice", "")
                                .method("PATCH", BodyPublishers.ofString("{" + settings + "}"))
                                .build())) {
                    HttpResponse<String> answer = gateway.http.send(request, BodyHandlers.ofString());
                    assertThat(body(answer).path("error").asText())
                            .as(answer.body())
                            .isEqualTo(on ? "INVALID_REQUEST" : "UNAVAILABLE");
                    assertThat(answer.body().contains("settings.premoderation: must be false below feature level 19"))
                            .as(answer.body())
                            .isEqualTo(on);
                }
            }
        }
    }

    @Test
    void callsBeyondTheMostAreTurnedAway() throws Exception {
        RestConfig one = new RestConfig(1, Duration.ofSeconds(10), StartRules.ANYONE, ServerInfo.FEATURE_LEVEL);
        try (Gateway small = new Gateway(ConnectionConfig.DEFAULT, 10, one)) {
            HttpRequest request =
                    small.post(CONVERSATIONS + "/c1/messages", "alice", MESSAGE).build();
            CompletableFuture<HttpResponse<String>> first = small.http.sendAsync(request, BodyHandlers.ofString());
            InboundCommand command = small.log.take();

            assertThat(small.http.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(503);

            small.deliver(Deliveries.accepted(command, 1));
            assertThat(first.join().statusCode()).isEqualTo(201);
            // The place is free a moment after the answer is.
            await().until(() -> {
                CompletableFuture<HttpResponse<String>> next = small.http.sendAsync(request, BodyHandlers.ofString());
                await().until(() -> next.isDone() || small.log.size() > 0);
                if (small.log.size() > 0) {
                    small.deliver(Deliveries.accepted(small.log.take(), 2));
                }
                return next.join().statusCode() == 201;
            });
        }
    }

    @Test
    void callWithoutAGoodTokenIsUnauthorized() throws Exception {
        HttpResponse<String> bad =
                call(gateway.post(GROUPS, "bad", "{}").build()).join();
        HttpResponse<String> none = call(HttpRequest.newBuilder(gateway.uri(GROUPS))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build())
                .join();
        HttpResponse<String> basic = call(HttpRequest.newBuilder(gateway.uri(GROUPS))
                        .header("Authorization", "Basic YTpi")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build())
                .join();

        for (HttpResponse<String> answer : List.of(bad, none, basic)) {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(body(answer).get("error").asText()).isEqualTo("UNAUTHORIZED");
            assertThat(body(answer).get("reason").asText()).isEqualTo("token bad");
        }
    }

    @Test
    void unknownPathsAndWrongMethodsAreInvalidRequests() throws Exception {
        for (String path : new String[] {"/api/v1", "/api/v1/nothing", CONVERSATIONS + "/a/b/messages", "/"}) {
            HttpResponse<String> answer = gateway.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(body(answer).get("error").asText()).isEqualTo("INVALID_REQUEST");
        }
        HttpResponse<String> method = gateway.get(GROUPS);
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).hasValue("POST");
        assertThat(body(method).get("error").asText()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void bodyOverTheLimitIsTooLarge() throws Exception {
        String large = "{\"pad\":\"" + "x".repeat(70_000) + "\"}";
        HttpResponse<String> known =
                answered(gateway.post(CONVERSATIONS, "alice!", large).build());
        HttpResponse<String> chunked = answered(HttpRequest.newBuilder(gateway.uri(CONVERSATIONS))
                .header("Authorization", "Bearer alice")
                .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(large)))
                .build());

        assertThat(known.statusCode()).isEqualTo(413);
        assertThat(body(known).get("error").asText()).isEqualTo("TOO_LARGE");
        assertThat(chunked.statusCode()).isEqualTo(413);
    }

    /// Asks until there is an answer: a server that has read enough closes, and a client that still writes then
    /// may see the end before the answer.
    private HttpResponse<String> answered(HttpRequest request) {
        for (int i = 1; i < 20; i++) {
            try {
                return call(request).join();
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(IOException.class);
            }
        }
        return call(request).join();
    }

    static Stream<Arguments> refused() {
        String others =
                IntStream.range(0, 1_000).mapToObj(i -> "\"u" + i + "\"").collect(Collectors.joining(","));
        String messages = CONVERSATIONS + "/c1/messages";
        return Stream.of(
                arguments(GROUPS, "", 400, "INVALID_REQUEST", "body: "),
                arguments(GROUPS, "[]", 400, "INVALID_REQUEST", "body: "),
                arguments(GROUPS, "{", 400, "INVALID_REQUEST", "body: "),
                arguments(GROUPS, "{}", 400, "INVALID_REQUEST", "name: is required"),
                arguments(GROUPS, "{\"name\":7}", 400, "INVALID_REQUEST", "name: must be a string"),
                arguments(GROUPS, "{\"name\":\"\"}", 400, "INVALID_REQUEST", "name: must be 1 to 200"),
                arguments(GROUPS, "{\"name\":\"  \"}", 400, "INVALID_REQUEST", "name: must be 1 to 200"),
                arguments(GROUPS, "{\"name\":\"" + "n".repeat(201) + "\"}", 400, "INVALID_REQUEST", "name: must be"),
                arguments(GROUPS, "{\"name\":\"a\\nb\"}", 400, "INVALID_REQUEST", "name: must not hold control"),
                arguments(GROUPS, "{\"name\":\"\\ud800\"}", 400, "INVALID_REQUEST", "name: must be 1 to 200"),
                arguments(GROUPS, "{\"name\":\"n\"}", 400, "INVALID_REQUEST", "participantIds: is required"),
                arguments(GROUPS, group("7"), 400, "INVALID_REQUEST", "participantIds: must be an array"),
                arguments(GROUPS, group("[7]"), 400, "INVALID_REQUEST", "participantIds[0]: must be a user id"),
                arguments(
                        GROUPS, group("[\"system\"]"), 400, "INVALID_REQUEST", "participantIds[0]: must be a user id"),
                arguments(GROUPS, group("[\"a b\"]"), 400, "INVALID_REQUEST", "participantIds[0]: must be a user id"),
                arguments(GROUPS, group("[\"b\",\"b\"]"), 400, "INVALID_REQUEST", "participantIds[1]: appears twice"),
                arguments(GROUPS, group("[" + others + "]"), 413, "TOO_LARGE", "participantIds: a group has at most"),
                arguments(
                        GROUPS,
                        "{\"name\":\"n\",\"participantIds\":[],\"settings\":[]}",
                        400,
                        "INVALID_REQUEST",
                        "settings: must be an object"),
                arguments(
                        GROUPS,
                        "{\"name\":\"n\",\"participantIds\":[],\"settings\":{\"onlyAdminsCanPost\":1}}",
                        400,
                        "INVALID_REQUEST",
                        "settings.onlyAdminsCanPost: must be true or false"),
                arguments(CONVERSATIONS, "{}", 400, "INVALID_REQUEST", "type: is required"),
                arguments(CONVERSATIONS, direct("group", "[\"bob\"]"), 400, "INVALID_REQUEST", "type: must be direct"),
                arguments(CONVERSATIONS, direct("direct", "[]"), 400, "INVALID_REQUEST", "participantIds: must be one"),
                arguments(
                        CONVERSATIONS,
                        direct("direct", "[\"b\",\"c\"]"),
                        400,
                        "INVALID_REQUEST",
                        "participantIds: must be"),
                arguments(
                        CONVERSATIONS,
                        direct("direct", "[\"alice\"]"),
                        400,
                        "INVALID_REQUEST",
                        "participantIds: must be another user"),
                arguments(messages, "{}", 400, "INVALID_MESSAGE", "messageId: is required"),
                arguments(messages, "{\"messageId\":\"m1\"}", 400, "INVALID_MESSAGE", "content: is required"),
                arguments(
                        messages,
                        "{\"messageId\":\"m1\",\"content\":{\"type\":\"text\",\"text\":\"" + "x".repeat(4_001) + "\"}}",
                        413,
                        "TOO_LARGE",
                        "content.text: must be at most"),
                arguments(
                        CONVERSATIONS + "/not%20an%20id/messages",
                        MESSAGE,
                        404,
                        "CONVERSATION_NOT_FOUND",
                        "no such conversation"));
    }

    private static String group(String participantIds) {
        return "{\"name\":\"n\",\"participantIds\":" + participantIds + "}";
    }

    private static String direct(String type, String participantIds) {
        return "{\"type\":\"" + type + "\",\"participantIds\":" + participantIds + "}";
    }

    @ParameterizedTest
    @MethodSource("refused")
    void wrongBodiesAreRefusedAndNothingIsAppended(String path, String body, int status, String code, String reason)
            throws Exception {
        HttpResponse<String> answer = post(path, body).join();

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(body(answer).get("error").asText()).isEqualTo(code);
        assertThat(body(answer).get("message").asText()).startsWith(reason);
        assertThat(gateway.log.size()).isZero();
    }
}
