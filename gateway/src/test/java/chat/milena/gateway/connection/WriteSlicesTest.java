package chat.milena.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteSlicesTest {
    private final FakeSocket socket = new FakeSocket();
    private final List<String> written = new ArrayList<>();
    private final WriteSlices slices = new WriteSlices(Duration.ofMinutes(1));

    @Test
    void nothingIsWrittenBeforeItIsHandedOver() throws InterruptedException {
        slices.add(socket, () -> written.add("a"));
        socket.run();
        assertThat(written).isEmpty();

        slices.handOver(8);
        socket.run();

        assertThat(written).containsExactly("a");
        slices.handOver(8);
        socket.run();
        assertThat(written).hasSize(1);
    }

    @Test
    void oneBrokenSocketDoesNotKeepTheOthersFrames() throws InterruptedException {
        slices.add(socket, () -> {
            throw new IllegalStateException("broken");
        });
        slices.add(socket, () -> written.add("b"));
        slices.handOver(8);
        socket.run();
        slices.add(socket, () -> written.add("c"));

        // Would wait for a minute if the first were not taken as done.
        slices.handOver(8);
        socket.run();

        assertThat(written).containsExactly("b", "c");
    }

    @Test
    void anInterruptEndsTheWaitingAndKeepsNothingBack() throws InterruptedException {
        slices.add(socket, () -> written.add("a"));
        slices.handOver(8);
        slices.add(socket, () -> written.add("b"));

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> slices.handOver(8)).isInstanceOf(InterruptedException.class);
        socket.run();

        assertThat(written).containsExactly("a", "b");
    }

    @Test
    void nextSliceIsHandedOverWhenTheOneBeforeIsDone() throws Exception {
        for (int i = 0; i < 5; i++) {
            int number = i;
            slices.add(socket, () -> written.add("w" + number));
        }
        Thread lane = Thread.ofPlatform().daemon().start(() -> {
            try {
                slices.handOver(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> lane.getState() == Thread.State.TIMED_WAITING);

        socket.run();
        assertThat(written).hasSizeGreaterThanOrEqualTo(2);
        await().until(() -> {
            socket.run();
            return written.size() == 5;
        });
        assertThat(written).containsExactly("w0", "w1", "w2", "w3", "w4");
    }
}
