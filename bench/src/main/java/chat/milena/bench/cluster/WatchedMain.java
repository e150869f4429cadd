package chat.milena.bench.cluster;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;

/// Runs another main class, in a process that ends when the process that started it is gone, however that ended: the
/// pipe from there breaks.
final class WatchedMain {
    private static final int EXIT_CODE = 3;

    private WatchedMain() {}

    /// Watches, and runs it.
    ///
    /// @param arguments the main class, and its arguments
    public static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().name("starter-watch").start(WatchedMain::endWithTheStarter);
        Method main = Class.forName(arguments[0]).getMethod("main", String[].class);
        // Those of test classes are rarely public.
        main.setAccessible(true);
        main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void endWithTheStarter() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said.
            }
        } catch (IOException e) {
            // It is gone as well.
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
