package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.word.Reason;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// The calls that change a group, against a log that a test answers for.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupCallsIT {
    private static final String GROUP = "/api/v1/conversations/grp_1";
    private static final String MEMBERS = GROUP + "/members";

    private Gateway gateway;

    @BeforeAll
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private CompletableFuture<HttpResponse<String>> call(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri(path))
                .header("Authorization", "Bearer alice!")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return gateway.http.sendAsync(request, BodyHandlers.ofString());
    }

    private static void assertShowsTheGroup(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new JsonMapper()
                        .readTree(answer.body())
                        .get("conversationId")
                        .asText())
                .isEqualTo("grp_1");
        assertThat(new JsonMapper().readTree(answer.body()).get("memberCount").asInt())
                .isEqualTo(1);
    }

    @Test
    void membersAreAddedAndTheConversationIsAnswered() throws Exception {
        var answer = call("POST", MEMBERS, "{\"userIds\":[\"bob\",\"carol\"]}");
        InboundCommand command = gateway.log.take();
        gateway.deliver(Deliveries.accepted(command, 5, "alice"));

        assertThat(command.getKind()).isEqualTo("member.add");
        assertThat(command.getConversationId()).isEqualTo("grp_1");
        assertThat(command.getUserId()).isEqualTo("alice");
        assertThat(command.getMembers().getUserIds()).containsExactly("bob", "carol");
        assertShowsTheGroup(answer.join());
    }

    @Test
    void contactsAreLookedUpOnceWhereSomebodyLeftByThemselves() throws Exception {
        gateway.people.contacts.add("dora");
        var answer = call("POST", MEMBERS, "{\"userIds\":[\"dora\",\"erin\"]}");
        InboundCommand first = gateway.log.take();
        gateway.deliver(Deliveries.rejected(first, "FORBIDDEN", Reason.NOT_EVERYBODY));
        InboundCommand second = gateway.log.take();
        gateway.deliver(Deliveries.rejected(second, "FORBIDDEN", Reason.NOT_EVERYBODY));

        assertThat(first.getIntroduction()).isNull();
        assertThat(second.getMembers()).isEqualTo(first.getMembers());
        assertThat(second.getIntroduction().getContactIds()).containsExactly("dora");
        assertThat(answer.join().statusCode()).isEqualTo(403);
        assertThat(answer.join().body()).contains("userIds: not everybody named may be added");
    }

    @Test
    void memberIsRemovedAndNothingIsAnswered() throws Exception {
        var answer = call("DELETE", MEMBERS + "/bob", "");
        InboundCommand command = gateway.log.take();
        gateway.deliver(Deliveries.accepted(command, 5, "alice"));

        assertThat(command.getKind()).isEqualTo("member.remove");
        assertThat(command.getMembers().getUserIds()).containsExactly("bob");
        assertThat(answer.join().statusCode()).isEqualTo(204);
        assertThat(answer.join().body()).isEmpty();
        assertThat(answer.join().headers().firstValue("Content-Type")).isEmpty();
    }

    @Test
    void bodyOfADeleteIsPassedOver() throws Exception {
        var answer = call("DELETE", MEMBERS + "/alice", "not json");
        gateway.deliver(Deliveries.duplicate(gateway.log.take(), 5));

        assertThat(answer.join().statusCode()).isEqualTo(204);
    }

    @Test
    void roleIsChanged() throws Exception {
        var answer = call("PATCH", MEMBERS + "/bob", "{\"role\":\"admin\"}");
        InboundCommand command = gateway.log.take();
        gateway.deliver(Deliveries.accepted(command, 5, "alice"));

        assertThat(command.getKind()).isEqualTo("member.role");
        assertThat(command.getMembers().getUserIds()).containsExactly("bob");
        assertThat(command.getMembers().getRole()).isEqualTo("admin");
        assertShowsTheGroup(answer.join());
    }

    @Test
    void onlyNamedPropertiesAreChanged() throws Exception {
        var name = call("PATCH", GROUP, "{\"name\":\"New\",\"settings\":null}");
        InboundCommand rename = gateway.log.take();
        gateway.deliver(Deliveries.accepted(rename, 5, "alice"));
        var settings = call(
                "PATCH", GROUP, "{\"settings\":{\"onlyAdminsCanPost\":false,\"historyVisibleToNewMembers\":true}}");
        InboundCommand set = gateway.log.take();
        gateway.deliver(Deliveries.accepted(set, 6, "alice"));

        assertThat(rename.getKind()).isEqualTo("conversation.update");
        assertThat(rename.getUpdate())
                .isEqualTo(new UpdateConversation("New", null, null, null, null, null, null, null, null));
        assertThat(set.getUpdate())
                .isEqualTo(new UpdateConversation(null, false, null, true, null, null, null, null, null));
        assertShowsTheGroup(name.join());
        assertShowsTheGroup(settings.join());
    }

    @Test
    void nullRemovesTheAvatarAndWhatApplicationsKeep() throws Exception {
        var set = call("PATCH", GROUP, "{\"avatarUrl\":\"https://a.test/g.png\",\"custom\":{\"n\":1.10}}");
        InboundCommand given = gateway.log.take();
        gateway.deliver(Deliveries.accepted(given, 5, "alice"));
        var remove = call("PATCH", GROUP, "{\"avatarUrl\":null,\"custom\":null}");
        InboundCommand removed = gateway.log.take();
        gateway.deliver(Deliveries.accepted(removed, 6, "alice"));

        assertThat(given.getUpdate())
                .isEqualTo(new UpdateConversation(
                        null, null, null, null, null, "https://a.test/g.png", "{\"n\":1.10}", null, null));
        assertThat(removed.getUpdate())
                .isEqualTo(new UpdateConversation(null, null, null, null, null, "", "", null, null));
        assertShowsTheGroup(set.join());
        assertShowsTheGroup(remove.join());
    }

    @Test
    void whatIsAlreadySoIsAnsweredAsDone() throws Exception {
        var add = call("POST", MEMBERS, "{\"userIds\":[\"bob\"]}");
        gateway.deliver(Deliveries.duplicate(gateway.log.take(), 5));
        var rename = call("PATCH", GROUP, "{\"name\":\"Team\"}");
        gateway.deliver(Deliveries.duplicate(gateway.log.take(), 5));

        assertShowsTheGroup(add.join());
        assertShowsTheGroup(rename.join());
    }

    @Test
    void refusalsOfTheSequencerKeepTheirCodes() throws Exception {
        var forbidden = call("POST", MEMBERS, "{\"userIds\":[\"bob\"]}");
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "FORBIDDEN", "only admins"));
        var full = call("POST", MEMBERS, "{\"userIds\":[\"bob\"]}");
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "TOO_LARGE", "userIds: too many"));
        var absent = call("DELETE", MEMBERS + "/bob", "");
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "CONVERSATION_NOT_FOUND", "no such conversation"));
        var last = call("PATCH", MEMBERS + "/bob", "{\"role\":\"member\"}");
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "INVALID_REQUEST", "role: last admin"));

        assertThat(forbidden.join().statusCode()).isEqualTo(403);
        assertThat(full.join().statusCode()).isEqualTo(413);
        assertThat(absent.join().statusCode()).isEqualTo(404);
        assertThat(last.join().statusCode()).isEqualTo(400);
    }

    @Test
    void otherMethodsAreNamed() {
        HttpResponse<String> members = call("PUT", MEMBERS, "{}").join();
        HttpResponse<String> member = call("POST", MEMBERS + "/bob", "{}").join();

        assertThat(members.statusCode()).isEqualTo(405);
        assertThat(members.headers().firstValue("Allow")).hasValue("POST");
        assertThat(member.statusCode()).isEqualTo(405);
        assertThat(member.headers().firstValue("Allow")).hasValue("DELETE, PATCH");
    }
}
