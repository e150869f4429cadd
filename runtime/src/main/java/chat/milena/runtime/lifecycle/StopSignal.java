package chat.milena.runtime.lifecycle;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The user's wish to stop: Ctrl-C, SIGTERM or a closed terminal. The first asks, the second ends the process at once.
/// Safe for all threads.
///
/// The JVM's own answer to a signal, shutdown hooks, would lose the exit code and swallow the second signal.
public final class StopSignal {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

    /// What a shell reports for a process that Ctrl-C ended.
    private static final int FORCED = 130;

    private final AtomicInteger received = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Runnable whenAsked = () -> {};
    private volatile boolean failed;

    /// Takes the signals over from the JVM.
    ///
    /// @param whenAsked runs once, on a signal's thread or that of who failed; must not block
    public void install(Runnable whenAsked) {
        this.whenAsked = whenAsked;
        NAMES.forEach(this::install);
    }

    /// Asks in the user's place: a component has given up, and running on without it helps nobody.
    public void fail() {
        failed = true;
        ask();
    }

    /// Whether a component asked.
    public boolean failed() {
        return failed;
    }

    /// Whether anybody asked.
    public boolean wasAsked() {
        return asked.getCount() == 0;
    }

    /// Waits for the first signal.
    public void await() throws InterruptedException {
        asked.await();
    }

    void receive() {
        if (received.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(FORCED);
        }
        ask();
    }

    private void ask() {
        asked.countDown();
        if (told.compareAndSet(false, true)) {
            whenAsked.run();
        }
    }

    /// By reflection: the only class for this is outside of Java's specification, and the compiler refuses its name.
    private void install(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle receive = MethodHandles.lookup().bind(this, "receive", MethodType.methodType(void.class));
            Object proxy =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(receive, 0, signal));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            LOG.debug("SIG{} keeps the JVM's own handler", name, e);
        }
    }
}
