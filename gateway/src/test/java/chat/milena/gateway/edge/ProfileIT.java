package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.User;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProfileIT {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Gateway gateway;

    @BeforeAll
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.profiles.clear();
    }

    private CompletableFuture<HttpResponse<String>> put(String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri("/api/v1/users/me"))
                .header("Authorization", "Bearer alice!")
                .PUT(BodyPublishers.ofString(body))
                .build();
        return gateway.http.sendAsync(request, BodyHandlers.ofString());
    }

    private static Delivery answered(Delivery outcome, String name) {
        outcome.setUser(new User("default", "alice", name, null, "{\"a\":1.10}", NOON, null));
        return outcome;
    }

    @Test
    void profileIsAppendedAsAWholeAndAnsweredAsItIs() throws Exception {
        var answer = put("{\"name\":\"Alice\",\"custom\":{\"a\":1.10}}");
        InboundCommand command = gateway.log.take();
        gateway.deliver(answered(Deliveries.accepted(command, 0), "Alice"));

        assertThat(command.getKind()).isEqualTo("user.profile");
        assertThat(command.getConversationId()).isEmpty();
        assertThat(command.getUserId()).isEqualTo("alice");
        assertThat(command.getProfile().getName()).isEqualTo("Alice");
        assertThat(command.getProfile().getAvatarUrl()).isNull();
        assertThat(command.getProfile().getCustom()).isEqualTo("{\"a\":1.10}");
        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(answer.join().body())
                .isEqualTo("{\"userId\":\"alice\",\"name\":\"Alice\",\"custom\":{\"a\":1.10},\"updatedAt\":"
                        + NOON.toEpochMilli() + "}");
        assertThat(gateway.profiles).extracting(User::getName).containsExactly("Alice");
    }

    @Test
    void whatWasSoBeforeIsAnsweredTheSameAndNotifiesNobody() throws Exception {
        var answer = put("{\"name\":\"Alice\"}");
        gateway.deliver(answered(Deliveries.duplicate(gateway.log.take(), 0), "Alice"));

        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(gateway.profiles).isEmpty();
    }

    @Test
    void ownDevicesGetTheWholeProfile() throws Exception {
        Client alice = gateway.connect("alice");
        Delivery delivery = new Delivery();
        delivery.setTenant("default");
        delivery.setConversationId("");
        delivery.setRecipients(List.of("alice"));
        gateway.deliver(answered(delivery, "Alice"));

        assertThat(alice.next("user.updated").at("/payload/name").asText()).isEqualTo("Alice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":1}|400|name: must be a string",
                "{\"name\":\"\"}|400|name: must be 1 to 100 characters",
                "{\"name\":\" \"}|400|name: must be 1 to",
                "{\"name\":\"a\\nb\"}|400|name: must not hold control characters",
                "{\"name\":\"a\\u202Eb\"}|400|name: must not hold characters that control the direction",
                "{\"avatarUrl\":\"ftp://x/y\"}|400|avatarUrl: must be an absolute http or https URL",
                "{\"avatarUrl\":7}|400|avatarUrl: must be a string",
                "{\"custom\":[]}|400|custom: must be an object",
                "{\"custom\":{\"a\":\"\\ud800\"}}|400|custom: must not hold lone surrogates",
                "[]|400|body"
            })
    void malformedProfilesAreRefused(String body, int status, String message) {
        HttpResponse<String> answer = put(body).join();

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("INVALID_REQUEST", message);
        assertThat(gateway.log.size()).isZero();
    }

    @Test
    void profilesHaveASize() {
        assertThat(put("{\"name\":\"" + "a".repeat(101) + "\"}").join().body())
                .contains("INVALID_REQUEST", "name: must be 1 to 100 characters");
        HttpResponse<String> large =
                put("{\"custom\":{\"a\":\"" + "x".repeat(3 * 1024) + "\"}}").join();
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("TOO_LARGE", "custom: must be at most 2048 bytes");
        assertThat(gateway.log.size()).isZero();
    }
}
