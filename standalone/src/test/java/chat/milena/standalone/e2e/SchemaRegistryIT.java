package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.testsupport.RegistryPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A run whose schemas have the ids of a registry outside.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class SchemaRegistryIT {
    private final RegistryPeer registry = started();

    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_SCHEMA_REGISTRY_URL", registry.url() + "//");

    private static RegistryPeer started() {
        try {
            return new RegistryPeer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    void registryStops() {
        registry.close();
    }

    @Test
    void recordsHaveTheIdsOfTheRegistryAndOtherIdsAreRejectedLater() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            String talk = home.direct("alice", "bob");
            assertThat(home.posts("alice", talk, "m", "hi").status()).isEqualTo(201);
        }
        int newest = registry.register(
                "test",
                ShippedSchemas.load().versions("TimelineEvent").getLast().schema());
        List<ConsumerRecord<byte[], byte[]>> events = MessageLog.committed(milena.kafka(), "chat.messages.v1");
        assertThat(events)
                .hasSize(2)
                .allSatisfy(event ->
                        assertThat(ByteBuffer.wrap(event.value()).getInt(1)).isEqualTo(newest));
        assertThat(statusOfOwnRegistry(milena)).isEqualTo(404);
        milena.stop();

        milena.start();
        try (Tenant home = Tenant.ofDefault(milena)) {
            assertThat(home.posts("alice", home.direct("alice", "bob"), "m", "hi")
                            .text())
                    .contains("\"sequenceNumber\":2");
        }
        milena.stop();

        try (ChildProcess other =
                ServerJvm.start(List.of("up", "--data", milena.data().toString(), "--port", "0"), Map.of())) {
            assertThat(other.exitCode()).isEqualTo(1);
            assertThat(other.lines()).anyMatch(line -> line.contains("the log was written with other ids of schemas"));
        }
    }

    private static int statusOfOwnRegistry(RunningMilena milena) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(milena.operators().resolve("/subjects"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
