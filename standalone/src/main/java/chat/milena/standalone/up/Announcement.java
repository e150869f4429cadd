package chat.milena.standalone.up;

import chat.milena.gateway.ChatPage;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.standalone.Version;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The messages of a run to its user: its addresses, and when it is ready.
final class Announcement {
    private static final Logger LOG = LoggerFactory.getLogger(Announcement.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PrintStream out;
    private final InetAddress bind;
    private final InetAddress operatorBind;
    private final Path data;
    private final ChatPage page;

    Announcement(PrintStream out, InetAddress bind, InetAddress operatorBind, Path data, ChatPage page) {
        this.out = out;
        this.bind = bind;
        this.operatorBind = operatorBind;
        this.data = data;
        this.page = page;
    }

    /// Prints all addresses. It is a component that starts after the listener, since it needs the listener's port.
    Component of(IntSupplier port, IntSupplier operatorPort, String kafka) {
        return new Component() {
            @Override
            public String name() {
                return "announcement";
            }

            @Override
            public void start() {
                whereToGo(port.getAsInt(), operatorPort.getAsInt(), kafka);
            }

            @Override
            public void stop(Duration within) {
                // There is nothing to undo.
            }
        };
    }

    private void whereToGo(int port, int operatorPort, String kafka) {
        String host = reachable(bind);
        String operatorHost = reachable(operatorBind);
        out.printf(Locale.ROOT, "Milena %s%n", Version.number());
        page.announced("http://%s:%d".formatted(host, port)).forEach(out::println);
        out.printf(Locale.ROOT, "  REST       http://%s:%d/api/v1%n", host, port);
        out.printf(Locale.ROOT, "  WebSocket  ws://%s:%d/ws%n", host, port);
        out.printf(Locale.ROOT, "  metrics    http://%s:%d/metrics%n", operatorHost, operatorPort);
        out.printf(Locale.ROOT, "  Kafka      %s%n", kafka);
        out.printf(Locale.ROOT, "  data       %s%n", data);
        out.flush();
    }

    /// Prints, on a thread of its own, that everything is ready.
    void whenReady(Readiness readiness) {
        Thread.ofVirtual().name("announcement").start(() -> {
            try {
                while (!readiness.await(PATIENCE)) {
                    LOG.warn("not ready yet: {}", readiness.describe());
                }
                out.printf(Locale.ROOT, "ready in %.1f s (Ctrl-C stops)%n", secondsSinceLaunch());
                out.flush();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void stopping() {
        out.println("stopping");
        out.flush();
    }

    private static double secondsSinceLaunch() {
        return ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
    }

    private static String reachable(InetAddress address) {
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
