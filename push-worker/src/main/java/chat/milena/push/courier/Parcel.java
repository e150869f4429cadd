package chat.milena.push.courier;

import java.util.concurrent.CompletableFuture;

/// One delivery to attempt.
///
/// @param carrier the protocol that carries it, such as `apns`: a label of metrics
/// @param audience the counterpart that limits and failures belong to, such as the origin of an endpoint
/// @param attempt starts it, without blocking, when its turn has come
public record Parcel(String carrier, String audience, Attempt attempt) {
    /// Starts one attempt. Its future may be cancelled.
    @FunctionalInterface
    public interface Attempt {
        CompletableFuture<Verdict> start();
    }
}
