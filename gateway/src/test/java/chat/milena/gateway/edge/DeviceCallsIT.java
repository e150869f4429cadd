package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.schemas.avro.InboundCommand;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceCallsIT {
    private Gateway gateway;

    @BeforeAll
    void start() throws Exception {
        gateway = new Gateway();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private CompletableFuture<HttpResponse<String>> registers(String token) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri("/api/v1/devices/phone"))
                .header("Authorization", "Bearer " + token)
                .PUT(BodyPublishers.ofString("{\"platform\":\"fcm\",\"appId\":\"one\",\"token\":\"t\"}"))
                .build();
        return gateway.http.sendAsync(request, BodyHandlers.ofString());
    }

    @Test
    void registrationSaysWhenItsTokenWasIssued() throws Exception {
        var answer = registers("alice!#");
        InboundCommand command = gateway.log.take();
        gateway.deliver(Deliveries.accepted(command, 0));

        assertThat(command.getDevice().getIssuedAt()).isEqualTo(gateway.clock.instant());
        assertThat(command.getDevice().getPush().getAddress().remaining()).isPositive();
        assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200);

        answer = registers("alice!");
        command = gateway.log.take();
        gateway.deliver(Deliveries.accepted(command, 0));
        assertThat(command.getDevice().getIssuedAt())
                .as("before every sign-out")
                .isEqualTo(Instant.EPOCH);
        assertThat(answer.join().statusCode()).isEqualTo(200);
    }

    @Test
    void signOutThatOvertookTheRegistrationIsAnsweredLikeAnEarlierOne() throws Exception {
        var answer = registers("alice!#");
        gateway.deliver(Deliveries.rejected(gateway.log.take(), "UNAUTHORIZED", "the device was signed out"));

        assertThat(answer.join().statusCode()).isEqualTo(401);
        assertThat(answer.join().body()).contains("\"reason\":\"signed out\"", "UNAUTHORIZED");
    }
}
