package chat.milena.syncapi.read;

import chat.milena.schemas.id.Ids;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How the places where pages end are told to clients, and read from them again. Pure.
///
/// Each call has a prefix of its own, so that a cursor from elsewhere is found out.
public final class Cursors {
    private static final String SEQUENCE = "seq_";
    private static final String USER = "user_";
    private static final String CONVERSATION = "conv_";
    private static final String INBOX = "inbox_";
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final Pattern PLACE = Pattern.compile("(0|[1-9][0-9]{0,18}):(.+)");

    private Cursors() {}

    /// A place in the inbox: the line of this conversation, whose last event was at this time.
    public record InboxPlace(long epochMillis, String conversationId) {}

    /// A place in a timeline.
    public static String sequence(long sequenceNumber) {
        return SEQUENCE + sequenceNumber;
    }

    /// Reads a place in a timeline, or a plain sequence number.
    public static OptionalLong parseSequence(String cursorOrNumber) {
        return number(
                cursorOrNumber.startsWith(SEQUENCE) ? cursorOrNumber.substring(SEQUENCE.length()) : cursorOrNumber);
    }

    /// A place among the people of a conversation.
    public static String user(String userId) {
        return USER + userId;
    }

    /// Reads a place among the people of a conversation.
    public static Optional<String> parseUser(String cursor) {
        return id(USER, cursor);
    }

    /// A place among the conversations of a user.
    public static String conversation(String conversationId) {
        return CONVERSATION + conversationId;
    }

    /// Reads a place among the conversations of a user.
    public static Optional<String> parseConversation(String cursor) {
        return id(CONVERSATION, cursor);
    }

    /// A place in an inbox.
    public static String inbox(InboxPlace place) {
        byte[] bytes = (place.epochMillis() + ":" + place.conversationId()).getBytes(StandardCharsets.UTF_8);
        return INBOX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Reads a place in an inbox.
    public static Optional<InboxPlace> parseInbox(String cursor) {
        if (!cursor.startsWith(INBOX)) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor.substring(INBOX.length()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        Matcher place = PLACE.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!place.matches() || !Ids.isValid(place.group(2))) {
            return Optional.empty();
        }
        OptionalLong epochMillis = number(place.group(1));
        return epochMillis.isEmpty()
                ? Optional.empty()
                : Optional.of(new InboxPlace(epochMillis.getAsLong(), place.group(2)));
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
            // 19 digits can be more than a long holds.
            return OptionalLong.empty();
        }
    }
}
