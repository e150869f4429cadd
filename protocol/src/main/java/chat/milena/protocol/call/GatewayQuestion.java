package chat.milena.protocol.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What gateways and push ask the query side of their installation, with the answers. No client sees it: the user of a
/// question comes from a token that the gateway has verified.
public sealed interface GatewayQuestion {
    /// The path of [Sharing].
    String SHARING = "/internal/v1/sharing";

    /// The path of [Blocking].
    String BLOCKING = "/internal/v1/blocking";

    /// The path of [Typing].
    String TYPING = "/internal/v1/typing";

    /// The path of [Sync].
    String SYNC = "/internal/v1/sync";

    /// The path of [Device].
    String DEVICE = "/internal/v1/device";

    /// The path of [DeviceLine].
    String DEVICE_LINE = "/internal/v1/device-line";

    /// The path of [Level].
    String LEVEL = "/internal/v1/level";

    /// The path of [OneMessage].
    String MESSAGE = "/internal/v1/message";

    /// The path of [PendingWarned].
    String WARNINGS = "/internal/v1/warnings";

    /// The path of [Push].
    String PUSH = "/internal/v1/push";

    /// The path on the internal listener, with `POST`.
    String path();

    /// Which of these users share a conversation with the user that both have joined in.
    record Sharing(String tenant, String userId, List<String> userIds) implements GatewayQuestion {
        @Override
        public String path() {
            return SHARING;
        }
    }

    /// Which of these users have blocked the user.
    record Blocking(String tenant, String userId, List<String> userIds) implements GatewayQuestion {
        @Override
        public String path() {
            return BLOCKING;
        }
    }

    /// The recipients of the user's typing.
    ///
    /// @param limit of members; in a conversation with as many, all of them are the answer
    record Typing(String tenant, String userId, String conversationId, int limit) implements GatewayQuestion {
        @Override
        public String path() {
            return TYPING;
        }
    }

    /// What the frame `sync` asks.
    ///
    /// @param body the body of the call
    /// @param bytesMax maximum size of the answer
    record Sync(String tenant, String userId, JsonNode body, long bytesMax) implements GatewayQuestion {
        @Override
        public String path() {
            return SYNC;
        }
    }

    /// What is kept of a device: [DeviceRecords.Kept].
    record Device(String tenant, String userId, String deviceId) implements GatewayQuestion {
        @Override
        public String path() {
            return DEVICE;
        }
    }

    /// A registered device as its user sees it.
    record DeviceLine(String tenant, String userId, String deviceId) implements GatewayQuestion {
        @Override
        public String path() {
            return DEVICE_LINE;
        }
    }

    /// What the user is notified of in a conversation.
    record Level(String tenant, String userId, String conversationId) implements GatewayQuestion {
        @Override
        public String path() {
            return LEVEL;
        }
    }

    /// A message as the user may read it: [chat.milena.protocol.timeline.Entry.Message].
    record OneMessage(String tenant, String userId, String conversationId, String messageId)
            implements GatewayQuestion {
        @Override
        public String path() {
            return MESSAGE;
        }
    }

    /// The bans of the user, and the warnings that the user is still to be shown:
    /// [chat.milena.protocol.frame.SafetyFrames.PendingWarnings].
    record PendingWarned(String tenant, String userId) implements GatewayQuestion {
        @Override
        public String path() {
            return WARNINGS;
        }
    }

    /// What push asks before it sends: [PushFacts].
    ///
    /// @param after about the messages behind this number
    /// @param upTo up to this one
    /// @param releases the numbers among them of releases that are to notify although the message was shown before;
    ///     null from an earlier version
    record Push(
            String tenant,
            String userId,
            String deviceId,
            String conversationId,
            long after,
            long upTo,
            @Nullable List<Long> releases)
            implements GatewayQuestion {
        @Override
        public String path() {
            return PUSH;
        }
    }

    /// The answer to those about people.
    record People(List<String> userIds) {}
}
