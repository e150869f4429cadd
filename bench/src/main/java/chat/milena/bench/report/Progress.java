package chat.milena.bench.report;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/// A line about the progress of a run: rewritten in place on a terminal, else a new line now and then.
///
/// Not thread-safe; the thread that waits for the run prints it.
public final class Progress {
    private static final int PLAIN_EVERY = 5;

    private final PrintStream out;
    private final boolean terminal;
    private int calls;

    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// For standard output; the JDK says whether it is a terminal.
    public static Progress onStandardOutput(PrintStream out) {
        return new Progress(
                out,
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
    }

    /// Called about once a second.
    public void print(String line) {
        if (terminal) {
            out.print("\r\033[K" + line);
            out.flush();
        } else if (calls++ % PLAIN_EVERY == 0) {
            out.println(line);
        }
    }

    /// Ends the line, so that a result starts on its own.
    public void end() {
        if (terminal) {
            out.print("\r\033[K");
            out.flush();
        }
    }

    public PrintStream out() {
        return out;
    }
}
