package chat.milena.bench.load;

import chat.milena.bench.client.UsageFailure;
import java.util.List;
import java.util.OptionalDouble;

/// Chooses the next rate from the outcomes so far, each a [Step].
public sealed interface RatePlan {

    /// One completed step.
    record Step(double rate, boolean held) {}

    OptionalDouble next(List<Step> done);

    /// The given rates in the given order, regardless of outcomes.
    record Fixed(List<Double> rates) implements RatePlan {
        public Fixed {
            rates = List.copyOf(rates);
            if (rates.isEmpty() || rates.stream().anyMatch(rate -> !(rate > 0 && rate <= 1_000_000))) {
                throw new UsageFailure("a rate must be above 0 and at most 1,000,000 a second");
            }
        }

        @Override
        public OptionalDouble next(List<Step> done) {
            return done.size() < rates.size() ? OptionalDouble.of(rates.get(done.size())) : OptionalDouble.empty();
        }
    }

    /// Up by half from `from` until a rate is not held, then a few halvings between the last held rate and that
    /// one.
    record FindMax(double from, int halvings) implements RatePlan {
        private static final int STEPS_MAX = 24;

        public FindMax {
            if (!(from > 0 && from <= 1_000_000)) {
                throw new UsageFailure("a rate must be above 0 and at most 1,000,000 a second");
            }
        }

        @Override
        public OptionalDouble next(List<Step> done) {
            if (done.isEmpty()) {
                return OptionalDouble.of(from);
            }
            double held = held(done);
            double failed = done.stream()
                    .filter(step -> !step.held)
                    .mapToDouble(Step::rate)
                    .min()
                    .orElse(Double.NaN);
            if (Double.isNaN(failed)) {
                return done.size() < STEPS_MAX ? OptionalDouble.of(rounded(held * 1.5)) : OptionalDouble.empty();
            }
            int climbs = 0;
            while (climbs < done.size() && done.get(climbs).held) {
                climbs++;
            }
            boolean halvingsLeft = done.size() - climbs - 1 < halvings;
            double middle = rounded((held + failed) / 2);
            return halvingsLeft && middle > held && middle < failed
                    ? OptionalDouble.of(middle)
                    : OptionalDouble.empty();
        }

        private static double rounded(double rate) {
            return rate < 1000 ? Math.rint(rate) : Math.rint(rate / 100) * 100;
        }
    }

    /// The highest rate held; 0 if none was.
    static double held(List<Step> done) {
        return done.stream().filter(Step::held).mapToDouble(Step::rate).max().orElse(0);
    }
}
