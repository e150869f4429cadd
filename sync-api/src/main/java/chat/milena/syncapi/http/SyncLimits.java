package chat.milena.syncapi.http;

import java.util.ArrayList;
import java.util.List;

/// How much a call that reads may ask for, and how much is done at once. Immutable.
///
/// @param callsInProgressMax HTTP calls in progress; beyond it 503
/// @param syncsInProgressMax syncs in progress, by whichever way they came; beyond it 503
/// @param bodyBytesMax the longest body; beyond it 413
/// @param conversationsMax conversations that a sync may name; beyond it 413
/// @param entriesMax timeline entries that a sync answers for each conversation
/// @param newConversationsMax conversations that a sync tells of unasked; beyond it there is a cursor
/// @param pageMax entries, lines or people of a page
/// @param pageDefault as many where nothing is asked for
/// @param membershipsMax conversations of a user that the inbox knows, the latest; beyond it the answer is marked as
/// cut
/// @param answerBytesMax about how long an answer may be; what does not fit comes with the next page or sync
/// @param userRate what a user's calls may cost in a second, ten seconds' worth at once; 0 is no limit
public record SyncLimits(
        int callsInProgressMax,
        int syncsInProgressMax,
        int bodyBytesMax,
        int conversationsMax,
        int entriesMax,
        int newConversationsMax,
        int pageMax,
        int pageDefault,
        int membershipsMax,
        long answerBytesMax,
        int userRate) {
    /// What the protocol promises.
    public static final SyncLimits DEFAULT =
            new SyncLimits(1_000, 200, bodyBytesMax(64 * 1024, 500), 500, 100, 500, 200, 50, 2_000, 1024 * 1024, 20);

    /// A conversation's longest id and number, and the names of its fields.
    private static final int NAMED_BYTES = 122;

    /// What stands around the conversations of a sync.
    private static final int REQUEST_BYTES = 4 * 1024;

    public SyncLimits {
        List<String> errors = new ArrayList<>();
        atLeastOne(errors, "callsInProgressMax", callsInProgressMax);
        atLeastOne(errors, "syncsInProgressMax", syncsInProgressMax);
        atLeastOne(errors, "bodyBytesMax", bodyBytesMax);
        atLeastOne(errors, "conversationsMax", conversationsMax);
        atLeastOne(errors, "entriesMax", entriesMax);
        atLeastOne(errors, "newConversationsMax", newConversationsMax);
        atLeastOne(errors, "pageMax", pageMax);
        atLeastOne(errors, "pageDefault", pageDefault);
        atLeastOne(errors, "membershipsMax", membershipsMax);
        atLeastOne(errors, "answerBytesMax", answerBytesMax);
        if (pageDefault > pageMax) {
            errors.add("pageDefault must be at most pageMax");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

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
