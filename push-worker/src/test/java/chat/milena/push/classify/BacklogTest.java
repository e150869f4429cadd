package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final Backlog backlog = new Backlog();
    private long offset;

    private Question question(String tenant, int partition, int bytes) {
        return Questions.of(
                tenant,
                "https://" + tenant.replace(' ', '-') + ".example/classify",
                Duration.ofSeconds(1),
                partition,
                offset++,
                bytes);
    }

    private int fill(String tenant, int bytes) {
        int taken = 0;
        while (taken < 10_000 && backlog.add(question(tenant, 0, bytes))) {
            taken++;
        }
        return taken;
    }

    @Test
    void tenantsTakeTurnsAndNoneHasMoreThanItsPlaces() {
        fill("loud", 1);
        backlog.add(question("quiet", 0, 1));

        List<String> asked = new ArrayList<>();
        for (Question next = backlog.next(); next != null; next = backlog.next()) {
            asked.add(next.tenant());
        }

        assertThat(asked.subList(0, 3)).contains("quiet");
        assertThat(asked).filteredOn("loud"::equals).hasSize(Backlog.ASKED_MAX);
    }

    @Test
    void placeIsFreeAgainOnceAQuestionHasEnded() {
        fill("t", 1);
        List<Question> asked = new ArrayList<>();
        for (Question next = backlog.next(); next != null; next = backlog.next()) {
            asked.add(next);
        }

        backlog.ended(asked.getFirst());

        assertThat(Objects.requireNonNull(backlog.next()).message().messageId()).isEqualTo("m" + Backlog.ASKED_MAX);
        assertThat(backlog.next()).isNull();
    }

    @Test
    void questionsOfManySlowTenantsWaitForAPlaceInPlaceOfFailing() {
        for (int tenant = 0; tenant < 40; tenant++) {
            for (int i = 0; i < Backlog.ASKED_MAX; i++) {
                assertThat(backlog.add(question("slow " + tenant, tenant, 1))).isTrue();
            }
        }
        List<Question> asked = new ArrayList<>();
        for (Question next = backlog.next(); next != null; next = backlog.next()) {
            asked.add(next);
        }
        assertThat(asked).hasSize(Backlog.ALL_ASKED_MAX);

        backlog.ended(asked.getFirst());

        assertThat(backlog.next()).isNotNull();
        assertThat(backlog.next()).isNull();
    }

    @Test
    void tenantsOfOneOriginLeavePlacesToOthers() {
        List<String> urls = List.of(
                "https://Shared.example/a",
                "https://shared.example?b",
                "https://shared.example#",
                "https://shared.example:443/c",
                "HTTPS://shared.example:");
        for (int i = 0; i < 40 * Backlog.ASKED_MAX; i++) {
            backlog.add(Questions.of("shared " + i % 40, urls.get(i % 5), Duration.ofSeconds(1), i % 40, offset++, 1));
        }
        backlog.add(question("another", 50, 1));
        List<Question> asked = new ArrayList<>();
        for (Question next = backlog.next(); next != null; next = backlog.next()) {
            asked.add(next);
        }

        assertThat(asked).hasSize(Backlog.ORIGIN_ASKED_MAX + 1);
        assertThat(asked.stream().map(Question::tenant).distinct()).hasSize(41).contains("another");
        backlog.ended(asked.getFirst());
        assertThat(backlog.next()).isNotNull();
        assertThat(backlog.next()).isNull();
    }

    @Test
    void portsThatNoSchemeMeansAreOriginsOfTheirOwn() {
        assertThat(List.of(
                        "https://[2001:db8::1]:8443/a",
                        "https://[2001:db8::1]/a:8443",
                        "http://shared.example:443",
                        "http://shared.example:80/?b=:443",
                        "nonsense:80"))
                .extracting(url -> Questions.of("t", url, Duration.ofSeconds(1), 0, 0, 1)
                        .classifier()
                        .origin())
                .containsExactly(
                        "https://[2001:db8::1]:8443",
                        "https://[2001:db8::1]",
                        "http://shared.example:443",
                        "http://shared.example",
                        "");
    }

    @Test
    void waitingQuestionAboutAMessageIsDroppedOnceThereIsALaterRecord() {
        fill("t", 1);
        Question asked = Objects.requireNonNull(backlog.next());
        Question waiting = Questions.of("t", "https://c.example", Duration.ofSeconds(1), 0, 7, 1);

        assertThat(backlog.drop(asked.key())).as("asked already").isNull();
        assertThat(Objects.requireNonNull(backlog.drop(waiting.key())).place().offset())
                .isEqualTo(7);
        assertThat(backlog.drop(waiting.key())).isNull();
        assertThat(backlog.size()).isEqualTo(499);
        assertThat(backlog.add(waiting)).as("the later one has its room").isTrue();
        assertThat(backlog.add(question("t", 0, 1))).isFalse();
    }

    @Test
    void tenantThatFillsItsShareLeavesHalfToTheOthers() {
        assertThat(fill("a", 1)).isEqualTo(500);
        assertThat(fill("b", 1)).isEqualTo(250);
        for (int i = 0; i < 5; i++) {
            fill("tenant " + i, 1);
        }

        assertThat(backlog.add(question("late", 0, 1))).as("still room").isTrue();
        assertThat(backlog.add(question("a", 1, 1)))
                .as("another partition has room of its own")
                .isTrue();
        assertThat(backlog.size()).isLessThanOrEqualTo(AskedOffsets.OPEN_MAX + 1);
    }

    @Test
    void largeMessagesAreBoundedByTheirBytes() {
        assertThat(fill("a", 1 << 20)).isEqualTo(32);
        assertThat(backlog.add(question("b", 1, 1 << 20))).isTrue();
    }

    @Test
    void waitingQuestionsOfAPartitionAreLeftAndTheirRoomIsFree() {
        fill("t", 1);
        Question asked = Objects.requireNonNull(backlog.next());
        backlog.add(question("t", 1, 1));

        backlog.leave(new TopicPartition("t", 0));

        assertThat(backlog.size()).isEqualTo(2);
        assertThat(Objects.requireNonNull(backlog.next()).place().partition().partition())
                .isEqualTo(1);
        backlog.ended(asked);
        assertThat(backlog.size()).isEqualTo(1);
        assertThat(fill("t", 1)).isEqualTo(500);
    }
}
