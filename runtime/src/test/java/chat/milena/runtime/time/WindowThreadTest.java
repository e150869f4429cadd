package chat.milena.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WindowThreadTest {
    private final AtomicInteger ended = new AtomicInteger();

    @Test
    void windowsEndEvenWhenOneFails() {
        try (WindowThread windows = new WindowThread()) {
            windows.after(Duration.ofMillis(1), () -> {
                throw new IllegalStateException("this one fails");
            });
            windows.after(Duration.ofMillis(1), ended::incrementAndGet);

            await().until(() -> ended.get() == 1);
        }
    }

    @Test
    void nothingEndsOnceItIsClosed() {
        WindowThread windows = new WindowThread();
        windows.close();

        windows.after(Duration.ZERO, ended::incrementAndGet);

        assertThat(ended).hasValue(0);
    }
}
