package chat.milena.push.provider;

import chat.milena.push.courier.Verdict;
import chat.milena.schemas.word.PushPlatform;
import java.util.concurrent.CompletableFuture;

/// One platform's way to a device. For all threads.
public interface Provider extends AutoCloseable {
    PushPlatform platform();

    /// Attempts to send it, one time and without blocking. The future ends within the time of one attempt, always
    /// with a verdict and never with an exception.
    CompletableFuture<Verdict> send(Destination destination, Notification notification);

    /// Waits for attempts that have begun, for a bounded time.
    @Override
    void close();
}
