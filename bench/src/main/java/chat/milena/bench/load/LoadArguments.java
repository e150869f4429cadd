package chat.milena.bench.load;

import chat.milena.bench.call.ServerOptions;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.ServerProcess;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The command-line options that every load takes.
public final class LoadArguments {
    private static final int PAYLOAD_BYTES = 100;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--bound", defaultValue = "500ms", description = "Delivery p99 of a held rate (${DEFAULT-VALUE}).")
    private Duration bound = Duration.ofMillis(500);

    @Option(names = "--warmup", defaultValue = "60s", description = "Unmeasured time at first (${DEFAULT-VALUE}).")
    private Duration warmup = Duration.ofSeconds(60);

    @Option(
            names = "--settle",
            defaultValue = "10s",
            description = "Unmeasured time of later steps (${DEFAULT-VALUE}).")
    private Duration settle = Duration.ofSeconds(10);

    @Option(names = "--duration", defaultValue = "60s", description = "Measured time of each step (${DEFAULT-VALUE}).")
    private Duration duration = Duration.ofSeconds(60);

    @Option(names = "--tail", defaultValue = "30s", description = "Longest wait for the last ones (${DEFAULT-VALUE}).")
    private Duration tail = Duration.ofSeconds(30);

    @Option(names = "--payload-bytes", paramLabel = "N", description = "Length of each text (default: 100).")
    private @Nullable Integer payloadBytes;

    @Option(
            names = "--connect-rate",
            defaultValue = "200",
            description = "New connections a second (${DEFAULT-VALUE}).")
    private int connectRate;

    @Option(names = "--threads", defaultValue = "1", description = "Event-loop threads (${DEFAULT-VALUE}).")
    private int threads;

    @Mixin
    private ServerProcess process = new ServerProcess();

    @Mixin
    private JsonFile json = new JsonFile();

    public LoadSettings settings(Clock clock) {
        return settings(clock, PAYLOAD_BYTES);
    }

    /// The settings of these arguments.
    ///
    /// @param usualPayloadBytes the default length of texts
    public LoadSettings settings(Clock clock, int usualPayloadBytes) {
        return new LoadSettings(
                server.url(),
                server.tokens(clock),
                warmup,
                settle,
                duration,
                tail,
                bound,
                payloadBytes == null ? usualPayloadBytes : payloadBytes,
                connectRate,
                threads,
                process.pid());
    }

    public TokenSource tokens(Clock clock, String tenant, boolean unlimited) {
        return server.tokens(clock, tenant, unlimited);
    }

    /// Tokens of the load's own tenant.
    public TokenSource tokens(Clock clock, boolean unlimited) {
        return server.tokens(clock, unlimited);
    }

    /// Tokens of moderators of the load's own tenant.
    public TokenSource moderators(Clock clock) {
        return server.moderators(clock);
    }

    public JsonFile json() {
        return json;
    }
}
