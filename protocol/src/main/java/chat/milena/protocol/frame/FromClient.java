package chat.milena.protocol.frame;

import chat.milena.protocol.read.SyncQuestion;
import chat.milena.protocol.timeline.MessageContent;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `payload` of a client's frame. Times are milliseconds since 1970.
public sealed interface FromClient {

    /// The value of the frame's `type`.
    ClientFrameType type();

    /// A message. The answer is `message.ack`.
    ///
    /// @param expiresAt in the future; the message is no longer shown from then on
    /// @param replyTo the `messageId` of a message that it quotes
    record MessageSend(
            String conversationId,
            String messageId,
            MessageContent content,
            @Nullable Long expiresAt,
            @Nullable String replyTo)
            implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_SEND;
        }
    }

    /// Another content for one's own message. The answer is `message.ack`.
    ///
    /// @param content replaces the whole content
    /// @param revision that the message must have, else `CONFLICT`
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

    /// Messages are on this user's device. The answer is `ok`, if it has an `id`.
    ///
    /// @param messageIds at most 100; needed where there is no `upToSequence`
    record MessageDelivered(
            String conversationId,
            @Nullable Long upToSequence,
            @Nullable List<String> messageIds) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_DELIVERED;
        }
    }

    /// This user has read messages. The answer is `ok`, if it has an `id`.
    ///
    /// @param messageIds at most 100; needed where there is no `upToSequence`
    record MessageRead(
            String conversationId,
            @Nullable Long upToSequence,
            @Nullable List<String> messageIds) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.MESSAGE_READ;
        }
    }

    /// Asks for what was missed. The answer is `sync.result`.
    ///
    /// @param question the body of `POST /api/v1/sync`
    record Sync(@JsonUnwrapped SyncQuestion question) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.SYNC;
        }
    }

    /// A sign of life. The answer is `heartbeat`.
    record Heartbeat() implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.HEARTBEAT;
        }
    }

    /// A fresh token of the same user. The answer is `ok`.
    record TokenRefresh(String token) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.TOKEN_REFRESH;
        }
    }

    /// This user types. The answer is `ok`, if it has an `id`.
    record TypingStart(String conversationId) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.TYPING_START;
        }
    }

    /// This user no longer types. The answer is `ok`, if it has an `id`.
    record TypingStop(String conversationId) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.TYPING_STOP;
        }
    }

    /// Watches people. The answer is `presence.bulk`.
    ///
    /// @param userIds at most 500 a connection
    record PresenceSubscribe(List<String> userIds) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.PRESENCE_SUBSCRIBE;
        }
    }

    /// Watches people no longer. The answer is `ok`, if it has an `id`.
    record PresenceUnsubscribe(List<String> userIds) implements FromClient {
        @Override
        public ClientFrameType type() {
            return ClientFrameType.PRESENCE_UNSUBSCRIBE;
        }
    }

    /// How this device is there. The answer is `ok`, if it has an `id`.
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
