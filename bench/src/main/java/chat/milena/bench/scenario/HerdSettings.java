package chat.milena.bench.scenario;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.Shape;
import java.time.Duration;

/// A herd that reconnects together, and the pairs that continue to send beside it.
///
/// @param clients the number of clients that are cut off
/// @param written how many of them receive messages all the time
/// @param writtenRate messages a second to all of those
/// @param undisturbed users who send in pairs and stay connected
/// @param rate messages a second of the undisturbed
/// @param within the longest time to wait for all to be back
/// @param tokens for the herd's reconnects
public record HerdSettings(
        int clients,
        int written,
        double writtenRate,
        Shape.Pairs undisturbed,
        double rate,
        Duration within,
        TokenSource tokens) {

    public HerdSettings {
        if (clients < 1 || written < 1 || written > clients) {
            throw new UsageFailure("--clients must be at least 1, and --written-to 1 to as many");
        }
        if (!(rate > 0) || !(writtenRate > 0)) {
            throw new UsageFailure("--rate and --written-rate must be above 0");
        }
        if (!within.isPositive()) {
            throw new UsageFailure("--within must be above 0");
        }
    }
}
