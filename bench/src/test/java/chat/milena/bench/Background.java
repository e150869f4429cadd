package chat.milena.bench;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Work of a test beside the test, each on a thread of its own: the common pool of a small machine has one thread,
/// which tests that run beside each other would wait for.
public final class Background {
    private Background() {}

    public static <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                work, task -> Thread.ofPlatform().daemon().name("background").start(task));
    }
}
