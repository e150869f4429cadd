package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Each example of the documents against a running server. [Rest] and [RawSocket] hold what it says to the
/// schemas, here and in all other tests.
class ProtocolIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /// In examples it stands for a conversation that the caller is in.
    private static final String CONVERSATION = "0198-example";

    @RegisterExtension
    static final RunningMilena MILENA = new RunningMilena().with("MILENA_FCM_PROJECTS", "app");

    @Test
    void everyCallIsServedAsItIsDocumented() throws Exception {
        try (Tenant home = Tenant.ofDefault(MILENA)) {
            String conversationId = "";
            for (Map.Entry<String, JsonNode> path :
                    ProtocolSchema.document("openapi.json").path("paths").properties()) {
                for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                    String method = operation.getKey().toUpperCase(Locale.ROOT);
                    String at = path.getKey()
                            .replace("{id}", conversationId)
                            .replace("{userId}", "dave")
                            .replace("{deviceId}", "phone")
                            .replace("{messageId}", conversationId)
                            .replace("{emoji}", "%F0%9F%91%8D");
                    if (operation
                            .getValue()
                            .path("parameters")
                            .findValuesAsText("name")
                            .contains("ids")) {
                        at += "?ids=bob";
                    }
                    JsonNode example = operation.getValue().at("/requestBody/content/application~1json/example");
                    String body =
                            example.isMissingNode() ? "" : example.toString().replace(CONVERSATION, conversationId);

                    // Nobody reports their own message.
                    String userId = at.endsWith("/report") ? "bob" : "alice";
                    String token = at.contains("/moderation/") ? home.moderator("mia") : home.tokenOf(userId);
                    Rest.Answer answer = home.rest().call(method, at, token, body);

                    assertThat(operation.getValue().path("responses").has(Integer.toString(answer.status())))
                            .as("%s %s: %s %s", method, at, answer.status(), answer.text())
                            .isTrue();
                    if (at.equals("/api/v1/groups")) {
                        conversationId = answer.conversationId();
                    }
                    if (method.equals("POST") && at.endsWith("/messages")) {
                        home.rest()
                                .call(
                                        method,
                                        at,
                                        home.tokenOf("alice"),
                                        "{\"messageId\":\"reply\",\"threadOf\":\"" + conversationId
                                                + "\",\"content\":{\"type\":\"text\",\"text\":\"re\"}}");
                    }
                }
            }
        }
    }

    @Test
    void everyFrameOfClientsIsServedAsItIsDocumented() throws Exception {
        await().atMost(PATIENCE).until(() -> MILENA.readiness().contains("presence: ready"));
        try (Tenant home = Tenant.ofDefault(MILENA);
                RawSocket socket = RawSocket.connected(MILENA.port(), home.tokenOf("alice"))) {
            String conversationId = home.direct("alice", "bob");
            JsonNode messages = ProtocolSchema.document("asyncapi.json").at("/components/messages");
            int served = 0;
            for (JsonNode message : messages) {
                JsonNode example = message.at("/examples/0/payload");
                if (example.isObject()) {
                    ObjectNode frame = (ObjectNode) Rest.parse(example.toString()
                            .replace(CONVERSATION + "\"", conversationId + "\"")
                            .replace("a fresh token", home.tokenOf("alice")));
                    frame.put("id", Integer.toString(++served));
                    JsonNode answer = answer(socket, frame);
                    assertThat(answer.path("type").asText())
                            .as("%s: %s", frame, answer)
                            .isNotEqualTo("error");
                }
            }
            assertThat(served).isEqualTo(15);
        }
    }

    private static JsonNode answer(RawSocket socket, JsonNode frame) throws Exception {
        socket.text(frame.toString());
        try {
            JsonNode answer = socket.nextFrame();
            while (!answer.path("id").equals(frame.path("id"))) {
                answer = socket.nextFrame();
            }
            return answer;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer to " + frame, e);
        }
    }
}
