package chat.milena.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChurnPlanTest {
    private static final List<String> PEOPLE =
            IntStream.range(0, 101).mapToObj(i -> "user" + i).toList();

    @Test
    void joinsAndLeavesOfOnePersonTakeTurns() {
        for (int seed = 0; seed < 100; seed++) {
            ChurnPlan plan = ChurnPlan.of(PEOPLE, 50, 0.2, new Random(seed));
            Set<String> outside = new HashSet<>(plan.outsideAtFirst());
            for (ChurnPlan.Move move : plan.moves()) {
                boolean changed = move.joins() ? outside.remove(move.userId()) : outside.add(move.userId());
                assertThat(changed).as("seed %d, %s", seed, move).isTrue();
            }
        }
    }

    @Test
    void theFractionMovesAndTheFirstStays() {
        ChurnPlan plan = ChurnPlan.of(PEOPLE, 500, 0.2, new Random(1));

        assertThat(plan.restless()).hasSize(20).doesNotContain("user0");
        assertThat(plan.outsideAtFirst()).isNotEmpty().hasSizeLessThan(20);
        assertThat(plan.moves()).extracting(ChurnPlan.Move::line).isSorted().allMatch(line -> line < 500);
        assertThat(ChurnPlan.of(PEOPLE, 500, 0.2, new Random(1))).isEqualTo(plan);
    }

    @Test
    void whoIsAloneStays() {
        assertThat(ChurnPlan.of(List.of("user0"), 10, 1, new Random(1))).isEqualTo(ChurnPlan.NOBODY);
    }
}
