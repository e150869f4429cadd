package chat.milena.bench.load;

import picocli.CommandLine.Option;

/// The command-line options of users who send in pairs.
public final class PairsArguments {
    @Option(
            names = "--users",
            defaultValue = "1000",
            description = "Users in pairs, each one connection (${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--rate",
            defaultValue = "1000",
            description = "Messages per second of all of them (${DEFAULT-VALUE}).")
    private double rate;

    public Shape.Pairs shape() {
        return new Shape.Pairs(users);
    }

    public double rate() {
        return rate;
    }
}
