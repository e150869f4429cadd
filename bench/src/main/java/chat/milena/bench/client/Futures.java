package chat.milena.bench.client;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for results that a run cannot do without.
public final class Futures {
    private Futures() {}

    /// The result of a future.
    ///
    /// @param otherwise the failure after the patience, without the time
    public static <T> T await(Future<T> future, Duration patience, String otherwise) throws InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UsageFailure known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new UsageFailure(otherwise + " within " + patience.toSeconds() + " s");
        }
    }
}
