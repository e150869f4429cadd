package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.kafka.LogStart;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogMarkTest {
    private static final Map<String, String> TOPICS = Map.of("chat.messages.v1", "Zk3", "chat.members.v1", "Q9");

    private final LogMark mark = new LogMark("mine", List.of("second"), TOPICS);

    private static List<LogStart> starts(String folder, String... ids) {
        return Arrays.stream(ids)
                .map(id -> new LogStart(folder, id, 0, List.of()))
                .toList();
    }

    @Test
    void markComesBackAsItWasWritten() {
        assertThat(LogMark.parse(mark.text())).isEqualTo(mark);
        assertThat(LogMark.parse(null)).isNull();
        assertThat(LogMark.parse("PT720H")).isNull();
    }

    @Test
    void stateIsOfTheLogThatNamesItsLastStart() {
        assertThat(mark.differsFrom(starts("mine", "first", "second"), TOPICS)).isNull();
    }

    @Test
    void olderLogLacksTheLastStart() {
        assertThat(mark.differsFrom(starts("mine", "first"), TOPICS)).isNotNull();
    }

    @Test
    void olderStateLacksTheLastStart() {
        assertThat(mark.differsFrom(starts("mine", "first", "second", "third"), TOPICS))
                .isNotNull();
    }

    @Test
    void anotherLogKnowsNothingOfIt() {
        assertThat(mark.differsFrom(List.of(), TOPICS)).isNotNull();
        assertThat(mark.differsFrom(starts("another", "second"), TOPICS)).isNotNull();
    }

    @Test
    void crashWhileAStartIsWrittenLeavesTheStateAsItIs() {
        LogMark between = mark.withStarts("third", "second");

        assertThat(between.differsFrom(starts("mine", "second"), TOPICS)).isNull();
        assertThat(between.differsFrom(starts("mine", "second", "third"), TOPICS))
                .isNull();
        assertThat(between.differsFrom(starts("mine", "first"), TOPICS)).isNotNull();
    }

    @Test
    void topicThatWasMadeAgainIsAnotherOne() {
        List<LogStart> known = starts("mine", "second");

        assertThat(mark.differsFrom(known, Map.of("chat.messages.v1", "Xx", "chat.members.v1", "Q9")))
                .contains("chat.messages.v1");
        assertThat(mark.differsFrom(known, Map.of("chat.messages.v1", "Zk3", "chat.members.v1", "Q9", "new", "1")))
                .isNull();
    }
}
