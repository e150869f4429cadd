package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.hostile.HostileLimits;
import chat.milena.bench.hostile.HostileLoad;
import chat.milena.bench.hostile.HostileResult;
import chat.milena.bench.hostile.HostileSettings;
import chat.milena.bench.report.Progress;
import chat.milena.bench.call.TokenMinter;
import chat.milena.standalone.Main;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of `bench hostile` against a server with usual settings. How fast the others are meanwhile is not
/// asserted: that says something on a machine that has nothing else to do.
@Tag("alone")
class HostileIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long MIB = 1 << 20;
    /// All of it from the start, so that it does not count as memory that the floods took.
    private static final List<String> HEAP =
            List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");

    @TempDir
    Path folder;

    @Test
    void serverSurvivesEveryKindOfFloodAndHoldsNoMoreThanBefore() throws Exception {
        try (ChildProcess server = up()) {
            HostileResult result = HostileLoad.run(settings(server), Clock.systemUTC(), quiet());

            assertThat(result.faults())
                    .as("%s, the server printed %s", result, server.lines())
                    .isEmpty();
            assertThat(result.check().violations()).isZero();
            assertThat(server.isAlive()).isTrue();
            assertThat(result.rounds())
                    .hasSizeGreaterThan(8)
                    .allSatisfy(round -> assertThat(round.floods())
                            .anySatisfy(attack -> assertThat(attack.opened()).isPositive()));
        }
    }

    private HostileSettings settings(ChildProcess server) {
        HostileLimits limits = new HostileLimits(1000, Duration.ofSeconds(1), 1, 0, 64 * MIB, 256 * MIB, 20, 200);
        return new HostileSettings(
                address(server),
                TokenMinter.fromFile(folder.resolve("token.secret"), Clock.systemUTC())
                        .ordinary()
                        .forTenant("default", Duration.ofHours(1)),
                20,
                20,
                List.of(),
                true,
                500,
                20,
                1000,
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                limits,
                server.pid(),
                folder);
    }

    private ChildProcess up() throws IOException {
        ChildProcess run = ChildProcess.start(new ChildProcess.Launch(
                List.of(),
                HEAP,
                System.getProperty("java.class.path"),
                Main.class.getName(),
                List.of("up", "--data", folder.toString(), "--port", "0"),
                Map.of()));
        await().atMost(PATIENCE).until(() -> run.printed("ready in") || !run.isAlive());
        assertThat(run.lines()).anyMatch(line -> line.startsWith("ready in"));
        return run;
    }

    private static URI address(ChildProcess run) {
        return run.lines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith("REST "))
                .map(line ->
                        URI.create(line.substring("REST ".length()).strip()).resolve("/"))
                .findFirst()
                .orElseThrow();
    }

    private static Progress quiet() {
        return new Progress(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), false);
    }
}
