package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MessageDraft;
import chat.milena.schemas.avro.ShownPersonal;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The calls by which a user changes what a conversation is to them, against a log that a test answers for.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PersonalIT {
    private static final String MUTE = "/api/v1/conversations/c1/mute";

    private Gateway gateway;

    @BeforeAll
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private CompletableFuture<HttpResponse<String>> mute(String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri(MUTE))
                .header("Authorization", "Bearer alice!")
                .PUT(BodyPublishers.ofString(body))
                .build();
        return gateway.http.sendAsync(request, BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> personal(String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri("/api/v1/conversations/c1/personal"))
                .header("Authorization", "Bearer alice!")
                .method("PATCH", BodyPublishers.ofString(body))
                .build();
        return gateway.http.sendAsync(request, BodyHandlers.ofString());
    }

    @Test
    void whatIsKeptIsAppendedAsTheUsersOwnAndAnsweredAsItIs() throws Exception {
        var answer = personal("{\"accepted\":true,\"archived\":true,\"hidden\":false,\"unreadFrom\":3,"
                + "\"clearedUpTo\":2,\"draft\":{\"text\":\"hel\",\"replyTo\":\"m1\"}}");
        InboundCommand command = gateway.log.take();
        MessageDraft draft = new MessageDraft("hel", "m1");
        gateway.deliver(keeping(
                Deliveries.accepted(command, 5), new ShownPersonal(true, true, false, true, 3L, 2L, draft, null)));

        assertThat(command.getKind()).isEqualTo("member.personal");
        assertThat(command.getConversationId()).isEqualTo("c1");
        assertThat(command.getUserId()).isEqualTo("alice");
        assertThat(command.getPersonal())
                .isEqualTo(new ChangePersonal(true, true, null, false, 3L, 2L, draft, false, null));
        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(answer.join().body())
                .isEqualTo("{\"conversationId\":\"c1\",\"accepted\":true,\"archived\":true,\"pinned\":false,"
                        + "\"hidden\":true,\"unreadFrom\":3,\"clearedUpTo\":2,"
                        + "\"draft\":{\"text\":\"hel\",\"replyTo\":\"m1\"}}");
    }

    @Test
    void whatIsNullEnds() throws Exception {
        var answer = personal("{\"draft\":null,\"unreadFrom\":null}");
        InboundCommand command = gateway.log.take();
        gateway.deliver(keeping(
                Deliveries.duplicate(command, 0), new ShownPersonal(true, false, false, false, null, 0L, null, null)));

        assertThat(command.getPersonal())
                .isEqualTo(new ChangePersonal(false, null, null, null, 0L, null, null, true, null));
        assertThat(answer.join().body())
                .isEqualTo("{\"conversationId\":\"c1\",\"accepted\":true,\"archived\":false,\"pinned\":false,"
                        + "\"hidden\":false}");
    }

    private static Delivery keeping(Delivery delivery, ShownPersonal personal) {
        delivery.setPersonal(personal);
        return delivery;
    }

    @Test
    void draftsHaveASize() {
        HttpResponse<String> answer =
                personal("{\"draft\":{\"text\":\"" + "a".repeat(4_001) + "\"}}").join();

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("TOO_LARGE", "draft.text: must be at most 4000 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"accepted\":false}|accepted: must be true",
                "{\"accepted\":1}|accepted: must be",
                "{\"accepted\":true,\"archived\":1}|archived: must be true or false",
                "{\"pinned\":\"true\"}|pinned: must be true or false",
                "{\"hidden\":[]}|hidden: must be true or false",
                "{\"draft\":\"x\"}|draft: must be an object",
                "{\"draft\":{}}|draft.text: is required",
                "{\"draft\":{\"text\":\"\\ud800\"}}|draft.text: must not hold lone surrogates",
                "{\"draft\":{\"text\":\"a\",\"replyTo\":\"a b\"}}|draft.replyTo: must be",
                "{\"unreadFrom\":0}|unreadFrom: must be at least 1",
                "{\"unreadFrom\":\"1\"}|unreadFrom: must be a whole number",
                "{\"clearedUpTo\":-1}|clearedUpTo: must be at least 0",
                "{\"clearedUpTo\":1.5}|clearedUpTo: must be a whole number"
            })
    void malformedPersonalStateIsRefused(String body, String message) {
        HttpResponse<String> answer = personal(body).join();

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("INVALID_REQUEST", message);
    }

    @Test
    void muteIsAppendedAsTheUsersOwnAndAnsweredAsItIs() throws Exception {
        long until = gateway.clock.millis() + 60_000;
        var answer = mute("{\"until\":" + until + "}");
        InboundCommand command = gateway.log.take();
        gateway.deliver(Deliveries.accepted(command, 5, "alice"));

        assertThat(command.getKind()).isEqualTo("member.mute");
        assertThat(command.getConversationId()).isEqualTo("c1");
        assertThat(command.getUserId()).isEqualTo("alice");
        assertThat(command.getMute().getUntil().toEpochMilli()).isEqualTo(until);
        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(answer.join().body())
                .isEqualTo("{\"conversationId\":\"c1\",\"muted\":true,\"mutedUntil\":" + until + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"until\":null}"})
    void withoutATimeItIsMutedNoLonger(String body) throws Exception {
        var answer = mute(body);
        InboundCommand command = gateway.log.take();
        gateway.deliver(Deliveries.duplicate(command, 5));

        assertThat(command.getMute().getUntil()).isNull();
        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(answer.join().body()).isEqualTo("{\"conversationId\":\"c1\",\"muted\":false}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"tomorrow\"", "0", "-1", "1.5", "true"})
    void timesThatAreNoneOrPastAreRefused(String until) {
        HttpResponse<String> answer = mute("{\"until\":" + until + "}").join();

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("INVALID_REQUEST", "until: must be");
        assertThat(gateway.log.size()).isZero();
    }

    @Test
    void refusalOfTheSequencerIsPassedOn() throws Exception {
        var answer = mute("{}");
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "FORBIDDEN", "not a member"));

        assertThat(answer.join().statusCode()).isEqualTo(403);
    }
}
