package chat.milena.protocol.call;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.ThreadPlace;
import chat.milena.schemas.avro.TimelineEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that a member may have to be notified of, with their conversation. No client sees it.
///
/// @param name of a group
/// @param readUpTo how far the member has read
/// @param messages newest first, deleted and expired ones too
public record Notifiable(boolean direct, @Nullable String name, long readUpTo, List<Line> messages) {

    /// A message as it is now.
    ///
    /// @param timestamp milliseconds since 1970
    /// @param text left out if there is none, or the message was deleted
    /// @param mentioned whether it mentions the member or everybody
    /// @param thread of a reply: its thread
    /// @param noticeSequence the number of the event that released it, if it waited for a moderator; else null
    /// @param expiresAt milliseconds since 1970
    public record Line(
            long sequenceNumber,
            String messageId,
            long timestamp,
            String senderId,
            String type,
            @Nullable String text,
            boolean mentioned,
            @Nullable Reply thread,
            boolean deleted,
            @Nullable Long noticeSequence,
            @Nullable Long expiresAt) {}

    /// How a reply stands to its thread.
    ///
    /// @param rootId the message that begins it
    /// @param alone whether the reply is shown in the thread alone
    public record Reply(String rootId, boolean alone) {}

    /// The line of a message for a member.
    ///
    /// @param event a message
    /// @param noticeSequence the number of the event that notifies of it
    public static Line line(TimelineEvent event, String userId, long noticeSequence) {
        Message message = event.getMessage();
        Content content = message.getContent();
        Mentions mentions = content.getMentions();
        ThreadPlace place = message.getThread();
        return new Line(
                event.getSequenceNumber(),
                message.getMessageId(),
                event.getTimestamp().toEpochMilli(),
                event.getActorId(),
                content.getType(),
                content.getText(),
                mentions != null && (mentions.getAll() || mentions.getUserIds().contains(userId)),
                place == null ? null : new Reply(place.getRoot().getMessageId(), !place.getShowInConversation()),
                event.getDeletedAt() != null,
                noticeSequence == event.getSequenceNumber() ? null : noticeSequence,
                message.getExpiresAt() == null ? null : message.getExpiresAt().toEpochMilli());
    }
}
