package chat.milena.bench.worker;

import chat.milena.bench.load.LoadArguments;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.report.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench push`.
@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        description = "Messages to users who are connected and to users who are notified by Web Push, through a push"
                + " service in this process that stalls meanwhile; before and after without registered devices. Exit"
                + " code 1 if the delivery contract was broken, or not everybody was notified who had to be.")
public final class PushCommand implements Callable<Integer> {
    @Mixin
    private LoadArguments load = new LoadArguments();

    @Option(
            names = "--users",
            defaultValue = "4000",
            description = "Users in pairs; the first of each writes to the second (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--rate", defaultValue = "1000", description = "Messages per second of all (${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--away",
            paramLabel = "PERCENT",
            defaultValue = "50",
            description = "The part of the readers who are not connected (${DEFAULT-VALUE}).")
    private int awayPercent;

    @Option(
            names = "--stall",
            defaultValue = "60s",
            description = "How long the push service does not answer (${DEFAULT-VALUE}).")
    private Duration stall = Duration.ofSeconds(60);

    @Option(
            names = "--within",
            defaultValue = "2m",
            description = "Longest wait for the last pushes (${DEFAULT-VALUE}).")
    private Duration within = Duration.ofMinutes(2);

    @Option(
            names = "--peer-port",
            defaultValue = "8091",
            description = "Port of the push service on this machine (${DEFAULT-VALUE}).")
    private int peerPort;

    private final PrintStream out;

    public PushCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        PushSettings push = new PushSettings(users, rate, awayPercent, stall, within, peerPort);
        LoadSettings settings = load.settings(clock);
        PushLoadResult result = PushLoad.run(push, settings, clock, Progress.onStandardOutput(out));
        new PushPrinter(out).print(result);
        load.json().write(result);
        return result.clean() ? 0 : 1;
    }
}
