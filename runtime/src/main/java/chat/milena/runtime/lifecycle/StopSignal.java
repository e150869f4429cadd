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

/// The user's request to stop: Ctrl-C, SIGTERM or a closed terminal. The first signal requests a stop, the second
/// ends the process immediately. Safe for all threads.
///
/// Shutdown hooks, the JVM's own answer to a signal, would lose the exit code and swallow the second signal.
public final class StopSignal {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

    /// The exit code that a shell reports after Ctrl-C.
    private static final int FORCED = 130;

    private final AtomicInteger received = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean notified = new AtomicBoolean();
    private volatile Runnable whenAsked = () -> {};
    private volatile boolean failed;

    /// Takes the signals over from the JVM.
    ///
    /// @param whenAsked runs once, on the thread of a signal or of a failed component; must not block
    public void install(Runnable whenAsked) {
        this.whenAsked = whenAsked;
        NAMES.forEach(this::install);
    }

    /// Requests a stop because a component has given up: the process cannot work without it.
    public void fail() {
        failed = true;
        ask();
    }

    /// Whether a failed component requested the stop.
    public boolean failed() {
        return failed;
    }

    /// Whether a stop was requested.
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
        if (notified.compareAndSet(false, true)) {
            whenAsked.run();
        }
    }

    /// By reflection: the only class for this is outside of Java's specification, and the compiler rejects its
    /// name.
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
