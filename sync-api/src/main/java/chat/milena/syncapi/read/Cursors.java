package chat.milena.syncapi.read;

import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ReportKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The cursors of pages: written for clients, and read from them again. Pure.
///
/// Each call has a prefix of its own, so that a cursor of another call is detected.
public final class Cursors {
    private static final String SEQUENCE = "seq_";
    private static final String USER = "user_";
    private static final String BAN = "ban_";
    private static final String NEW_CONVERSATIONS = "new_";
    private static final String INBOX = "inbox_";
    private static final String THREAD = "thread_";
    private static final String REPORT = "report_";
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,15})/([^/]+)/([^/]+)");
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final Pattern WALK = Pattern.compile("([0-9]{1,15}):([ab]):([0-9]{1,15}):(.*)");

    private Cursors() {}

    /// A position in the inbox: the line of this conversation, whose last message was at this time.
    public record InboxPlace(long epochMillis, String conversationId) {}

    /// How far a walk through the inbox has come.
    ///
    /// @param begunMillis when it began
    /// @param again whether it has reached the end, and returns conversations with new messages again
    /// @param after the last line that was returned
    public record InboxWalk(long begunMillis, boolean again, InboxPlace after) {}

    /// A place among the threads that somebody follows: the thread of this message, whose last reply was at this time.
    public record ThreadPlace(long epochMillis, String conversationId, String rootId) {}

    /// The order of threads.
    public static final Comparator<ThreadPlace> LATEST_THREAD_FIRST = Comparator.comparingLong(ThreadPlace::epochMillis)
            .reversed()
            .thenComparing(ThreadPlace::conversationId)
            .thenComparing(ThreadPlace::rootId);

    /// A place among the threads that somebody follows.
    public static String thread(ThreadPlace place) {
        String text = place.epochMillis() + "/" + place.conversationId() + "/" + place.rootId();
        return THREAD + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads a place among the threads that somebody follows.
    public static Optional<ThreadPlace> parseThread(String cursor) {
        return place(THREAD, cursor)
                .map(place -> new ThreadPlace(Long.parseLong(place.group(1)), place.group(2), place.group(3)));
    }

    /// A time, a conversation and a message.
    private static Optional<MatchResult> place(String prefix, String cursor) {
        if (!cursor.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor.substring(prefix.length()));
            Matcher place = PLACE.matcher(new String(bytes, StandardCharsets.UTF_8));
            return place.matches() && Ids.isValid(place.group(2)) && Ids.isValidMessageId(place.group(3))
                    ? Optional.of(place.toMatchResult())
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// A position in a timeline.
    public static String sequence(long sequenceNumber) {
        return SEQUENCE + sequenceNumber;
    }

    /// Reads a position in a timeline, or a plain sequence number.
    public static OptionalLong parseSequence(String cursorOrNumber) {
        return number(
                cursorOrNumber.startsWith(SEQUENCE) ? cursorOrNumber.substring(SEQUENCE.length()) : cursorOrNumber);
    }

    /// A position among the members of a conversation.
    public static String user(String userId) {
        return USER + userId;
    }

    /// Reads a position among the members of a conversation.
    public static Optional<String> parseUser(String cursor) {
        return id(USER, cursor);
    }

    /// A position among the bans of a tenant.
    ///
    /// @param conversationId null for the whole tenant
    public static String ban(String userId, @Nullable String conversationId) {
        return BAN + userId + ":" + (conversationId == null ? "" : conversationId);
    }

    /// Reads a position among the bans of a tenant.
    public static Optional<BanKey> parseBan(String tenant, String cursor) {
        String[] parts = cursor.startsWith(BAN) ? cursor.substring(BAN.length()).split(":", -1) : new String[0];
        return parts.length == 2 && Ids.isValid(parts[0]) && (parts[1].isEmpty() || Ids.isValid(parts[1]))
                ? Optional.of(new BanKey(tenant, parts[0], parts[1]))
                : Optional.empty();
    }

    /// A position in the queue of the moderators.
    public static String report(long openedMillis, String conversationId, String messageId) {
        String text = openedMillis + "/" + conversationId + "/" + messageId;
        return REPORT + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads a position in the queue of the moderators.
    public static Optional<ReportKey> parseReport(String tenant, boolean decided, String cursor) {
        return place(REPORT, cursor)
                .map(place ->
                        new ReportKey(tenant, decided, Long.parseLong(place.group(1)), place.group(2), place.group(3)));
    }

    /// A walk through the inbox.
    public static String inbox(InboxWalk walk) {
        return walk(INBOX, walk);
    }

    /// Reads a walk through the inbox.
    public static Optional<InboxWalk> parseInbox(String cursor) {
        return parseWalk(INBOX, cursor);
    }

    /// A walk through the conversations that a client does not list in its sync.
    public static String newConversations(InboxWalk walk) {
        return walk(NEW_CONVERSATIONS, walk);
    }

    /// Reads such a walk.
    public static Optional<InboxWalk> parseNewConversations(String cursor) {
        return parseWalk(NEW_CONVERSATIONS, cursor);
    }

    private static String walk(String prefix, InboxWalk walk) {
        String text = walk.begunMillis()
                + (walk.again() ? ":b:" : ":a:")
                + walk.after().epochMillis() + ":" + walk.after().conversationId();
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<InboxWalk> parseWalk(String prefix, String cursor) {
        if (!cursor.startsWith(prefix)) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor.substring(prefix.length()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        Matcher walk = WALK.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!walk.matches() || !(walk.group(4).isEmpty() || Ids.isValid(walk.group(4)))) {
            return Optional.empty();
        }
        return Optional.of(new InboxWalk(
                Long.parseLong(walk.group(1)),
                walk.group(2).equals("b"),
                new InboxPlace(Long.parseLong(walk.group(3)), walk.group(4))));
    }

    private static Optional<String> id(String prefix, String cursor) {
        if (!cursor.startsWith(prefix)) {
            return Optional.empty();
        }
        String id = cursor.substring(prefix.length());
        return Ids.isValid(id) ? Optional.of(id) : Optional.empty();
    }

    private static OptionalLong number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            // 19 digits can exceed a long.
            return OptionalLong.empty();
        }
    }
}
