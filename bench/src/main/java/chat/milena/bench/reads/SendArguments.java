package chat.milena.bench.reads;

import java.time.Duration;
import picocli.CommandLine.Option;

/// The command-line options of users who send as fast as acks allow.
final class SendArguments {
    @Option(names = "--window", defaultValue = "256", description = "Unacked sends of a connection (${DEFAULT-VALUE}).")
    private int window;

    @Option(names = "--payload-bytes", defaultValue = "100", description = "Length of each text (${DEFAULT-VALUE}).")
    private int payloadBytes;

    @Option(
            names = "--give-up-after",
            defaultValue = "60s",
            description = "Longest time without the server (${DEFAULT-VALUE}).")
    private Duration giveUpAfter = Duration.ofSeconds(60);

    int window() {
        return window;
    }

    int payloadBytes() {
        return payloadBytes;
    }

    Duration giveUpAfter() {
        return giveUpAfter;
    }
}
