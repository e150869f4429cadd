package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.frame.ServerFrame;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What was acked is in the next sync and the next page of history that anybody else reads (invariant 4), also after a
/// crash and while the views are built anew.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadAfterAckIT {
    private static final int MESSAGES = 200;
    private static final int KILLED_AFTER = 80;
    private static final int REBUILT_AFTER = 120;

    /// A rebuild that lasts longer than so many messages is none that ends.
    private static final int MESSAGES_MAX = 20_000;

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private final List<ServerFrame.MessageAck> acks = new ArrayList<>();

    @Test
    void otherReadsAMessageAsSoonAsItsSenderHasTheAck() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            String conversation = home.direct("alice", "bob");
            Device alice = home.connect("alice", "phone");
            Device bob = home.connect("bob", "phone");
            while (acks.size() < KILLED_AFTER) {
                exchange(home, conversation, alice, bob);
            }

            milena.kill9();
            milena.start();
            alice = home.connect("alice", "tablet");
            bob = home.connect("bob", "tablet");
            while (acks.size() < REBUILT_AFTER) {
                exchange(home, conversation, alice, bob);
            }

            try (ChildProcess rebuild = views("rebuild")) {
                while (acks.size() < MESSAGES || (rebuild.isAlive() && acks.size() < MESSAGES_MAX)) {
                    exchange(home, conversation, alice, bob);
                }
                assertThat(rebuild.exitCode()).as("%s", rebuild.lines()).isZero();
                assertThat(rebuild.lines()).anyMatch(line -> line.startsWith("views-a-v2 serves after"));
            }
            try (ChildProcess status = views("status")) {
                assertThat(status.exitCode()).as("%s", status.lines()).isZero();
                assertThat(status.lines()).singleElement().asString().containsPattern("views-a-v2 +\\d+ partitions");
            }
            assertThat(readAll(home, conversation))
                    .as("all that was ever acked, in its order")
                    .containsExactlyElementsOf(acks.stream()
                            .map(ack -> ack.sequenceNumber() + " " + ack.messageId())
                            .toList());
        }
    }

    private ChildProcess views(String command) throws IOException {
        return ServerJvm.start(List.of("views", command, "--data", milena.data().toString()), Map.of());
    }

    /// One says something, and the other reads it at once.
    private void exchange(Tenant home, String conversation, Device alice, Device bob) throws Exception {
        boolean aliceSpeaks = acks.size() % 2 == 0;
        String messageId = UUID.randomUUID().toString();
        ServerFrame.MessageAck ack =
                (aliceSpeaks ? alice : bob).sends(conversation, messageId, "message " + acks.size());
        acks.add(ack);

        String token = home.tokenOf(aliceSpeaks ? "bob" : "alice");
        String body = "{\"conversations\":[{\"conversationId\":\"%s\",\"lastSequence\":%d}]}"
                .formatted(conversation, ack.sequenceNumber() - 1);
        Rest.Answer sync = home.rest().post("/api/v1/sync", token, body);
        assertThat(sync.status()).as(sync.text()).isEqualTo(200);
        assertHolds(sync.body().path("conversations").path(0).path("messages"), ack);

        Rest.Answer page = history(home, conversation, token, "limit=1");
        assertHolds(page.body().path("messages"), ack);
    }

    private static void assertHolds(JsonNode entries, ServerFrame.MessageAck ack) {
        assertThat(entries).as("entries in %s", entries).hasSize(1);
        assertThat(entries.path(0).path("messageId").asText()).isEqualTo(ack.messageId());
        assertThat(entries.path(0).path("sequenceNumber").asLong()).isEqualTo(ack.sequenceNumber());
    }

    private static List<String> readAll(Tenant home, String conversation) throws Exception {
        List<String> read = new ArrayList<>();
        String cursor = "seq_0";
        while (!cursor.isEmpty()) {
            Rest.Answer page = history(home, conversation, home.tokenOf("bob"), "limit=200&after=" + cursor);
            for (JsonNode entry : page.body().path("messages")) {
                if (entry.path("kind").asText().equals("message")) {
                    read.add(entry.path("sequenceNumber").asLong() + " "
                            + entry.path("messageId").asText());
                }
            }
            cursor = page.body().path("nextCursor").asText("");
        }
        return read;
    }

    private static Rest.Answer history(Tenant home, String conversation, String token, String query) throws Exception {
        Rest.Answer page =
                home.rest().call("GET", "/api/v1/conversations/" + conversation + "/messages?" + query, token, "");
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        return page;
    }
}
