package chat.milena.syncapi.http;

import java.util.ArrayList;
import java.util.List;

/// How much a call that reads may ask for, and how much is in progress. Immutable.
///
/// @param answerBytesMax about how long an answer may be; what does not fit comes with the next page or sync
/// @param userRate what a user's calls may cost in a second, up to ten seconds' worth in a burst; 0 is no limit
public record SyncLimits(InProgress inProgress, Sync sync, Pages pages, long answerBytesMax, int userRate) {
    /// What the protocol promises.
    public static final SyncLimits DEFAULT = new SyncLimits(
            new InProgress(1_000, 200),
            new Sync(bodyBytesMax(64 * 1024, 500), 500, 100, 500),
            new Pages(200, 50, 2_000),
            1024 * 1024,
            20);

    /// A conversation's longest id and number, and the names of its fields.
    private static final int NAMED_BYTES = 122;

    /// What stands around the conversations of a sync.
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

    /// How much is in progress; beyond it 503.
    ///
    /// @param callsMax HTTP calls
    /// @param syncsMax syncs, whichever way they came
    public record InProgress(int callsMax, int syncsMax) {}

    /// How much a sync asks for and returns.
    ///
    /// @param bodyBytesMax the longest body; beyond it 413
    /// @param conversationsMax conversations that it may name; beyond it 413
    /// @param entriesMax timeline entries of each conversation
    /// @param newConversationsMax conversations that it adds unasked; beyond it there is a cursor
    public record Sync(int bodyBytesMax, int conversationsMax, int entriesMax, int newConversationsMax) {}

    /// How long pages are.
    ///
    /// @param max entries, lines or people of a page
    /// @param usual as many where no limit is asked for
    /// @param membershipsMax conversations of a user that the inbox knows, the latest; beyond it the answer is cut,
    ///     and says so
    public record Pages(int max, int usual, int membershipsMax) {}

    /// The longest body of a sync: a frame, or more where that could not hold all the conversations that it may name.
    public static int bodyBytesMax(int frameBytesMax, int conversationsMax) {
        return Math.max(frameBytesMax, REQUEST_BYTES + NAMED_BYTES * conversationsMax);
    }

    private static void atLeastOne(List<String> errors, String name, long value) {
        if (value < 1) {
            errors.add(name + " must be at least 1");
        }
    }
}
