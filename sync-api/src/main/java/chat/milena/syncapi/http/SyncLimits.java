package chat.milena.syncapi.http;

import java.util.ArrayList;
import java.util.List;

/// The bounds of calls that read. Immutable.
///
/// @param answerBytesMax approximate maximum of an answer; the rest comes with the next page or sync
/// @param userRate cost of a user's calls in a second, with bursts of ten seconds' worth; 0 is no limit
public record SyncLimits(InProgress inProgress, Sync sync, Pages pages, long answerBytesMax, int userRate) {
    /// The defaults that the protocol documents.
    public static final SyncLimits DEFAULT = new SyncLimits(
            new InProgress(1_000, 200),
            new Sync(bodyBytesMax(64 * 1024, 500), 500, 100, 500),
            new Pages(200, 50, 2_000),
            1024 * 1024,
            20);

    /// The longest id and number of a conversation, and the names of its fields.
    private static final int NAMED_BYTES = 122;

    /// The size of the rest of the body of a sync.
    private static final int REQUEST_BYTES = 4 * 1024;

    public SyncLimits {
        List<String> errors = new ArrayList<>();
        atLeastOne(errors, "inProgress.callsMax", inProgress.callsMax());
        atLeastOne(errors, "inProgress.syncsMax", inProgress.syncsMax());
        atLeastOne(errors, "sync.bodyBytesMax", sync.bodyBytesMax());
        atLeastOne(errors, "sync.conversationsMax", sync.conversationsMax());
        atLeastOne(errors, "sync.entriesMax", sync.entriesMax());
        atLeastOne(errors, "sync.newConversationsMax", sync.newConversationsMax());
        atLeastOne(errors, "pages.max", pages.max());
        atLeastOne(errors, "pages.usual", pages.usual());
        atLeastOne(errors, "pages.membershipsMax", pages.membershipsMax());
        atLeastOne(errors, "answerBytesMax", answerBytesMax);
        if (pages.usual() > pages.max()) {
            errors.add("pages.usual must be at most pages.max");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// Calls in progress; beyond it 503.
    ///
    /// @param callsMax HTTP calls
    /// @param syncsMax syncs, on all paths
    public record InProgress(int callsMax, int syncsMax) {}

    /// The bounds of a sync.
    ///
    /// @param bodyBytesMax the longest body; beyond it 413
    /// @param conversationsMax conversations that it may list; beyond it 413
    /// @param entriesMax timeline entries of each conversation
    /// @param newConversationsMax other conversations that it returns; beyond it there is a cursor
    public record Sync(int bodyBytesMax, int conversationsMax, int entriesMax, int newConversationsMax) {}

    /// The bounds of pages.
    ///
    /// @param max entries, lines or members of a page
    /// @param usual the default of that
    /// @param membershipsMax latest conversations of a user that the inbox knows; beyond it the answer is marked
    /// as cut
    public record Pages(int max, int usual, int membershipsMax) {}

    /// The longest body of a sync: a frame, or more if a frame could not hold all conversations that a sync may
    /// list.
    public static int bodyBytesMax(int frameBytesMax, int conversationsMax) {
        return Math.max(frameBytesMax, REQUEST_BYTES + NAMED_BYTES * conversationsMax);
    }

    private static void atLeastOne(List<String> errors, String name, long value) {
        if (value < 1) {
            errors.add(name + " must be at least 1");
        }
    }
}
