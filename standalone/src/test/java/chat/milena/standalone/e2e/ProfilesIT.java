package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What people show of themselves, and to whom.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProfilesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final List<AutoCloseable> open = new ArrayList<>();
    private Tenant home;

    @BeforeEach
    void open() {
        home = new Tenant(milena, "default");
        open.add(home);
        await().atMost(PATIENCE).until(() -> milena.readiness().contains("presence: ready"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        open.clear();
    }

    private RawSocket connect(String userId) throws IOException {
        RawSocket socket = RawSocket.connected(milena.port(), home.tokenOf(userId));
        open.add(socket);
        return socket;
    }

    private Rest.Answer puts(String userId, String profile) throws Exception {
        return home.rest().call("PUT", "/api/v1/users/me", home.tokenOf(userId), profile);
    }

    private JsonNode gets(String userId, String path) throws Exception {
        return home.rest().call("GET", path, home.tokenOf(userId), "").body();
    }

    @Test
    void whatWasAnsweredIsReadByThoseWhoMayAndByNobodyElse() throws Exception {
        home.direct("ann", "ben");
        assertThat(puts("ben", "{\"name\":\"Ben\",\"custom\":{\"n\":1.10}}").status())
                .isEqualTo(200);

        for (int i = 0; i < 20; i++) {
            assertThat(puts("ben", "{\"name\":\"Ben " + i + "\",\"custom\":{\"n\":1.10}}")
                            .status())
                    .isEqualTo(200);
            assertThat(gets("ann", "/api/v1/users?ids=ben,ann,stranger")
                            .at("/users/0/name")
                            .asText())
                    .as("read your writes")
                    .isEqualTo("Ben " + i);
        }
        JsonNode seen = gets("ann", "/api/v1/users?ids=ben,ann,stranger").path("users");
        assertThat(seen.findValuesAsText("userId")).containsExactly("ben", "ann");
        assertThat(home.rest()
                        .call("GET", "/api/v1/users?ids=ben", home.tokenOf("ann"), "")
                        .text())
                .as("kept as it was sent")
                .contains("\"custom\":{\"n\":1.10}");
        assertThat(seen.at("/1/name").isMissingNode()).as("without a profile").isTrue();
        assertThat(gets("stranger", "/api/v1/users?ids=ben").path("users")).isEmpty();
        assertThat(gets("ben", "/api/v1/users/me").path("name").asText()).isEqualTo("Ben 19");
        puts("ben", "{}");
        assertThat(gets("ben", "/api/v1/users/me").has("name")).isFalse();
        assertThat(gets("ben", "/api/v1/users/me").has("updatedAt")).isTrue();
    }

    @Test
    void membersAndInboxCarryNames() throws Exception {
        String talk = home.direct("cid", "dot");
        String group = home.group("cid", "dot", "eve");
        puts("dot", "{\"name\":\"Dot\",\"avatarUrl\":\"https://a.test/dot.png\"}");

        JsonNode members =
                gets("cid", "/api/v1/conversations/" + group + "/members").path("members");
        assertThat(members.findValuesAsText("userId")).containsExactly("cid", "dot", "eve");
        assertThat(members.at("/1/name").asText()).isEqualTo("Dot");
        assertThat(members.at("/2/name").isMissingNode()).isTrue();
        for (JsonNode line : gets("cid", "/api/v1/conversations").path("conversations")) {
            boolean direct = line.path("conversationId").asText().equals(talk);
            assertThat(line.path("avatarUrl").asText()).isEqualTo(direct ? "https://a.test/dot.png" : "");
            assertThat(line.path("name").asText().equals("Dot")).isEqualTo(direct);
        }
    }

    private Rest.Answer changes(String userId, String group, String change) throws Exception {
        return home.rest().call("PATCH", "/api/v1/conversations/" + group, home.tokenOf(userId), change);
    }

    @Test
    void groupsHaveAnAvatarAndWhatApplicationsKeep() throws Exception {
        String group = home.group("ida", "joe");
        RawSocket member = connect("joe");

        Rest.Answer set = changes("ida", group, "{\"avatarUrl\":\"https://a.test/g.png\",\"custom\":{\"n\":1.10}}");

        assertThat(set.status()).as("%s", set).isEqualTo(200);
        assertThat(set.text()).contains("\"avatarUrl\":\"https://a.test/g.png\",\"custom\":{\"n\":1.10}");
        JsonNode frame = member.nextFrame("conversation.updated").path("payload");
        JsonNode line = gets("joe", "/api/v1/conversations").at("/conversations/0");
        JsonNode entry =
                gets("joe", "/api/v1/conversations/" + group + "/messages").at("/messages/0");
        for (JsonNode shown : List.of(frame, line, entry, gets("joe", "/api/v1/conversations/" + group))) {
            assertThat(shown.path("avatarUrl").asText()).as("%s", shown).isEqualTo("https://a.test/g.png");
            assertThat(shown.at("/custom/n").isNumber()).as("%s", shown).isTrue();
        }
        assertThat(entry.path("kind").asText()).isEqualTo("conversation.updated");

        assertThat(changes("joe", group, "{\"custom\":null}").error()).isEqualTo("FORBIDDEN");
        Rest.Answer removed = changes("ida", group, "{\"custom\":null}");
        assertThat(removed.body().has("custom")).as("%s", removed).isFalse();
        assertThat(removed.body().path("avatarUrl").asText()).as("stays").isEqualTo("https://a.test/g.png");
        assertThat(changes("ida", group, "{\"custom\":null}").body().path("lastSequence"))
                .as("no event for what is so already")
                .isEqualTo(removed.body().path("lastSequence"));
        Rest.Answer large = changes("ida", group, "{\"custom\":{\"a\":\"" + "x".repeat(4_096) + "\"}}");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.text()).contains("custom: must be at most 4096 bytes");
    }

    @Test
    void ownDevicesAndThoseWhoWatchAreNotified() throws Exception {
        home.direct("fay", "gus");
        RawSocket own = connect("gus");
        RawSocket watcher = connect("fay");
        RawSocket stranger = connect("hob");
        for (RawSocket socket : List.of(watcher, stranger)) {
            socket.text("{\"type\":\"presence.subscribe\",\"id\":\"1\",\"payload\":{\"userIds\":[\"gus\"]}}");
            socket.nextFrame("presence.bulk");
        }

        puts("gus", "{\"name\":\"Gus\"}");

        assertThat(own.nextFrame("user.updated").at("/payload/name").asText()).isEqualTo("Gus");
        assertThat(watcher.nextFrame("user.updated").at("/payload/userId").asText())
                .isEqualTo("gus");
        stranger.text("{\"type\":\"heartbeat\",\"id\":\"2\"}");
        JsonNode next = stranger.nextFrame();
        assertThat(next.path("type").asText()).as("not to a stranger").isEqualTo("heartbeat");
    }
}
