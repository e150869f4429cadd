package chat.milena.bench.load;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The command-line options for the rates of a load.
public final class RateArguments {
    @Option(names = "--rates", split = ",", description = "Several rates, one after another.")
    private @Nullable List<Double> rates;

    @Option(names = "--find-max", description = "Step up from --rate to the highest rate that holds --bound.")
    private boolean findMax;

    public RatePlan plan(double rate) {
        if (findMax) {
            return new RatePlan.FindMax(rate, 3);
        }
        return new RatePlan.Fixed(rates == null ? List.of(rate) : rates);
    }
}
