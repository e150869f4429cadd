package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What members of a group with slow mode are answered, over both ways of sending.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowModeIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    @Test
    void oneMessageInThePauseOfTheGroup() throws Exception {
        try (Tenant home = new Tenant(milena, "default");
                RawSocket socket = RawSocket.connected(milena.port(), home.tokenOf("ben"))) {
            String group = home.group("ann", "ben");
            String at = "/api/v1/conversations/" + group;
            JsonNode set = call(home, "PATCH", at, "ann", "{\"settings\":{\"slowModeSeconds\":3600}}")
                    .body();
            assertThat(set.at("/settings/slowModeSeconds").intValue()).isEqualTo(3_600);

            assertThat(home.posts("ben", group, "m1", "first").status()).isEqualTo(201);
            Rest.Answer refused = home.posts("ben", group, "m2", "second");
            assertThat(refused.status()).as(refused.text()).isEqualTo(429);
            assertThat(refused.body().path("error").asText()).isEqualTo("RATE_LIMITED");
            assertThat(refused.body().path("limit").asText()).isEqualTo("slowModeSeconds");
            assertThat(refused.body().path("retryAfter").longValue()).isBetween(3_500L, 3_600L);

            socket.text("{\"type\":\"message.send\",\"id\":\"s1\",\"payload\":{\"conversationId\":\"" + group
                    + "\",\"messageId\":\"m2\",\"content\":{\"type\":\"text\",\"text\":\"second\"}}}");
            JsonNode error = socket.nextFrame("error");
            assertThat(error.path("id").asText()).isEqualTo("s1");
            assertThat(error.at("/payload/error").asText()).isEqualTo("RATE_LIMITED");
            assertThat(error.at("/payload/limit").asText()).isEqualTo("slowModeSeconds");
            assertThat(error.at("/payload/retryAfter").longValue()).isBetween(3_500L, 3_600L);

            assertThat(home.posts("ben", group, "m1", "first").status())
                    .as("a resend")
                    .isEqualTo(409);
            assertThat(call(
                                    home,
                                    "PATCH",
                                    at + "/messages/m1",
                                    "ben",
                                    "{\"content\":{\"type\":\"text\",\"text\":\"edited\"}}")
                            .status())
                    .isEqualTo(200);
            assertThat(home.posts("ann", group, "a1", "an admin").status()).isEqualTo(201);
            assertThat(home.posts("ann", group, "a2", "an admin").status()).isEqualTo(201);
            assertThat(call(home, "PATCH", at, "ben", "{\"settings\":{\"slowModeSeconds\":0}}")
                            .status())
                    .as("not an admin")
                    .isEqualTo(403);

            call(home, "PATCH", at, "ann", "{\"settings\":{\"slowModeSeconds\":0}}");
            assertThat(home.posts("ben", group, "m2", "second").status()).isEqualTo(201);
        }
    }

    private static Rest.Answer call(Tenant home, String method, String path, String userId, String body)
            throws Exception {
        return home.rest().call(method, path, home.tokenOf(userId), body);
    }
}
