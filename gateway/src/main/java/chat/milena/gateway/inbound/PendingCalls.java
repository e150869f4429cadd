package chat.milena.gateway.inbound;

import chat.milena.schemas.avro.Delivery;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The REST calls that wait for the outcome of their command. Safe for all threads.
///
/// Its size is bounded by the calls that may be in progress; each caller closes what it expected.
public final class PendingCalls {
    /// Stands for the connection in the origin of commands that came by REST.
    public static final String CONNECTION_ID = "rest";

    private final Map<Long, CompletableFuture<Delivery>> calls = new ConcurrentHashMap<>();

    /// The outcome of this command, when it comes. Must be called before the command is appended.
    public CompletableFuture<Delivery> expect(long commandId) {
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        calls.put(commandId, outcome);
        return outcome;
    }

    /// Nobody waits for this command any longer.
    public void forget(long commandId) {
        calls.remove(commandId);
    }

    /// Hands an outcome to whoever waits for it, if anyone still does.
    public void complete(long commandId, Delivery delivery) {
        CompletableFuture<Delivery> outcome = calls.remove(commandId);
        if (outcome != null) {
            outcome.complete(delivery);
        }
    }

    /// How many wait.
    public int size() {
        return calls.size();
    }
}
