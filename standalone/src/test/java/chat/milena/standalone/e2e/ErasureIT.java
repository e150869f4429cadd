package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is edited, deleted or removed leaves the disk, but for the topics and times of docs/operations.md.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErasureIT {
    private static final Duration ERASE_WITHIN = Duration.ofSeconds(30);
    /// For a machine that is busy.
    private static final Duration SLACK = Duration.ofSeconds(30);

    /// They keep what they were given for a time of their own.
    private static final Set<String> TIMED = Set.of("kafka/chat.inbound.v1", "kafka/chat.deliveries.v1");

    private static final String LOG = "kafka/chat.messages.v1";
    private static final Set<String> LOGS_OF_REPORTS =
            Set.of("kafka/chat.reports.v1", "kafka/milena-sequencer-open-reports-changelog");

    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_ERASE_WITHIN", ERASE_WITHIN.toSeconds() + "s");

    private final FolderSearch search = new FolderSearch(milena.data());

    @Test
    void textsOfAnEditedAndDeletedMessageAreInNoFileAfterTheTimeToErase() throws Exception {
        String sent = unique("sent");
        String edited = unique("edited");
        String kept = unique("kept");
        String reported = unique("reported");
        try (Tenant home = Tenant.ofDefault(milena)) {
            String id = home.direct("alice", "bob");
            home.posts("alice", id, "m1", sent);
            home.posts("alice", id, "m2", kept);
            home.posts("alice", id, "m3", reported);
            reports(home, id);
            // The stores write what they hold in memory.
            milena.stop();
            assertThat(search.placesOf(sent)).containsAll(TIMED).contains(LOG).anyMatch(ErasureIT::isOfViews);
            assertThat(search.placesOf(reported))
                    .containsAll(LOGS_OF_REPORTS)
                    .anyMatch(place -> place.endsWith("/open-reports"));
            milena.start();

            String path = "/api/v1/conversations/" + id + "/messages/m1";
            String body = "{\"content\":{\"type\":\"text\",\"text\":\"" + edited + "\"}}";
            assertThat(home.rest()
                            .call("PATCH", path, home.tokenOf("alice"), body)
                            .status())
                    .isEqualTo(200);
            await().atMost(ERASE_WITHIN)
                    .until(() -> search.placesOf(edited).stream().anyMatch(ErasureIT::isOfViews));
            assertThat(home.rest()
                            .call("DELETE", path, home.tokenOf("alice"), "")
                            .status())
                    .isEqualTo(200);

            removes(home, id);

            long deletedNanos = System.nanoTime();
            await().atMost(ERASE_WITHIN.plus(SLACK))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        assertThat(places(sent)).as("of what was sent").isEmpty();
                        assertThat(places(edited)).as("of what was edited").isEmpty();
                        assertThat(places(reported)).as("of what was reported").isEmpty();
                    });

            System.out.printf("erased after %.1f s%n", (System.nanoTime() - deletedNanos) / 1e9);
            assertThat(search.placesOf(kept)).containsAll(TIMED).contains(LOG).anyMatch(ErasureIT::isOfViews);
            assertThat(search.placesOf(edited)).isEqualTo(TIMED);
        }
    }

    private static void reports(Tenant home, String id) throws Exception {
        Rest.Answer reported = home.rest()
                .call(
                        "POST",
                        "/api/v1/conversations/" + id + "/messages/m3/report",
                        home.tokenOf("bob"),
                        "{\"reason\":\"spam\"}");
        assertThat(reported.status()).as(reported.text()).isEqualTo(202);
    }

    private static void removes(Tenant home, String id) throws Exception {
        Rest.Answer removed = home.rest()
                .call(
                        "POST",
                        "/api/v1/moderation/decisions",
                        home.moderator("mia"),
                        "{\"conversationId\":\"%s\",\"messageId\":\"m3\",\"action\":\"remove\"}".formatted(id));
        assertThat(removed.status()).as(removed.text()).isEqualTo(200);
    }

    private Set<String> places(String text) throws Exception {
        Set<String> places = new TreeSet<>(search.placesOf(text));
        places.removeAll(TIMED);
        return places;
    }

    private static boolean isOfViews(String place) {
        return place.startsWith("streams/") && place.endsWith("/history");
    }

    private static String unique(String what) {
        return what + "-" + UUID.randomUUID();
    }
}
