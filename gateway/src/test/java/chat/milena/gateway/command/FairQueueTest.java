package chat.milena.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private final FairQueue<String, Integer> queue = new FairQueue<>();

    private List<Integer> due(long nowNanos) {
        List<Integer> all = new ArrayList<>();
        for (Integer next = queue.poll(nowNanos); next != null; next = queue.poll(nowNanos)) {
            all.add(next);
        }
        return all;
    }

    @Test
    void othersPassThoseThatWait() {
        queue.add("acme", 0, 1);
        queue.add("acme", 10, 2);
        queue.add("acme", 20, 3);
        queue.add("shop", 0, 4);

        assertThat(due(0)).containsExactly(1, 4);
        assertThat(due(9)).isEmpty();
        assertThat(due(15)).containsExactly(2);
        assertThat(due(20)).containsExactly(3);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void nobodyPassesThoseOfTheSameHolder() {
        queue.add("acme", 10, 1);
        queue.add("acme", 0, 2);

        assertThat(due(9)).isEmpty();
        assertThat(due(10)).containsExactly(1, 2);
        queue.add("acme", 0, 3);
        assertThat(due(0)).as("with nobody ahead any longer").containsExactly(3);
    }

    @Test
    void tellsHowLongUntilTheNext() {
        assertThat(queue.untilDueNanos(0, 100)).isEqualTo(100);
        queue.add("acme", 30, 1);

        assertThat(queue.untilDueNanos(0, 100)).isEqualTo(30);
        assertThat(queue.untilDueNanos(0, 20)).isEqualTo(20);
        assertThat(queue.untilDueNanos(31, 100)).isZero();
    }

    @Test
    void whateverComesLeavesInTheOrderOfItsHolderAndNotBeforeItsTime() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> holders = List.of("a", "b", "c");
        List<Long> dues = new ArrayList<>();
        List<String> holderOf = new ArrayList<>();
        List<Integer> left = new ArrayList<>();
        for (long now = 0; now < 2_000; now++) {
            if (now < 1_000) {
                holderOf.add(holders.get(random.nextInt(holders.size())));
                dues.add(now + random.nextInt(50));
                queue.add(holderOf.getLast(), dues.getLast(), dues.size() - 1);
            }
            if (random.nextInt(3) == 0) {
                for (int one : due(now)) {
                    assertThat(dues.get(one)).as("seed %d", seed).isLessThanOrEqualTo(now);
                    left.add(one);
                }
            }
        }

        assertThat(left).as("seed %d", seed).hasSize(1_000);
        for (String holder : holders) {
            assertThat(left.stream().filter(one -> holderOf.get(one).equals(holder)))
                    .as("seed %d, %s", seed, holder)
                    .isSorted();
        }
    }
}
