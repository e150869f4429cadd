package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What people keep of conversations for themselves.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PersonalStateIT {
    private static final String CONVERSATIONS = "/api/v1/conversations";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private Tenant home;

    @BeforeEach
    void open() {
        home = new Tenant(milena, "default");
    }

    @AfterEach
    void close() throws Exception {
        home.close();
    }

    private Rest.Answer patches(String userId, String talk, String change) throws Exception {
        return home.rest().call("PATCH", CONVERSATIONS + "/" + talk + "/personal", home.tokenOf(userId), change);
    }

    private List<String> inbox(String userId, String query) throws Exception {
        return lines(userId, query).findValuesAsText("conversationId").stream()
                .distinct()
                .toList();
    }

    private JsonNode lines(String userId, String query) throws Exception {
        return home.rest()
                .call("GET", CONVERSATIONS + query, home.tokenOf(userId), "")
                .body()
                .path("conversations");
    }

    @Test
    void archivedAndHiddenLeaveTheInboxAndPinnedStandFirst() throws Exception {
        String first = home.direct("ann", "ben");
        String second = home.direct("ann", "cid");
        String third = home.direct("ann", "dot");
        home.posts("ann", first, "m1", "one");
        home.posts("ann", second, "m1", "two");
        home.posts("ann", third, "m1", "three");
        assertThat(inbox("ann", "")).containsExactly(third, second, first);

        assertThat(patches("ann", first, "{\"pinned\":true}").status()).isEqualTo(200);
        assertThat(inbox("ann", "")).as("read your writes").containsExactly(first, third, second);
        patches("ann", second, "{\"archived\":true}");
        patches("ann", third, "{\"hidden\":true}");
        assertThat(inbox("ann", "")).containsExactly(first);
        assertThat(inbox("ann", "?archived=true")).containsExactly(second);
        assertThat(inbox("ben", "")).as("nobody else's").containsExactly(first);

        home.posts("cid", second, "m2", "still archived");
        home.posts("dot", third, "m2", "back again");
        assertThat(inbox("ann", "")).containsExactly(first, third);
        assertThat(inbox("ann", "?archived=true")).containsExactly(second);
        patches("ann", second, "{\"archived\":false}");
        assertThat(inbox("ann", "")).containsExactly(first, third, second);
    }

    @Test
    void ownDevicesAreNotifiedAndNobodyElse() throws Exception {
        String talk = home.direct("eve", "fay");
        try (RawSocket own = RawSocket.connected(milena.port(), home.tokenOf("eve"));
                RawSocket other = RawSocket.connected(milena.port(), home.tokenOf("fay"))) {
            Rest.Answer answer =
                    patches("eve", talk, "{\"pinned\":true,\"draft\":{\"text\":\"hel\",\"replyTo\":\"m1\"}}");

            assertThat(answer.text())
                    .isEqualTo("{\"conversationId\":\"" + talk + "\",\"accepted\":true,\"archived\":false,"
                            + "\"pinned\":true,\"hidden\":false,\"draft\":{\"text\":\"hel\",\"replyTo\":\"m1\"}}");
            assertThat(own.nextFrame("conversation.personal").path("payload")).isEqualTo(answer.body());
            assertThat(lines("eve", "").at("/0/personal/draft/text").asText()).isEqualTo("hel");
            assertThat(patches("eve", talk, "{}").body()).isEqualTo(answer.body());
            assertThat(patches("eve", talk, "{\"draft\":null}").body().has("draft"))
                    .isFalse();
            other.text("{\"type\":\"heartbeat\",\"id\":\"2\"}");
            assertThat(other.nextFrame().path("type").asText()).isEqualTo("heartbeat");
        }
    }

    private JsonNode line(String userId) throws Exception {
        return lines(userId, "").path(0);
    }

    private List<String> numbers(String userId, String talk) throws Exception {
        return home.rest()
                .call("GET", CONVERSATIONS + "/" + talk + "/messages", home.tokenOf(userId), "")
                .body()
                .path("messages")
                .findValuesAsText("sequenceNumber");
    }

    @Test
    void unreadIsMarkedUntilTheNextReadAndWhatIsClearedStaysAway() throws Exception {
        String talk = home.direct("gil", "hal");
        for (int i = 2; i <= 5; i++) {
            home.posts("hal", talk, "m" + i, "number " + i);
        }
        String read = CONVERSATIONS + "/" + talk + "/read";
        home.rest().call("POST", read, home.tokenOf("gil"), "{\"upToSequence\":5}");
        assertThat(line("gil").path("unreadCount").longValue()).isZero();

        assertThat(patches("gil", talk, "{\"unreadFrom\":4}")
                        .body()
                        .path("unreadFrom")
                        .longValue())
                .isEqualTo(4);
        assertThat(line("gil").path("unreadCount").longValue()).isEqualTo(2);
        assertThat(line("gil").at("/personal/unreadFrom").longValue()).isEqualTo(4);
        home.rest().call("POST", read, home.tokenOf("gil"), "{\"upToSequence\":5}");
        assertThat(line("gil").path("unreadCount").longValue()).isZero();
        assertThat(line("gil").at("/personal/unreadFrom").isMissingNode()).isTrue();

        assertThat(patches("gil", talk, "{\"clearedUpTo\":3}")
                        .body()
                        .path("clearedUpTo")
                        .longValue())
                .isEqualTo(3);
        assertThat(numbers("gil", talk)).containsExactly("5", "4");
        assertThat(numbers("hal", talk)).containsExactly("5", "4", "3", "2", "1");
        assertThat(patches("gil", talk, "{\"clearedUpTo\":1}")
                        .body()
                        .path("clearedUpTo")
                        .longValue())
                .as("never back")
                .isEqualTo(3);
        assertThat(line("gil").at("/personal/clearedUpTo").longValue()).isEqualTo(3);
    }
}
