package chat.milena.protocol.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// What gateways ask the query side of their installation, with the answers. No client sees it: the user of a
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

    /// The answer to all but [Sync].
    record People(List<String> userIds) {}
}
