package chat.milena.bench.report;

import chat.milena.bench.client.UsageFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The command-line option for the server's process on this machine.
public final class ServerProcess {
    @Option(
            names = "--server-pid",
            paramLabel = "PID",
            description = "Process of the server, on this machine, whose processor time is reported too.")
    private @Nullable Long pid;

    /// Its number; null if it is not given.
    public @Nullable Long pid() {
        if (pid != null && ProcessHandle.of(pid).isEmpty()) {
            throw new UsageFailure("--server-pid " + pid + " is no process of this machine");
        }
        return pid;
    }
}
