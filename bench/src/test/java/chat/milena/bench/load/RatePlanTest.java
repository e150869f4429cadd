package chat.milena.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.client.UsageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RatePlanTest {

    @Test
    void fixedRatesAllRunWhateverHappens() {
        assertThat(ratesOf(new RatePlan.Fixed(List.of(5.0, 3.0, 9.0)), 4)).containsExactly(5.0, 3.0, 9.0);
    }

    @Test
    void theSearchClimbsAndThenNarrowsToWhatIsHeld() {
        assertThat(ratesOf(new RatePlan.FindMax(1000, 3), 7000))
                .containsExactly(1000.0, 1500.0, 2200.0, 3300.0, 5000.0, 7500.0, 6200.0, 6800.0, 7200.0);
    }

    @Test
    void theSearchEndsWhenNothingIsHeld() {
        assertThat(ratesOf(new RatePlan.FindMax(1000, 3), 10).size()).isLessThanOrEqualTo(4);
    }

    @Test
    void theSearchEndsWhenEverythingIsHeld() {
        assertThat(ratesOf(new RatePlan.FindMax(1000, 3), Double.MAX_VALUE).size())
                .isLessThanOrEqualTo(24);
    }

    @Test
    void refusesRatesThatAreNone() {
        assertThatThrownBy(() -> new RatePlan.Fixed(List.of(0.0))).isInstanceOf(UsageFailure.class);
        assertThatThrownBy(() -> new RatePlan.Fixed(List.of())).isInstanceOf(UsageFailure.class);
        assertThatThrownBy(() -> new RatePlan.FindMax(Double.NaN, 3)).isInstanceOf(UsageFailure.class);
    }

    private static List<Double> ratesOf(RatePlan plan, double capacity) {
        List<RatePlan.Step> done = new ArrayList<>();
        OptionalDouble next = plan.next(done);
        while (next.isPresent()) {
            done.add(new RatePlan.Step(next.getAsDouble(), next.getAsDouble() <= capacity));
            next = plan.next(done);
        }
        return done.stream().map(RatePlan.Step::rate).toList();
    }
}
