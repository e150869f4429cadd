package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.protocol.json.Json;
import chat.milena.push.classify.ClassifierAnswer.Answered;
import chat.milena.push.courier.RawServer;
import chat.milena.push.courier.RawServer.Request;
import chat.milena.push.courier.Verdict;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.schemas.word.RuleAction;
import chat.milena.testsupport.MovableClock;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One attempt at a real peer by HTTP, with good and with bad answers.
@Timeout(30)
class ClassifierCallTest {
    private static final Duration DEADLINE = Duration.ofMillis(700);

    private final MovableClock clock = new MovableClock();
    private final AtomicReference<Answered> answer = new AtomicReference<>();
    private RawServer server;
    private ClassifierCall call;

    @BeforeEach
    void start() throws Exception {
        server = new RawServer();
        call = call(OutsideEndpoints.parse(server.origin()));
    }

    private ClassifierCall call(OutsideEndpoints endpoints) {
        return new ClassifierCall(Classification.HTTP, endpoints, clock);
    }

    @AfterEach
    void stop() throws Exception {
        call.close();
        server.close();
    }

    private Question question() {
        return Questions.of("shop", server.uri("/classify").toString(), DEADLINE, 0, 4, 100);
    }

    private Verdict asked() {
        return call.start(question(), DEADLINE, answer::set).join();
    }

    private void answers(int status, String body) {
        server.script((_, peer) -> peer.answer(status, Map.of(), body));
    }

    @Test
    void questionHasTheMessageAndIsSignedAsStandardWebhooksAre() throws Exception {
        answers(200, "{\"action\":\"pass\"}");

        assertThat(asked()).isEqualTo(new Verdict.Accepted());
        asked();

        assertThat(server.requests()).hasSize(2);
        Request request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /classify HTTP/1.1");
        JsonNode body = Json.parse(request.body()).orElseThrow();
        assertThat(body.get("type").textValue()).isEqualTo("message.classify");
        assertThat(body.get("timestamp").textValue()).isEqualTo("2026-01-01T12:00:01Z");
        assertThat(body.get("data").toString())
                .isEqualTo(
                        "{\"tenant\":\"shop\",\"conversationId\":\"c1\",\"messageId\":\"m4\",\"sequenceNumber\":4,"
                                + "\"revision\":2,\"senderId\":\"bob\",\"sentAt\":1767268800000,\"rulesVersion\":7,"
                                + "\"content\":{\"type\":\"image\",\"text\":\"look\","
                                + "\"mediaUrl\":\"https://media.example/a/cat%20photo.jpg?x=1\",\"fileName\":\"cat photo.jpg\"}}");
        Map<String, String> heads = request.heads();
        String id = heads.get("webhook-id");
        String timestamp = heads.get("webhook-timestamp");
        assertThat(timestamp).isEqualTo(Long.toString(clock.instant().getEpochSecond()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(
                Base64.getDecoder().decode(Questions.SECRET.substring("whsec_".length())), "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        assertThat(heads.get("webhook-signature"))
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(request.body())));
        assertThat(server.requests().getLast().heads().get("webhook-id"))
                .as("of one question")
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"action\":\"pass\"}||",
                "{\"action\":\"flag\",\"label\":\"spam\"}|FLAG|spam",
                "{\"action\":\"remove\",\"label\":\"nudity: 0.98\",\"more\":[1]}|REMOVE|nudity: 0.98",
                "{\"action\":\"flag\",\"label\":\"what somebody wrote, and that is long enough to be a text\"}|FLAG|",
                "{\"action\":\"flag\",\"label\":5}|FLAG|"
            })
    void answersAreUnderstood(String body, @Nullable RuleAction action, @Nullable String label) {
        answers(200, body);

        assertThat(asked()).isEqualTo(new Verdict.Accepted());
        assertThat(answer.get()).isEqualTo(new Answered(action, label));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>Welcome</body></html>",
                "",
                "pass",
                "{\"action\":\"ban\"}",
                "{\"action\":1}",
                "[]",
                "{\"action\":\"pass\"",
                "{\"action\":\"pass\",\"action\":\"remove\"}"
            })
    void nonsenseIsNoAnswer(String body) {
        answers(200, body);

        assertThat(asked()).isEqualTo(new Verdict.Refused("nonsense"));
        assertThat(answer.get()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"400,status", "401,status", "404,status", "204,nonsense"})
    void otherStatusesAreNoAnswer(int status, String reason) {
        answers(status, "");

        assertThat(asked()).isEqualTo(new Verdict.Refused(reason));
    }

    @ParameterizedTest
    @CsvSource({"429,throttled", "500,server_error", "503,server_error"})
    void limitsAndErrorsOfTheServerMayBeRetried(int status, String reason) {
        answers(status, "");

        assertThat(asked()).isEqualTo(new Verdict.Retry(reason));
    }

    @Test
    void redirectToAPrivateAddressIsNotFollowed() throws Exception {
        try (RawServer inside = new RawServer()) {
            server.script((_, peer) ->
                    peer.answer(307, Map.of("Location", inside.origin() + "/admin"), "{\"action\":\"pass\"}"));

            assertThat(asked()).isEqualTo(new Verdict.Refused("redirect"));
            assertThat(inside.connections()).isZero();
        }
    }

    @Test
    void slowAnswerIsGivenUpAtTheDeadline() {
        server.script((_, peer) -> peer.stall());
        assertThat(asked()).isEqualTo(new Verdict.Retry("timeout"));

        server.script((_, peer) -> {
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            peer.trickle("x", 50);
        });
        assertThat(asked()).isEqualTo(new Verdict.Retry("timeout"));
        await().until(() -> server.openSockets() == 0);
    }

    @Test
    void halfAnAnswerIsNoAnswer() {
        server.script((_, peer) -> {
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"action\":\"remove\"}");
            peer.reset();
        });

        assertThat(asked()).isEqualTo(new Verdict.Retry("unreachable"));
        assertThat(answer.get()).isNull();
    }

    @Test
    void oversizeIsNotRead() {
        server.script((_, peer) -> {
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n{\"action\":\"pass\",\"label\":\"");
            peer.trickle("x".repeat(65_536), 0);
        });

        assertThat(asked()).isEqualTo(new Verdict.Refused("too_large"));
        await().until(() -> server.openSockets() == 0);
    }

    @Test
    void privateAddressIsNotCalledUnlessItIsAllowed() {
        answers(200, "{\"action\":\"pass\"}");
        try (ClassifierCall strict = call(OutsideEndpoints.PUBLIC)) {
            assertThat(strict.start(question(), DEADLINE, answer::set).join())
                    .isEqualTo(new Verdict.Refused("address"));
            Question named = Questions.of("shop", "https://localhost.localdomain/", DEADLINE, 0, 4, 1);
            assertThat(strict.start(named, DEADLINE, answer::set).join().outcome())
                    .isNotEqualTo("accepted");
        }
        assertThat(server.connections()).isZero();
    }

    @Test
    void nobodyThereMayBeRetried() throws Exception {
        Question question = question();
        server.close();

        assertThat(Objects.requireNonNull(
                        call.start(question, DEADLINE, answer::set).join()))
                .isEqualTo(new Verdict.Retry("unreachable"));
    }
}
