package chat.milena.syncapi.http;

import chat.milena.conversation.state.PersonalState;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.Cursors.InboxPlace;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer.ConversationIds;
import chat.milena.syncapi.read.ReadAnswer.Kept;
import chat.milena.syncapi.read.ReadAnswer.Placed;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds a user's conversations, the one with the latest message first. Safe for all threads; waits for the views.
///
/// Ids do not decide which conversations are found: all memberships are walked through, at most [#WALKED_MAX], a
/// part at a time. For each conversation only the time of its last message is read, and the latest are kept, as
/// many as the inbox knows.
final class Latest {
    /// Maximum number of memberships of a user that are read.
    static final int WALKED_MAX = 20_000;

    /// Memberships, and positions of conversations, in memory at a time.
    private static final int STRETCH = 2_000;

    /// How far a pinned conversation is ahead of others: more than any time before the year 5138.
    static final long PINNED_MILLIS = 100_000_000_000_000L;

    /// A character of a draft, as JSON.
    private static final int CHARACTER_BYTES_MAX = 6;

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
    /// @param bytesMax maximum size of its line in an inbox
    /// @param kept the user's own state; null without one
    /// @param hidden whether the user hid it, and no message came since
    record Line(InboxPlace place, long bytesMax, @Nullable Kept kept, boolean hidden) {
        /// When its last message was sent.
        long lastEventMillis() {
            return place.epochMillis() % PINNED_MILLIS;
        }

        String conversationId() {
            return place.conversationId();
        }
    }

    /// The result.
    ///
    /// @param lines the latest first
    /// @param isCut whether the user has more
    record Found(List<Line> lines, boolean isCut) {}

    /// Which conversations are wanted, and in which order.
    private interface Choice {
        /// Whether its position must be read.
        boolean mayHold(String conversationId, @Nullable Kept kept);

        /// Its line; null if it is not wanted.
        @Nullable
        Line line(String conversationId, @Nullable Kept kept, Placed placed);
    }

    /// All wanted ones, the one with the latest message first.
    private record Any(Predicate<String> wanted) implements Choice {
        @Override
        public boolean mayHold(String conversationId, @Nullable Kept kept) {
            return wanted.test(conversationId);
        }

        @Override
        public Line line(String conversationId, @Nullable Kept kept, Placed placed) {
            return new Line(new InboxPlace(placed.lastEventAt(), conversationId), placed.bytesMax(), kept, false);
        }
    }

    /// Those of an inbox, pinned first: the archived ones, or those that are neither archived nor hidden.
    private record OfInbox(boolean archived) implements Choice {
        @Override
        public boolean mayHold(String conversationId, @Nullable Kept kept) {
            return archived == (kept != null && kept.archived());
        }

        @Override
        public @Nullable Line line(String conversationId, @Nullable Kept kept, Placed placed) {
            if (kept == null) {
                return new Line(new InboxPlace(placed.lastEventAt(), conversationId), placed.bytesMax(), null, false);
            }
            boolean hidden = PersonalState.isHidden(kept.hiddenAtOrdinal(), placed.messageOrdinal());
            if (hidden && !archived) {
                return null;
            }
            long first = kept.pinned() ? PINNED_MILLIS : 0;
            return new Line(
                    new InboxPlace(first + placed.lastEventAt(), conversationId),
                    placed.bytesMax() + (long) CHARACTER_BYTES_MAX * kept.draftChars(),
                    kept,
                    hidden);
        }
    }

    /// The user's conversations, without unwanted ones.
    Found of(UserKey user, Predicate<String> wanted) throws ReadsUnavailableException {
        return among(Read.Memberships::new, user, new Any(wanted));
    }

    /// Those of the user's inbox, pinned ones first.
    ///
    /// @param archived whether the archived ones are wanted
    Found ofInbox(UserKey user, boolean archived) throws ReadsUnavailableException {
        return among(Read.Memberships::new, user, new OfInbox(archived));
    }

    /// The ids of the conversations of the user's inbox, in no order. Positions are read only if some conversations may
    /// not belong to it: because the user hid them, or has too many.
    Set<String> inboxIds(UserKey user) throws ReadsUnavailableException {
        ConversationIds all = found(new Read.Memberships(user, "", knownMax + 1));
        boolean isPlain = all.conversationIds().size() <= knownMax
                && all.kept().stream().allMatch(kept -> kept.hiddenAtOrdinal() == null);
        Set<String> ids = new HashSet<>();
        if (isPlain) {
            ids.addAll(all.conversationIds());
            all.kept().stream().filter(Kept::archived).forEach(kept -> ids.remove(kept.conversationId()));
        } else {
            ofInbox(user, false).lines().forEach(line -> ids.add(line.conversationId()));
        }
        return ids;
    }

    private Found among(Stretches stretches, UserKey user, Choice choice) throws ReadsUnavailableException {
        PriorityQueue<Line> latest = new PriorityQueue<>(ORDER.reversed());
        boolean isCut = false;
        String after = "";
        for (int walked = 0; ; walked += STRETCH) {
            ConversationIds found = found(stretches.read(user, after, STRETCH));
            List<String> stretch = found.conversationIds();
            for (Line line : lines(user, found, choice)) {
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

    /// The ids of the latest conversations that the user has joined in, as many as an inbox knows.
    Collection<String> joinedIds(UserKey user) throws ReadsUnavailableException {
        List<String> all = ids(new Read.Joined(user, "", knownMax + 1));
        if (all.size() <= knownMax) {
            return all;
        }
        return among(Read.Joined::new, user, new Any(any -> true)).lines().stream()
                .map(Line::conversationId)
                .toList();
    }

    /// Reads conversations of a user in the order of their ids.
    @FunctionalInterface
    private interface Stretches {
        Read<ConversationIds> read(UserKey user, String afterConversationId, int limit);
    }

    private List<String> ids(Read<ConversationIds> read) throws ReadsUnavailableException {
        return found(read).conversationIds();
    }

    private ConversationIds found(Read<ConversationIds> read) throws ReadsUnavailableException {
        return switch (reads.ask(List.of(read)).getFirst()) {
            case ReadAnswer.Answered<ConversationIds>(var ids) -> ids;
            case ReadAnswer.Refused<ConversationIds> refused -> new ConversationIds(List.of(), List.of());
        };
    }

    private List<Line> lines(UserKey user, ConversationIds found, Choice choice) throws ReadsUnavailableException {
        Map<String, Kept> kept = new HashMap<>();
        found.kept().forEach(one -> kept.put(one.conversationId(), one));
        List<String> conversationIds = found.conversationIds().stream()
                .filter(id -> choice.mayHold(id, kept.get(id)))
                .toList();
        List<Read.Place> places = conversationIds.stream()
                .map(id -> new Read.Place(new ConversationKey(user.tenant(), id), user.userId()))
                .toList();
        List<Line> lines = new ArrayList<>(places.size());
        List<ReadAnswer<Placed>> answers = places.isEmpty() ? List.of() : reads.ask(places);
        for (int i = 0; i < answers.size(); i++) {
            switch (answers.get(i)) {
                case ReadAnswer.Answered<Placed>(var placed) -> {
                    String id = conversationIds.get(i);
                    Line line = choice.line(id, kept.get(id), placed);
                    if (line != null) {
                        lines.add(line);
                    }
                }
                // The user left in between.
                case ReadAnswer.Refused<Placed> refused -> {}
            }
        }
        return lines;
    }
}
