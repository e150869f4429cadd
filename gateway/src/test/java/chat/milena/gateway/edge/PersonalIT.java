package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.schemas.avro.InboundCommand;
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

/// The calls that mute and accept a conversation, against a log that a test answers for.
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
    void acceptingIsAppendedAsTheUsersOwnAndAnsweredAsItIs() throws Exception {
        var answer = personal("{\"accepted\":true}");
        InboundCommand command = gateway.log.take();
        gateway.deliver(Deliveries.accepted(command, 5, "alice"));

        assertThat(command.getKind()).isEqualTo("member.accept");
        assertThat(command.getConversationId()).isEqualTo("c1");
        assertThat(command.getUserId()).isEqualTo("alice");
        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(answer.join().body()).isEqualTo("{\"conversationId\":\"c1\",\"accepted\":true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"accepted\":false}|accepted: must be true",
                "{}|accepted: must be true",
                "{\"accepted\":1}|accepted: must be",
                "{\"accepted\":true,\"archived\":true}|archived: not served yet",
                "{\"draft\":null}|draft: not served yet"
            })
    void otherPersonalStateIsRefused(String body, String message) {
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
