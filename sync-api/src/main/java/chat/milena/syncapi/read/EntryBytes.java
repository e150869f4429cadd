package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The maximum size of an entry as JSON in UTF-8, computed before it is made. Pure.
final class EntryBytes {
    /// Names of fields, numbers and times; and a range of missing numbers beside the entry.
    private static final int FIELDS_BYTES = 480;

    private static final int PARTICIPANT_FIELDS_BYTES = 32;

    /// A quote with a messageId of 64 characters.
    private static final int QUOTE_BYTES = 150;

    /// A place in a thread whose messageId has 64 characters.
    private static final int PLACE_BYTES = 150;

    /// The quotes and the comma of an id in a list.
    private static final int QUOTES_BYTES = 3;

    /// A control character as an escape, such as `\u0001`.
    private static final int ESCAPE_BYTES = 6;

    private EntryBytes() {}

    /// The maximum size of the entry of an event, with the missing numbers before it.
    static long of(TimelineEvent event) {
        long bytes = FIELDS_BYTES + ofText(event.getKind()) + ofText(event.getActorId());
        for (Participant participant : event.getParticipants()) {
            bytes += PARTICIPANT_FIELDS_BYTES + ofText(participant.getUserId());
        }
        if (event.getConversation() != null) {
            bytes += ofText(event.getConversation().getName())
                    + ofText(event.getConversation().getAvatarUrl())
                    + ofText(event.getConversation().getCustom());
        }
        if (event.getChange() != null) {
            bytes += ofText(event.getChange().getMessageId())
                    + ofText(event.getChange().getReason());
        }
        if (event.getDeletedBy() != null) {
            bytes += ofText(event.getDeletedBy());
        }
        if (event.getMessage() != null) {
            bytes += of(event.getMessage());
        }
        return bytes;
    }

    private static long of(Message message) {
        Content content = message.getContent();
        return ofText(message.getMessageId())
                + ofText(content.getText())
                + ofText(content.getMediaUrl())
                // A JSON text, which is no longer within other JSON, but the escapes are counted twice.
                + ofText(content.getMetadata())
                + of(content.getMentions())
                + (message.getReplyTo() == null ? 0 : QUOTE_BYTES)
                + (message.getThread() == null ? 0 : PLACE_BYTES);
    }

    private static long of(@Nullable Mentions mentions) {
        long bytes = 0;
        for (String userId : mentions == null ? List.<String>of() : mentions.getUserIds()) {
            bytes += QUOTES_BYTES + ofText(userId);
        }
        return bytes;
    }

    /// The size of a text between its quotes; 0 without one.
    static long ofText(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += ofChar(text.charAt(i));
        }
        return bytes;
    }

    /// Each half of a surrogate pair counts half of four bytes.
    private static int ofChar(char c) {
        if (c < ' ') {
            return ESCAPE_BYTES;
        }
        if (c == '"' || c == '\\') {
            return 2;
        }
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
