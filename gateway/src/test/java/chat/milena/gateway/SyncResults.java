package chat.milena.gateway;

import chat.milena.gateway.live.SyncQuery;
import chat.milena.protocol.read.SyncResult;
import java.util.List;

/// Answers of a query side that knows nothing.
public final class SyncResults {
    private SyncResults() {}

    /// A sync that denies these.
    public static SyncQuery.Result denying(String... conversationIds) {
        return new SyncQuery.Result(
                new SyncResult(List.of(), List.of(), null, null, List.of(conversationIds), 1_700_000_000_000L));
    }
}
