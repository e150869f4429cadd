package chat.milena.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The figures of `docs/scale.md` that depend on chance are what a simulation draws.
class ScaleDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("milena.root", ".."), "docs/scale.md");
    private static final int DRAWS = 2_000;
    private static final int GATEWAYS = 100;
    private static final int DELIVERIES = 2_070;

    @ParameterizedTest
    @CsvSource({"1024, '1,024'", "128, 128"})
    void deliveriesOfATransactionHitSoManyShards(int shards, String written) throws Exception {
        double hit = average(DELIVERIES, shards, counts ->
                (int) Arrays.stream(counts).filter(count -> count > 0).count());

        assertThat(row(written, 0)).isCloseTo(hit, within(0.75));
    }

    @ParameterizedTest
    @CsvSource({"128, 128", "1024, '1,024'"})
    void gatewaysByTheHashOfARouteGetSoManyShards(int shards, String written) throws Exception {
        double fullest =
                average(shards, GATEWAYS, counts -> Arrays.stream(counts).max().orElse(0));

        assertThat(row(written, 1)).isCloseTo(fullest, within(0.75));
    }

    @ParameterizedTest
    @CsvSource({"128, 128"})
    void gatewaysByTheHashOfARouteMayGetNone(int shards, String written) throws Exception {
        double without = average(shards, GATEWAYS, counts ->
                (int) Arrays.stream(counts).filter(count -> count == 0).count());

        assertThat(row(written, 2)).isCloseTo(without, within(0.75));
    }

    /// Things fall into places at random, again and again.
    private static double average(int things, int places, ToIntFunction<int[]> what) {
        Random random = new Random(1);
        return IntStream.range(0, DRAWS)
                .map(draw -> {
                    int[] counts = new int[places];
                    for (int i = 0; i < things; i++) {
                        counts[random.nextInt(places)]++;
                    }
                    return what.applyAsInt(counts);
                })
                .average()
                .orElseThrow();
    }

    /// The result of a row.
    ///
    /// @param kind shards that are hit, shards of the fullest gateway, or gateways without one
    private static double row(String of, int kind) throws Exception {
        String table = Files.readString(DOCUMENT).split("### Simulated\n", -1)[1];
        String[] begins = {"shards that [^|]*|the same", "shards of the fullest [^|]*", "gateways without a shard"};
        return Pattern.compile("\\| (?:" + begins[kind] + ") \\| " + of + " \\| ([0-9]+) \\|")
                .matcher(table)
                .results()
                .map((MatchResult found) -> Double.parseDouble(found.group(1)))
                .findFirst()
                .orElseThrow();
    }
}
