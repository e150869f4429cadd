package chat.milena.topology.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.rules.RuleBook;
import chat.milena.conversation.rules.Rules;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.topology.command.CommandReader;
import chat.milena.topology.command.PastEvents;
import chat.milena.topology.command.PastEvents.Past;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules that change, here to stricter ones in the middle of a log.
class RulesVersionTest {
    private static final Rules FIRST = RuleBook.of(
                    SequencerRun.MEMBERS_MAX,
                    SequencerRun.LARGE_FROM,
                    SequencerRun.LARGE_FROM - 1,
                    Duration.ofDays(30),
                    Duration.ZERO)
            .version(1);
    private static final RuleBook BOTH = new RuleBook(List.of(
            FIRST,
            (state, command, lookups, now) ->
                    command instanceof SendMessage && command.userId().equals("a")
                            ? Changes.rejected(ErrorCode.FORBIDDEN, "no longer")
                            : FIRST.decide(state, command, lookups, now)));

    @TempDir
    private Path folder;

    private int handled;

    @Test
    void reRunGivesEqualRecordsAfterTheRulesHaveChanged() {
        SequencerRun run = run("run", (key, number) -> new Past(handled <= SequencerRun.COMMANDS / 2 ? 1 : 2, null));
        Map<EventKey, Integer> versions = new HashMap<>();
        for (TimelineEvent event : events(run)) {
            ConversationKey key = new ConversationKey(event.getTenant(), event.getConversationId());
            versions.put(new EventKey(key, event.getSequenceNumber()), event.getRulesVersion());
        }

        SequencerRun again = run(
                "again",
                (key, number) -> new Past(versions.getOrDefault(new EventKey(key, number), BOTH.newest()), null));
        SequencerRun byTheNewest = run("newest", PastEvents.NONE);

        assertThat(versions.values()).contains(1, 2);
        for (TopicSpec<?, ?> topic : List.of(
                SequencerRun.TOPICS.messages(),
                SequencerRun.TOPICS.fanout(),
                SequencerRun.TOPICS.members(),
                SequencerRun.TOPICS.receipts())) {
            assertThat(again.digest(topic.name())).as(topic.name()).isEqualTo(run.digest(topic.name()));
        }
        assertThat(events(byTheNewest)).as("what the versions are for").isNotEqualTo(events(run));
    }

    @Test
    void everyEventCarriesTheVersionThatMadeIt() {
        SequencerRun run = SequencerRun.of(
                folder,
                Decider.of(RuleBook.of(
                        SequencerRun.MEMBERS_MAX,
                        SequencerRun.LARGE_FROM,
                        SequencerRun.LARGE_FROM - 1,
                        Duration.ofDays(30),
                        Duration.ZERO)),
                command -> {});
        TopicSpec<?, FanoutEvent> fanout = SequencerRun.TOPICS.fanout();

        assertThat(events(run)).extracting(TimelineEvent::getRulesVersion).containsOnly(1);
        assertThat(run.values(fanout.name(), fanout.values().deserializer()))
                .extracting(event -> event.getEvent().getRulesVersion())
                .containsOnly(1);
    }

    @Test
    void versionOfANewerReleaseStopsTheTask() {
        assertThatExceptionOfType(BrokenInvariantException.class).isThrownBy(() -> BOTH.version(3));
        assertThatExceptionOfType(BrokenInvariantException.class).isThrownBy(() -> BOTH.version(0));
    }

    private SequencerRun run(String name, PastEvents past) {
        handled = 0;
        return SequencerRun.of(
                folder.resolve(name), new Decider(CommandReader::read, BOTH, past), command -> handled++);
    }

    private static List<TimelineEvent> events(SequencerRun run) {
        TopicSpec<?, TimelineEvent> messages = SequencerRun.TOPICS.messages();
        return run.values(messages.name(), messages.values().deserializer());
    }
}
