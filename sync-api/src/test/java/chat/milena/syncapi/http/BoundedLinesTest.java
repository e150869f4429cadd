package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.json.JsonText;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.Refusal;
import chat.milena.syncapi.http.BoundedLines.Shown;
import chat.milena.syncapi.http.Latest.Line;
import chat.milena.syncapi.read.Cursors.InboxPlace;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {
    private static final int GUESS = 300;
    private static final int LARGE = 4_000;

    private final Set<String> large = Set.of("c2", "c5", "c6");
    private final Set<String> left = Set.of("c0", "c4");

    /// Lines that turn out to be larger than was guessed end the answer in time, and are the next one's first.
    @Test
    void linesLargerThanGuessedAreLeftForTheNextAnswer() throws ReadsUnavailableException {
        List<Integer> taken = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        int from = 0;
        while (from < 9) {
            Shown<ConversationView> shown = lines(from, 2 * LARGE);
            shown.lines().forEach(line -> seen.add(line.conversationId()));
            long bytes = shown.lines().stream()
                    .mapToLong(line -> ProtocolJson.bytes(line).length + 1)
                    .sum();
            assertThat(shown.bytes()).isEqualTo(bytes).isLessThanOrEqualTo(2 * LARGE);
            taken.add(shown.taken());
            from += shown.taken();
        }

        assertThat(seen).as("each once, in order").containsExactly("c1", "c2", "c3", "c5", "c6", "c7", "c8");
        assertThat(taken).containsExactly(5, 1, 3);
    }

    @Test
    void theFirstLineIsShownHoweverLargeItIs() throws ReadsUnavailableException {
        Shown<ConversationView> shown = lines(5, 10);

        assertThat(shown.lines()).extracting(ConversationView::conversationId).containsExactly("c5");
        assertThat(shown.taken()).isOne();
    }

    private Shown<ConversationView> lines(int from, long bytesMax) throws ReadsUnavailableException {
        List<Line> lines = IntStream.range(from, 9)
                .mapToObj(i -> new Line(new InboxPlace(9 - i, "c" + i), GUESS, null, false))
                .toList();
        return new BoundedLines(new Answers())
                .show(
                        lines,
                        100,
                        bytesMax,
                        line -> new Read.Describe(new ConversationKey("t", line.conversationId()), "alice"));
    }

    private final class Answers implements Reads {
        @Override
        public List<ReadAnswer<?>> askAny(List<? extends Read<?>> reads) {
            return reads.stream()
                    .<ReadAnswer<?>>map(
                            read -> answer(((Read.Describe) read).conversation().conversationId()))
                    .toList();
        }

        private ReadAnswer<ConversationView> answer(String id) {
            if (left.contains(id)) {
                return new ReadAnswer.Refused<>(Refusal.NO_SUCH_CONVERSATION);
            }
            JsonText custom = large.contains(id) ? new JsonText("{\"a\":\"" + "x".repeat(LARGE) + "\"}") : null;
            return new ReadAnswer.Answered<>(
                    new ConversationView(id, "group", "g", null, custom, List.of(), 1, null, 1, ""));
        }
    }
}
