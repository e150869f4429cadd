package chat.milena.topology.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.deadletter.DeadLetters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandGuardTest {
    private static final Record<byte[], byte[]> RECORD = new Record<>(new byte[] {1}, new byte[] {2}, 3);

    private final MockProcessorContext<LogKey, SpecificRecord> context = new MockProcessorContext<>();
    private final List<Answer> answers = new ArrayList<>();
    private final CommandGuard guard = new CommandGuard(
            new DeadLetters(
                    context,
                    new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), ShippedSchemas.load())
                            .deadLetters(),
                    topic -> {}),
            (inbound, answer) -> answers.add(answer));

    private static InboundCommand inbound(String userId) {
        InboundCommand command = new InboundCommand();
        command.setTenant("default");
        command.setConversationId("");
        command.setUserId(userId);
        command.setKind("user.profile");
        command.setOrigin(new CommandOrigin("gw", "rest", 7L));
        command.setAcceptedAt(Instant.EPOCH);
        return command;
    }

    @BeforeEach
    void readRecord() {
        context.setRecordMetadata("commands", 0, 0);
        context.setCurrentSystemTimeMs(0);
    }

    private List<String> deadLetters() {
        return context.forwarded().stream()
                .map(forwarded -> ((DeadLetter) forwarded.record().value()).getReason())
                .toList();
    }

    @Test
    void stepThatFailsMakesADeadLetterAndAnswersTheSender() {
        String given = guard.guarded(RECORD, inbound("alice"), "rules", () -> {
            throw new IllegalArgumentException("secret");
        });

        assertThat(given).isNull();
        assertThat(deadLetters())
                .singleElement()
                .asString()
                .startsWith("rules: ")
                .doesNotContain("secret");
        assertThat(answers).singleElement().isInstanceOf(Answer.Rejected.class);
    }

    @Test
    void stepThatGoesWellChangesNothing() {
        assertThat(guard.guarded(RECORD, inbound("alice"), "rules", () -> "done"))
                .isEqualTo("done");
        assertThat(deadLetters()).isEmpty();
        assertThat(answers).isEmpty();
    }

    @Test
    void nobodyIsAnsweredWhoIsNotNamed() {
        guard.reject(RECORD, inbound("no id"), "userId: not an id");

        assertThat(deadLetters()).containsExactly("userId: not an id");
        assertThat(answers).isEmpty();
    }

    @Test
    void faultsOfOurOwnStateStopTheTask() {
        RuntimeException lost = new IllegalStateException("store");

        assertThatThrownBy(() -> guard.guarded(
                        RECORD,
                        inbound("alice"),
                        "rules",
                        () -> LookupException.checked(() -> {
                            throw lost;
                        })))
                .isSameAs(lost);
        assertThatThrownBy(() -> guard.guarded(RECORD, inbound("alice"), "rules", () -> {
                    throw new BrokenInvariantException("broken");
                }))
                .isInstanceOf(BrokenInvariantException.class);
        assertThat(deadLetters()).isEmpty();
        assertThat(answers).isEmpty();
    }
}
