package chat.milena.bench.reads;

import chat.milena.bench.answer.PagePosition;
import java.util.List;
import java.util.stream.Stream;

/// The outcome of reading history.
///
/// @param lastSequence the conversation's end when it began
/// @param examples the first wrong pages, in words
public record HistoryResult(
        String conversationId,
        long lastSequence,
        int readers,
        int limit,
        long seed,
        List<AtPosition> positions,
        List<String> examples) {

    public HistoryResult {
        positions = List.copyOf(positions);
        examples = List.copyOf(examples);
    }

    /// The reads of one position.
    ///
    /// @param rates at the given rates, then those of the search
    /// @param heldRate the highest rate that kept the bound with nothing wrong or refused; 0 if none did
    public record AtPosition(PagePosition at, ReadStep closed, List<ReadStep> rates, double heldRate) {
        public AtPosition {
            rates = List.copyOf(rates);
        }
    }

    /// Whether no page was wrong, at any rate, and no read of the closed loops was refused.
    public boolean clean() {
        return positions.stream()
                .allMatch(one -> one.closed.clean()
                        && Stream.concat(Stream.of(one.closed), one.rates.stream())
                                .allMatch(step -> step.wrong() == 0));
    }
}
