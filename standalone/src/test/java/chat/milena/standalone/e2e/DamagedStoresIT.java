package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The disk returns something else than was written to it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class DamagedStoresIT {
    private static final int MESSAGES = 1_500;
    private static final int BURST = 100;
    private static final int TEXT_CHARS = 300;
    /// Smaller files hold how far a store has come, or next to nothing.
    private static final int BYTES_MIN = 60_000;

    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_RATE_MESSAGES_PER_SECOND", "0")
            .with("MILENA_RATE_MESSAGES_PER_MINUTE", "0");

    @Test
    void whatWasAckedIsAnsweredWholeOrNotAtAllAndHealsByItself() throws Exception {
        String talk;
        try (Tenant home = Tenant.ofDefault(milena);
                RawSocket alice = RawSocket.connected(milena.port(), home.tokenOf("alice"))) {
            talk = home.direct("alice", "bob");
            fill(alice, talk);
        }
        milena.stop();
        assertThat(damage(milena.data().resolve("streams"))).contains("history", "message-index");
        milena.start();

        try (Tenant home = Tenant.ofDefault(milena)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> walked(home, talk) == MESSAGES + 1);
            Device alice = home.connect("alice", "phone");
            for (int i = 0; i < MESSAGES; i += BURST) {
                assertThat(alice.sends(talk, "m" + i, "again").duplicate()).isTrue();
            }
        }
    }

    /// All numbers that a walk shows, each page of it whole; none where a page is not answered.
    private static int walked(Tenant home, String talk) throws IOException, InterruptedException {
        int walked = 0;
        String cursor = "0";
        do {
            Rest.Answer page = home.rest()
                    .call(
                            "GET",
                            "/api/v1/conversations/" + talk + "/messages?limit=200&after=" + cursor,
                            home.tokenOf("alice"),
                            "");
            if (page.status() == 503) {
                return 0;
            }
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            assertThat(page.body().path("expired")).as("gaps").isEmpty();
            for (JsonNode entry : page.body().path("messages")) {
                walked++;
                assertThat(entry.path("sequenceNumber").asInt()).isEqualTo(walked);
            }
            cursor = page.body().path("nextCursor").asText();
        } while (!cursor.isEmpty());
        return walked;
    }

    private static void fill(RawSocket alice, String talk) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < MESSAGES; i += BURST) {
            for (int j = i; j < i + BURST; j++) {
                StringBuilder text = new StringBuilder();
                random.ints(TEXT_CHARS, 'a', 'z').forEach(letter -> text.append((char) letter));
                alice.text("{\"type\":\"message.send\",\"id\":\"m" + j + "\",\"payload\":{\"messageId\":\"m" + j
                        + "\",\"conversationId\":\"" + talk + "\",\"content\":{\"type\":\"text\",\"text\":\"" + text
                        + "\"}}}");
            }
            for (int j = 0; j < BURST; j++) {
                alice.nextFrame("message.ack");
            }
        }
    }

    /// Overwrites 64 bytes each 50 kB of every large file.
    ///
    /// @return the stores whose files they are
    private static List<String> damage(Path streams) throws IOException {
        try (Stream<Path> all = Files.walk(streams)) {
            List<Path> files = all.filter(path -> path.toString().endsWith(".sst"))
                    .filter(path -> path.toFile().length() > BYTES_MIN)
                    .toList();
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                for (int at = bytes.length / 5; at < bytes.length * 4 / 5; at += 50_000) {
                    for (int i = 0; i < 64; i++) {
                        bytes[at + i] ^= 0x55;
                    }
                }
                Files.write(file, bytes);
            }
            return files.stream()
                    .map(file -> file.getParent().getFileName().toString())
                    .map(store -> store.startsWith("message-index") ? "message-index" : store)
                    .toList();
        }
    }
}
