package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.milena.gateway.FakeSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class WriteSlicesTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakeSocket socket = new FakeSocket();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final WriteSlices slices = new WriteSlices(2, LONG, LONG);

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            slices.add(socket, () -> written.add("w" + number));
        }
    }

    @Test
    void everyWriteIsMadeOnceAndNoneBeforeItsTime() throws InterruptedException {
        add(1);
        assertThat(written).isEmpty();

        slices.write(() -> false);
        slices.write(() -> false);

        assertThat(written).containsExactly("w0");
    }

    @Test
    void oneBrokenSocketDoesNotKeepTheOthersFrames() throws InterruptedException {
        slices.add(socket, () -> {
            throw new IllegalStateException("broken");
        });
        add(1);

        slices.write(() -> false);

        assertThat(written).containsExactly("w0");
    }

    @Test
    void anInterruptEndsThePausesAndKeepsNothingBack() {
        add(5);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> slices.write(() -> false)).isInstanceOf(InterruptedException.class);

        assertThat(written).containsExactly("w0", "w1", "w2", "w3", "w4");
    }

    @Test
    void pausesAfterEachSlice() throws Exception {
        add(5);
        Thread lane = Thread.ofPlatform().daemon().start(() -> {
            try {
                slices.write(() -> false);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> lane.getState() == Thread.State.TIMED_WAITING);

        assertThat(written).containsExactly("w0", "w1");
        lane.interrupt();
        lane.join();
        assertThat(written).hasSize(5);
    }

    @Test
    void nobodyWhoIsHurriedPauses() throws InterruptedException {
        add(5);

        // Would last for minutes.
        slices.write(() -> true);

        assertThat(written).hasSize(5);
    }

    @Test
    void pausesAreShorterTheMoreSlicesThereAre() throws InterruptedException {
        WriteSlices bounded = new WriteSlices(1, LONG, Duration.ofMillis(50));
        for (int i = 0; i < 100; i++) {
            bounded.add(socket, () -> written.add("w"));
        }
        long begun = System.nanoTime();

        bounded.write(() -> false);

        assertThat(written).hasSize(100);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(40), Duration.ofSeconds(20));
    }
}
