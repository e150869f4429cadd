package chat.milena.topology.sequencer;

import static chat.milena.topology.Approved.assertApproved;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.rules.RuleBook;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.word.CommandKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One log of commands gives the same records, byte for byte, whatever becomes of the code: in every topic, the
/// changelogs of the stores among them.
class ApprovedRecordsTest {
    private final Map<Long, String> kinds = new HashMap<>();

    @TempDir
    private Path stateFolder;

    @Test
    void oneLogGivesTheApprovedRecords() throws IOException {
        Decider decider = Decider.of(RuleBook.of(
                SequencerRun.MEMBERS_MAX,
                SequencerRun.LARGE_FROM,
                SequencerRun.LARGE_FROM - 1,
                Duration.ofDays(30),
                Duration.ZERO));

        SequencerRun run = SequencerRun.of(
                stateFolder, decider, command -> kinds.put(command.getOrigin().getCommandId(), command.getKind()));

        assertApproved(digests(run) + "\n" + answers(run), "sequencer-records.txt");
    }

    /// As above, of a log with every kind of command.
    @Test
    void allKindsOfCommandsGiveTheApprovedRecords() throws IOException {
        Decider decider = Decider.of(RuleBook.of(
                SequencerRun.MEMBERS_MAX,
                SequencerRun.LARGE_FROM,
                SequencerRun.LARGE_FROM - 1,
                Duration.ofDays(30),
                Duration.ZERO));
        LaterCommands later = new LaterCommands(42);

        SequencerRun run = SequencerRun.of(stateFolder, decider, command -> {
            later.change(command);
            kinds.put(command.getOrigin().getCommandId(), command.getKind());
        });

        assertThat(kinds.values())
                .containsAll(Stream.of(CommandKind.values())
                        .filter(kind -> !kind.isOfUser() && !kind.isOfModeration())
                        .map(CommandKind::word)
                        .toList());
        assertApproved(digests(run) + "\n" + answers(run), "sequencer-records-of-all-kinds.txt");
    }

    /// Since then records have gained fields and nothing else: without these they are the same, byte for byte.
    @Test
    void readersOfAnOlderReleaseSeeTheRecordsOfThatRelease() throws IOException {
        Decider decider = Decider.of(RuleBook.of(
                SequencerRun.MEMBERS_MAX,
                SequencerRun.LARGE_FROM,
                SequencerRun.LARGE_FROM - 1,
                Duration.ofDays(30),
                Duration.ZERO));
        OlderSchemas older = new OlderSchemas(SequencerRun.IDS, 26);

        SequencerRun run = SequencerRun.of(stateFolder, decider, command -> {});

        assertApproved(digests(run, older::rewrite), "sequencer-records-of-schemas-to-26.txt");
    }

    private static String digests(SequencerRun run) {
        return digests(run, value -> value);
    }

    private static String digests(SequencerRun run, UnaryOperator<byte @Nullable []> seen) {
        StringBuilder lines = new StringBuilder();
        run.topics().keySet().forEach(topic -> lines.append("%s %s%n".formatted(topic, run.digest(topic, seen))));
        return lines.toString();
    }

    /// How often each kind of command was answered how: what the log puts to the test.
    private String answers(SequencerRun run) {
        Map<String, Integer> answers = new TreeMap<>();
        var deliveries = SequencerRun.TOPICS.deliveries();
        for (Delivery delivery :
                run.values(deliveries.name(), deliveries.values().deserializer())) {
            count(delivery.getOutcome(), answers);
        }
        var fanout = SequencerRun.TOPICS.fanout();
        for (FanoutEvent event : run.values(fanout.name(), fanout.values().deserializer())) {
            count(event.getOutcome(), answers);
        }
        StringBuilder lines = new StringBuilder();
        answers.forEach((answer, times) -> lines.append("%s %d%n".formatted(answer, times)));
        return lines.toString();
    }

    private void count(@Nullable CommandOutcome outcome, Map<String, Integer> answers) {
        if (outcome != null) {
            String kind = kinds.get(outcome.getOrigin().getCommandId());
            String code = outcome.getCode() == null ? "" : " " + outcome.getCode();
            answers.merge(kind + " " + outcome.getStatus() + code, 1, Integer::sum);
        }
    }
}
