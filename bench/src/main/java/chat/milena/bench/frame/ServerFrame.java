package chat.milena.bench.frame;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A frame that the server sent, reduced to the fields that a load, a check or a terminal needs.
///
/// Times are epoch milliseconds of the server's clock.
public sealed interface ServerFrame {

    /// The server's first frame on a connection; `resumeToken` is null if there is no position to resume from.
    record Connected(
            String connectionId,
            long serverTime,
            Duration heartbeatInterval,
            @Nullable String resumeToken,
            boolean resumed)
            implements ServerFrame {}

    /// The outcome of a send that was sequenced; `id` is the request id of the send, `threadOrdinal` above 0 that of a
    /// reply.
    record MessageAck(
            @Nullable String id,
            String messageId,
            String conversationId,
            long sequenceNumber,
            long timestamp,
            boolean duplicate,
            long threadOrdinal)
            implements ServerFrame {

        public MessageAck(
                @Nullable String id,
                String messageId,
                String conversationId,
                long sequenceNumber,
                long timestamp,
                boolean duplicate) {
            this(id, messageId, conversationId, sequenceNumber, timestamp, duplicate, 0);
        }
    }

    /// A message of a conversation that this connection's user is a member of; `text` and `about` only if the
    /// listener requests them.
    record MessageNew(
            String messageId,
            String conversationId,
            String senderId,
            long sequenceNumber,
            long timestamp,
            @Nullable String text,
            @Nullable About about)
            implements ServerFrame {

        /// A message that is about no other, as far as is known.
        public MessageNew(
                String messageId,
                String conversationId,
                String senderId,
                long sequenceNumber,
                long timestamp,
                @Nullable String text) {
            this(messageId, conversationId, senderId, sequenceNumber, timestamp, text, null);
        }
    }

    /// A conversation that was created with this user in it.
    record ConversationCreated(
            String conversationId, @Nullable String name, long sequenceNumber) implements ServerFrame {}

    /// Any other frame that takes a number of its conversation: `conversation.updated`, `message.deleted` and so
    /// on.
    ///
    /// @param sequenceNumbers one, but for gathered reactions
    /// @param messageId of the message that changed, if one did
    /// @param text its present text; only if the listener requests it
    record TimelineChange(
            String type,
            String conversationId,
            List<Long> sequenceNumbers,
            @Nullable String messageId,
            @Nullable String text,
            @Nullable Effect effect)
            implements ServerFrame {
        /// The type of a message that is hidden while it is held for a moderator, new or since it was edited.
        public static final String HIDDEN = "message.hidden";

        /// The type of a message that a moderator has released.
        public static final String RELEASED = "message.released";

        public TimelineChange(
                String type,
                String conversationId,
                List<Long> sequenceNumbers,
                @Nullable String messageId,
                @Nullable String text) {
            this(type, conversationId, sequenceNumbers, messageId, text, null);
        }
    }

    /// What a change makes of the message with the number `targetSequence`: its revision, or how many have an emoji.
    ///
    /// @param gathered in a large group: how many have each of these emoji
    record Effect(
            long targetSequence, long revision, @Nullable String emoji, long count, Map<String, Long> gathered) {

        Effect(long targetSequence, long revision) {
            this(targetSequence, revision, null, 0, Map.of());
        }
    }

    /// An `error` frame; `id` is the request id of the frame that it refuses, if there is one.
    record Refusal(
            @Nullable String id,
            String code,
            String message,
            @Nullable Duration retryAfter) implements ServerFrame {

        /// Whether a later retry of the same frame may succeed.
        public boolean worthRetrying() {
            return code.equals("RATE_LIMITED") || code.equals("UNAVAILABLE");
        }
    }

    /// Answers a frame that had an `id` and has no other answer.
    record Ok(@Nullable String id) implements ServerFrame {}

    /// Answers a heartbeat; `resumeToken` covers all earlier frames of the connection.
    record Heartbeat(long serverTime, @Nullable String resumeToken) implements ServerFrame {}

    /// The events of a conversation while the connection was away, oldest first.
    record Offline(String conversationId, List<Entry> entries, List<Expired> expired) implements ServerFrame {
        public Offline {
            entries = List.copyOf(entries);
            expired = List.copyOf(expired);
        }
    }

    /// The server shuts down soon; the client reconnects after the given time.
    record Draining(Duration reconnectAfter) implements ServerFrame {}

    /// The token of this connection expires soon.
    record TokenExpiring(long expiresAt) implements ServerFrame {}

    /// The connection fell behind and frames of these conversations were dropped.
    record Resync(List<String> conversationIds) implements ServerFrame {}

    /// One entry of a timeline; fields that only messages have are null for a change.
    record Entry(
            String kind,
            long sequenceNumber,
            long timestamp,
            @Nullable String messageId,
            @Nullable String senderId,
            @Nullable String text,
            @Nullable About about,
            @Nullable Effect effect) {
        private static final String MESSAGE = "message";

        public Entry(
                String kind,
                long sequenceNumber,
                long timestamp,
                @Nullable String messageId,
                @Nullable String senderId,
                @Nullable String text) {
            this(kind, sequenceNumber, timestamp, messageId, senderId, text, null, null);
        }

        /// The message as `message.new` would have carried it; null for a change.
        public @Nullable MessageNew message(String conversationId) {
            return !kind.equals(MESSAGE) || messageId == null || senderId == null
                    ? null
                    : new MessageNew(messageId, conversationId, senderId, sequenceNumber, timestamp, text, about);
        }

        boolean isWhole() {
            return sequenceNumber >= 1 && !kind.isEmpty() && (!kind.equals(MESSAGE) || message("") != null);
        }
    }

    /// Numbers of messages that are no longer shown, both ends included.
    record Expired(long from, long to) {}

    /// A type that nothing here uses, or a type of a later version of the protocol.
    record Other(String type) implements ServerFrame {}

    /// Bytes that are not a frame of the protocol: a defect of the server.
    record Malformed(String reason) implements ServerFrame {}
}
