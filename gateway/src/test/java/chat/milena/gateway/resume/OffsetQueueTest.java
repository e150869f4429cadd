package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OffsetQueueTest {
    private final OffsetQueue queue = new OffsetQueue();

    @Test
    void emptyOneHasNothing() {
        assertThat(queue.size()).isZero();
        assertThat(queue.before(5)).isZero();
        assertThatThrownBy(queue::removeFirst).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> queue.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void holdsWhatADequeOfTheLibraryHolds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Deque<Long> expected = new ArrayDeque<>();
        for (int step = 0; step < 20_000; step++) {
            int gap = 1 + random.nextInt(3);
            // Longer stretches of growing and of shrinking, so that it is empty now and then.
            boolean growing = step / 500 % 2 == 0;
            if (random.nextInt(10) < (growing ? 7 : 2)) {
                if (random.nextBoolean()) {
                    long last = expected.isEmpty() ? 0 : expected.getLast();
                    expected.addLast(last + gap);
                    queue.addLast(last + gap);
                } else {
                    long first = expected.isEmpty() ? 0 : expected.getFirst();
                    expected.addFirst(first - gap);
                    queue.addFirst(first - gap);
                }
            } else if (!expected.isEmpty()) {
                assertThat(queue.removeFirst()).as("seed %d", seed).isEqualTo(expected.removeFirst());
            }
            assertThat(queue.size()).as("seed %d", seed).isEqualTo(expected.size());
            if (step % 100 == 0) {
                assertThat(IntStream.range(0, queue.size()).mapToObj(queue::get))
                        .as("seed %d", seed)
                        .containsExactlyElementsOf(expected);
                long from = expected.isEmpty() ? 0 : expected.getFirst() + random.nextInt(50);
                assertThat(queue.before(from)).as("seed %d", seed).isEqualTo((int)
                        expected.stream().filter(offset -> offset < from).count());
            }
        }
    }
}
