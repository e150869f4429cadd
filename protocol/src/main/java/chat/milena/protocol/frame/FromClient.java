package chat.milena.protocol.frame;

import chat.milena.protocol.read.SyncQuestion;
import chat.milena.protocol.timeline.MessageContent;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `payload` of a client's frame. Times are in milliseconds since 1970.
public sealed interface FromClient {

    /// The value of the frame's `type`.
    ClientFrameType type();

    /// Sends a message. The answer is `message.ack`.
    ///
    /// @param expiresAt in the future; the message is no longer shown from then on
    /// @param replyTo the `messageId` of the message that it quotes
    /// @param threadOf the `messageId` of the message in whose thread it is a reply
    /// @param showInConversation whether a reply is shown among the messages of the conversation too
    record MessageSend(
            String conversationId,
            String messageId,
            MessageContent content,
            @Nullable Long expiresAt,
            @Nullable String replyTo,
            @Nullable String threadOf,
            @Nullable Boolean showInConversation)
            implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_SEND;
        }
    }

    /// Replaces the content of a message of this user. The answer is `message.ack`.
    ///
    /// @param content the whole new content
    /// @param revision the revision that the message must have, else `CONFLICT`
    record MessageEdit(
            String conversationId,
            String messageId,
            MessageContent content,
            @Nullable Long revision) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_EDIT;
        }
    }

    /// Deletes a message. The answer is `message.ack`.
    ///
    /// @param reason at most 200 characters
    record MessageDelete(
            String conversationId,
            String messageId,
            @Nullable String reason) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_DELETE;
        }
    }

    /// Adds an emoji to a message, or removes it. The answer is `message.ack`.
    ///
    /// @param emoji 1 to 32 code points without white space and controls
    /// @param remove whether it is removed
    record MessageReact(
            String conversationId,
            String messageId,
            String emoji,
            @Nullable Boolean remove) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_REACT;
        }
    }

    /// Pins or unpins a message. The answer is `message.ack`.
    ///
    /// @param remove whether it is unpinned
    record MessagePin(
            String conversationId,
            String messageId,
            @Nullable Boolean remove) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_PIN;
        }
    }

    /// Reports that messages are on this device. The answer is `ok` if the frame has an `id`.
    ///
    /// @param messageIds at most 100; required without `upToSequence`
    record MessageDelivered(
            String conversationId,
            @Nullable Long upToSequence,
            @Nullable List<String> messageIds) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_DELIVERED;
        }
    }

    /// Reports that this user has read messages. The answer is `ok` if the frame has an `id`.
    ///
    /// @param messageIds at most 100; required without `upToSequence`
    /// @param threadOf the message that begins a thread: then `upToOrdinal` says how far that is read, alone
    /// @param upToOrdinal of a reply; needed with `threadOf`
    record MessageRead(
            String conversationId,
            @Nullable Long upToSequence,
            @Nullable List<String> messageIds,
            @Nullable String threadOf,
            @Nullable Long upToOrdinal)
            implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_READ;
        }
    }

    /// Requests the messages that this client has missed. The answer is `sync.result`.
    ///
    /// @param question the body of `POST /api/v1/sync`
    record Sync(@JsonUnwrapped SyncQuestion question) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.SYNC;
        }
    }

    /// Keeps the connection alive. The answer is `heartbeat`.
    record Heartbeat() implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.HEARTBEAT;
        }
    }

    /// Brings a fresh token of the same user. The answer is `ok`.
    record TokenRefresh(String token) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.TOKEN_REFRESH;
        }
    }

    /// Reports that this user types. The answer is `ok` if the frame has an `id`.
    record TypingStart(String conversationId) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.TYPING_START;
        }
    }

    /// Reports that this user no longer types. The answer is `ok` if the frame has an `id`.
    record TypingStop(String conversationId) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.TYPING_STOP;
        }
    }

    /// Watches users. The answer is `presence.bulk`.
    ///
    /// @param userIds at most 500 a connection
    record PresenceSubscribe(List<String> userIds) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.PRESENCE_SUBSCRIBE;
        }
    }

    /// Stops watching users. The answer is `ok` if the frame has an `id`.
    record PresenceUnsubscribe(List<String> userIds) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.PRESENCE_UNSUBSCRIBE;
        }
    }

    /// Sets the status of this device. The answer is `ok` if the frame has an `id`.
    ///
    /// @param status `online` or `away`
    /// @param deviceType 1 to 32 of the alphabet of ids
    record PresenceSet(PresenceStatus status, @Nullable String deviceType) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.PRESENCE_SET;
        }
    }
}
