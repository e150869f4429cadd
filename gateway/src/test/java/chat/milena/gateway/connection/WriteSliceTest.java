package chat.milena.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteSliceTest {
    private final FakeSocket socket = new FakeSocket();
    private final List<String> written = new ArrayList<>();
    private final WriteSlice slice = new WriteSlice(Duration.ofMinutes(1));

    @Test
    void nothingIsWrittenBeforeItIsHandedOver() throws InterruptedException {
        slice.add(socket, () -> written.add("a"));
        socket.run();
        assertThat(written).isEmpty();

        slice.handOver();
        socket.run();

        assertThat(written).containsExactly("a");
        assertThat(slice.size()).isZero();
    }

    @Test
    void oneBrokenSocketDoesNotKeepTheOthersFrames() throws InterruptedException {
        slice.add(socket, () -> {
            throw new IllegalStateException("broken");
        });
        slice.add(socket, () -> written.add("b"));
        slice.handOver();
        socket.run();
        slice.add(socket, () -> written.add("c"));

        // Would wait for a minute if the first were not taken as done.
        slice.handOver();
        socket.run();

        assertThat(written).containsExactly("b", "c");
    }

    @Test
    void anInterruptEndsTheWaitingAndKeepsNothingBack() throws InterruptedException {
        slice.add(socket, () -> written.add("a"));
        slice.handOver();
        slice.add(socket, () -> written.add("b"));

        Thread.currentThread().interrupt();
        assertThatThrownBy(slice::handOver).isInstanceOf(InterruptedException.class);
        socket.run();

        assertThat(written).containsExactly("a", "b");
    }
}
