package chat.milena.protocol.frame;

import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.read.SyncResult;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.MessageContent;
import chat.milena.protocol.timeline.NumberRange;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a frame of the server says: all but its `type` and `id`. Times are milliseconds since 1970.
public sealed interface FromServer {

    /// The value of the frame's `type`.
    ServerFrameType type();

    /// What stands beside `type` and `id`; all other frames have a `payload`.
    sealed interface Flat extends FromServer {}

    /// The first frame of a connection.
    ///
    /// @param heartbeatInterval milliseconds
    /// @param resumeToken empty where there is no place to go on from
    /// @param resumed whether all that was missed follows
    record Connected(String connectionId, long serverTime, long heartbeatInterval, String resumeToken, boolean resumed)
            implements Flat {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.CONNECTED;
        }
    }

    /// Answers a heartbeat.
    ///
    /// @param resumeToken stands for all frames before this one
    record Heartbeat(long serverTime, @Nullable String resumeToken) implements Flat {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.HEARTBEAT;
        }
    }

    /// Answers a frame that has no other answer.
    record Ok() implements Flat {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.OK;
        }
    }

    /// Answers a frame that was refused.
    ///
    /// @param message for developers; begins with the path of the field that is wrong
    /// @param retryAfter seconds
    record Refused(
            ErrorCode error, String message, @Nullable Long retryAfter) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.ERROR;
        }
    }

    /// A message has its number.
    ///
    /// @param duplicate whether it had it before
    record MessageAck(String messageId, String conversationId, long sequenceNumber, long timestamp, boolean duplicate)
            implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.MESSAGE_ACK;
        }
    }

    /// A message, for every device of every member but the one that sent it.
    record MessageNew(
            String messageId,
            String conversationId,
            String senderId,
            MessageContent content,
            long sequenceNumber,
            long timestamp,
            @Nullable Long expiresAt)
            implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.MESSAGE_NEW;
        }
    }

    /// What this client missed of a conversation.
    ///
    /// @param messages oldest first
    /// @param expired numbers of messages that are no longer shown; left out if there are none
    record MessagesOffline(
            String conversationId,
            List<Entry> messages,
            @Nullable List<NumberRange> expired) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.MESSAGES_OFFLINE;
        }
    }

    /// All messages up to a number are on a device of a member.
    ///
    /// @param messageIds those that the device named
    record MessageDelivered(
            String conversationId,
            List<String> messageIds,
            long deliveredUpToSequence,
            String deliveredTo,
            long timestamp)
            implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.MESSAGE_DELIVERED;
        }
    }

    /// A member has read up to a number.
    record MessageReadReceipt(String conversationId, long readUpToSequence, String readBy, long timestamp)
            implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.MESSAGE_READ_RECEIPT;
        }
    }

    /// A conversation is new, or new to this user.
    record ConversationCreated(@JsonUnwrapped ConversationView conversation, long sequenceNumber)
            implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.CONVERSATION_CREATED;
        }
    }

    /// The name, settings, members or roles of a conversation changed.
    record ConversationUpdated(@JsonUnwrapped ConversationView conversation, long sequenceNumber)
            implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.CONVERSATION_UPDATED;
        }
    }

    /// This user left a conversation or was removed.
    record ConversationLeft(String conversationId, long sequenceNumber) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.CONVERSATION_LEFT;
        }
    }

    /// Answers a `presence.subscribe`.
    record PresenceBulk(List<Presence> presences) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.PRESENCE_BULK;
        }
    }

    /// Somebody who is watched is there in another way.
    record PresenceUpdate(@JsonUnwrapped Presence presence) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.PRESENCE_UPDATE;
        }
    }

    /// A member types, or no longer does.
    record TypingUpdate(String conversationId, String userId, boolean isTyping) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.TYPING_UPDATE;
        }
    }

    /// The token ends soon.
    record TokenExpiring(long expiresAt) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.TOKEN_EXPIRING;
        }
    }

    /// The server stops.
    record ServerDraining(long reconnectAfterMs) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.SERVER_DRAINING;
        }
    }

    /// Answers a `sync`.
    record SyncAnswer(@JsonUnwrapped SyncResult result) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.SYNC_RESULT;
        }
    }

    /// Frames of these conversations were dropped: this client read too slowly.
    record Resync(List<String> conversationIds) implements FromServer {
        @Override
        public ServerFrameType type() {
            return ServerFrameType.RESYNC;
        }
    }
}
