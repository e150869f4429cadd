package chat.milena.bench.worker;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.LoadArguments;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The command-line options for a classifier in this process.
final class ClassifierArguments {
    @Option(
            names = "--classifier-port",
            paramLabel = "PORT",
            description =
                    "Be a classifier at http://127.0.0.1:PORT that flags the planted spam. The rules of the tenant"
                            + " must name it, and MILENA_WEBHOOK_ALLOW of the server, too.")
    private @Nullable Integer port;

    @Option(
            names = "--classifier-delay",
            defaultValue = "50ms",
            description = "How long it takes for each answer (${DEFAULT-VALUE}).")
    private Duration delay = Duration.ofMillis(50);

    @Option(names = "--classifier-silent", description = "It never answers.")
    private boolean silent;

    /// A classifier.
    ///
    /// @param delay of each answer; null to answer never
    /// @param moderators who read what it has flagged
    record Classifying(int port, @Nullable Duration delay, TokenSource moderators) {}

    /// Null without one.
    @Nullable
    Classifying of(LoadArguments load, Clock clock) {
        if (port == null) {
            return null;
        }
        if (delay.isNegative()) {
            throw new UsageFailure("--classifier-delay must not be below zero");
        }
        return new Classifying(port, silent ? null : delay, load.moderators(clock));
    }
}
