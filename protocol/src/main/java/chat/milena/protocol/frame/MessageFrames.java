package chat.milena.protocol.frame;

import chat.milena.protocol.timeline.Disclosed;
import chat.milena.protocol.timeline.Held;
import chat.milena.protocol.timeline.InThread;
import chat.milena.protocol.timeline.MessageContent;
import chat.milena.protocol.timeline.Quote;
import chat.milena.schemas.avro.DisclosedMessage;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageChange;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.TimelineEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Makes the frames of messages, and of what changes their content. Each may be dropped. Pure.
public final class MessageFrames {
    private MessageFrames() {}

    /// A message for every device except the sending one.
    public static ServerFrame created(TimelineEvent event) {
        Message message = event.getMessage();
        return ServerFrame.droppable(
                new FromServer.MessageNew(
                        message.getMessageId(),
                        event.getConversationId(),
                        event.getActorId(),
                        MessageContent.of(message.getContent()),
                        event.getSequenceNumber(),
                        event.getTimestamp().toEpochMilli(),
                        millis(message.getExpiresAt()),
                        Quote.of(message.getReplyTo()),
                        InThread.of(message.getThread(), event.getThread()),
                        Held.mark(event),
                        null),
                event.getConversationId());
    }

    /// A message for those who are not shown it while it waits for a moderator.
    public static ServerFrame hidden(TimelineEvent event) {
        return ServerFrame.droppable(
                new FromServer.MessageNew(
                        null,
                        event.getConversationId(),
                        null,
                        null,
                        event.getSequenceNumber(),
                        event.getTimestamp().toEpochMilli(),
                        null,
                        null,
                        InThread.NONE,
                        null,
                        true),
                event.getConversationId());
    }

    /// The new content of a message, for every device except the editing one.
    ///
    /// @param shown null for members who may not read the message
    public static ServerFrame edited(TimelineEvent event, @Nullable ShownContent shown) {
        return edited(event, shown == null ? null : MessageContent.of(shown.getContent()), Held.mark(event), null);
    }

    /// That a message was edited, for those who are not shown it while it waits for a moderator.
    public static ServerFrame hiddenEdit(TimelineEvent event) {
        return edited(event, null, null, true);
    }

    private static ServerFrame edited(
            TimelineEvent event, @Nullable MessageContent content, @Nullable Boolean held, @Nullable Boolean hidden) {
        MessageChange change = event.getChange();
        boolean named = hidden == null || Held.names(event);
        long timestamp = event.getTimestamp().toEpochMilli();
        return ServerFrame.droppable(
                new FromServer.MessageUpdated(
                        event.getConversationId(),
                        named ? change.getMessageId() : null,
                        event.getSequenceNumber(),
                        change.getTargetSequence(),
                        timestamp,
                        content,
                        named ? change.getRevision() : null,
                        named ? timestamp : null,
                        held,
                        hidden,
                        null,
                        null),
                event.getConversationId());
    }

    /// A message that waits for a moderator no longer, for everyone.
    ///
    /// @param shown the message, without content if that is no longer shown; null for members who may not read it
    public static ServerFrame released(TimelineEvent event, @Nullable ShownContent shown) {
        MessageChange change = event.getChange();
        DisclosedMessage message = shown == null ? null : shown.getDisclosed();
        return ServerFrame.droppable(
                new FromServer.MessageUpdated(
                        event.getConversationId(),
                        change.getMessageId(),
                        event.getSequenceNumber(),
                        change.getTargetSequence(),
                        event.getTimestamp().toEpochMilli(),
                        shown == null ? null : MessageContent.ofShown(shown.getContent()),
                        message == null ? change.getRevision() : message.getRevision(),
                        message == null ? null : millis(message.getEditedAt()),
                        null,
                        null,
                        true,
                        shown == null || message == null ? null : Disclosed.of(message, shown.getExpiresAt())),
                event.getConversationId());
    }

    /// The deletion of a message, for every device except the deleting one.
    ///
    /// @param mayRead false for members who may not read the message
    /// @param shown what others were not shown until now; null if they were
    public static ServerFrame deleted(TimelineEvent event, boolean mayRead, @Nullable ShownContent shown) {
        MessageChange change = event.getChange();
        DisclosedMessage message = shown == null || !mayRead ? null : shown.getDisclosed();
        return ServerFrame.droppable(
                new FromServer.MessageDeleted(
                        event.getConversationId(),
                        change.getMessageId(),
                        event.getSequenceNumber(),
                        change.getTargetSequence(),
                        event.getTimestamp().toEpochMilli(),
                        event.getActorId(),
                        mayRead ? change.getReason() : null,
                        message == null ? null : message.getRevision(),
                        message == null ? null : millis(message.getEditedAt()),
                        shown == null || message == null ? null : Disclosed.of(message, shown.getExpiresAt())),
                event.getConversationId());
    }

    private static @Nullable Long millis(@Nullable Instant moment) {
        return moment == null ? null : moment.toEpochMilli();
    }
}
