package chat.milena.syncapi.http;

import chat.milena.syncapi.http.Latest.Line;
import chat.milena.syncapi.read.Cursors.InboxPlace;
import chat.milena.syncapi.read.Cursors.InboxWalk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides which lines a page of an inbox holds. Pure.
///
/// A walk goes from the latest message to the oldest. A conversation that gets a message during the walk moves up,
/// perhaps past the walk. So at its end the walk goes up again, through all conversations that got messages since
/// it began. Going up, nothing can move past it: each conversation is returned at least once.
final class InboxPages {
    /// How much the clock here may be ahead of the clock that dates messages.
    static final long CLOCKS_DIFFER_MILLIS = 10_000;

    private InboxPages() {}

    /// The lines that a page may hold, in order; as many of the first ones as fit are shown.
    ///
    /// @param begunMillis when the walk began
    /// @param down how many of them come before the walk goes up again
    record Candidates(long begunMillis, List<Line> lines, int down) {

        /// Where the next page continues after this many were shown; null if there is none.
        @Nullable
        InboxWalk after(int shown) {
            if (shown >= lines.size()) {
                return null;
            }
            if (shown == down) {
                // The last part begins with the next page.
                return new InboxWalk(begunMillis, true, new InboxPlace(begunMillis - CLOCKS_DIFFER_MILLIS, ""));
            }
            return new InboxWalk(begunMillis, shown > down, lines.get(shown - 1).place());
        }
    }

    /// The candidates of one page.
    ///
    /// @param lines all present lines, the latest first
    /// @param walk where the page begins; empty for the first page
    /// @param nowMillis when this call began
    static Candidates page(List<Line> lines, Optional<InboxWalk> walk, long nowMillis) {
        if (walk.isEmpty()) {
            return new Candidates(nowMillis, lines, lines.size());
        }
        InboxWalk at = walk.get();
        List<Line> page = new ArrayList<>();
        if (!at.again()) {
            lines.stream().filter(line -> isBehind(line, at.after())).forEach(page::add);
        }
        int down = page.size();
        InboxPlace from = at.again() ? at.after() : new InboxPlace(at.begunMillis() - CLOCKS_DIFFER_MILLIS, "");
        Set<Line> shown = new HashSet<>(page);
        lines.reversed().stream()
                .filter(line -> isAbove(line, from) && isSince(line, at) && !shown.contains(line))
                .forEach(page::add);
        return new Candidates(at.begunMillis(), page, down);
    }

    /// Pinned lines are above all others, but only conversations with new messages are returned again.
    private static boolean isSince(Line line, InboxWalk walk) {
        return line.lastEventMillis() >= walk.begunMillis() - CLOCKS_DIFFER_MILLIS;
    }

    private static boolean isAbove(Line line, InboxPlace place) {
        return Latest.LATEST_FIRST.compare(line.place(), place) < 0;
    }

    private static boolean isBehind(Line line, InboxPlace place) {
        return Latest.LATEST_FIRST.compare(line.place(), place) > 0;
    }
}
