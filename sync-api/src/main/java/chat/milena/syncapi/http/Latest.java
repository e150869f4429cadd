package chat.milena.syncapi.http;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.Cursors.InboxPlace;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.Read.ConversationIds;
import chat.milena.syncapi.read.Read.Placed;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/// Finds a user's conversations, the one with the latest message first. Safe for all threads; waits for the views.
///
/// Who is in many conversations is not hidden from the latest by their ids: all memberships are walked through, at most
/// [#WALKED_MAX], a stretch at a time; of each conversation only the time of its last message is read; and the latest
/// are
/// kept, as many as the inbox knows.
final class Latest {
    /// Memberships of a user that are looked at.
    static final int WALKED_MAX = 20_000;

    /// Memberships, and places of conversations, that are in memory at a time.
    private static final int STRETCH = 2_000;

    static final Comparator<InboxPlace> LATEST_FIRST =
            Comparator.comparingLong(InboxPlace::epochMillis).reversed().thenComparing(InboxPlace::conversationId);

    private static final Comparator<Line> ORDER = Comparator.comparing(Line::place, LATEST_FIRST);

    private final Reads reads;
    private final int knownMax;

    /// @param knownMax the latest conversations that are kept
    Latest(Reads reads, int knownMax) {
        this.reads = reads;
        this.knownMax = knownMax;
    }

    /// One conversation in the order.
    ///
    /// @param bytesMax how long its line in an inbox may be
    record Line(InboxPlace place, long bytesMax) {
        String conversationId() {
            return place.conversationId();
        }
    }

    /// What was found.
    ///
    /// @param lines the latest first
    /// @param isCut whether the user is in more
    record Found(List<Line> lines, boolean isCut) {}

    /// Their conversations, but for those that are not wanted.
    Found of(UserKey user, Predicate<String> wanted) throws ReadsUnavailableException {
        return among(Read.Memberships::new, user, wanted);
    }

    private Found among(Stretches stretches, UserKey user, Predicate<String> wanted) throws ReadsUnavailableException {
        PriorityQueue<Line> latest = new PriorityQueue<>(ORDER.reversed());
        boolean isCut = false;
        String after = "";
        for (int walked = 0; ; walked += STRETCH) {
            List<String> stretch = ids(stretches.read(user, after, STRETCH));
            for (Line line : lines(user, stretch.stream().filter(wanted).toList())) {
                latest.add(line);
                if (latest.size() > knownMax) {
                    latest.remove();
                    isCut = true;
                }
            }
            if (stretch.size() < STRETCH) {
                break;
            }
            after = stretch.getLast();
            if (walked + STRETCH >= WALKED_MAX) {
                isCut |= !ids(stretches.read(user, after, 1)).isEmpty();
                break;
            }
        }
        return new Found(latest.stream().sorted(ORDER).toList(), isCut);
    }

    /// The ids of as many of the latest conversations that they have joined in as an inbox knows.
    Collection<String> joinedIds(UserKey user) throws ReadsUnavailableException {
        List<String> all = ids(new Read.Joined(user, "", knownMax + 1));
        if (all.size() <= knownMax) {
            return all;
        }
        return among(Read.Joined::new, user, any -> true).lines().stream()
                .map(Line::conversationId)
                .toList();
    }

    /// Asks for conversations of a user in the order of their ids.
    @FunctionalInterface
    private interface Stretches {
        Read<ConversationIds> read(UserKey user, String afterConversationId, int limit);
    }

    private List<String> ids(Read<ConversationIds> read) throws ReadsUnavailableException {
        return switch (reads.ask(List.of(read)).getFirst()) {
            case ReadAnswer.Answered<ConversationIds>(var ids) -> ids.conversationIds();
            case ReadAnswer.Refused<ConversationIds> refused -> List.of();
        };
    }

    private List<Line> lines(UserKey user, List<String> conversationIds) throws ReadsUnavailableException {
        List<Read.Place> places = conversationIds.stream()
                .map(id -> new Read.Place(new ConversationKey(user.tenant(), id), user.userId()))
                .toList();
        List<Line> lines = new ArrayList<>(places.size());
        List<ReadAnswer<Placed>> answers = places.isEmpty() ? List.of() : reads.ask(places);
        for (int i = 0; i < answers.size(); i++) {
            switch (answers.get(i)) {
                case ReadAnswer.Answered<Placed>(var placed) ->
                    lines.add(
                            new Line(new InboxPlace(placed.lastEventAt(), conversationIds.get(i)), placed.bytesMax()));
                // They left in between.
                case ReadAnswer.Refused<Placed> refused -> {}
            }
        }
        return lines;
    }
}
