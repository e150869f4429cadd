package chat.milena.push.courier;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/// Finds and checks the addresses of a host, at each connect. For all threads.
///
/// A look-up cannot be interrupted and would hold up the threads that carry virtual threads, so it has a thread of
/// its own. Callers with the same host share one look-up. **Bound:** [#THREADS_MAX] hosts at the same time; beyond
/// that a caller gets a [BusyException]. A host that is not found within the time to connect counts as unknown.
final class CheckedNames implements DnsResolver, AutoCloseable {
    static final int THREADS_MAX = 64;

    private static final int IDLE_SECONDS = 30;

    private final Names names;
    private final Duration time;
    private final Map<String, Future<List<InetAddress>>> lookUps = new ConcurrentHashMap<>();
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            THREADS_MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("courier-names-", 0).factory());

    /// Looks up and checks; may block for long.
    @FunctionalInterface
    interface Names {
        List<InetAddress> resolve(String host, int port) throws UnknownHostException;
    }

    CheckedNames(Names names, Duration time) {
        this.names = names;
        this.time = time;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        try {
            Future<List<InetAddress>> lookUp =
                    lookUps.computeIfAbsent(host + " " + port, name -> started(name, host, port));
            return lookUp.get(time.toNanos(), TimeUnit.NANOSECONDS).stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw unknown(host, e);
        } catch (RejectedExecutionException e) {
            throw new BusyException(host);
        } catch (TimeoutException e) {
            throw unknown(host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, e);
        }
    }

    private Future<List<InetAddress>> started(String name, String host, int port) {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                found.complete(names.resolve(host, port));
            } catch (UnknownHostException | RuntimeException e) {
                found.completeExceptionally(e);
            } finally {
                lookUps.remove(name);
            }
        });
        return found;
    }

    private static UnknownHostException unknown(String host, Exception cause) {
        UnknownHostException unknown = new UnknownHostException(host);
        unknown.initCause(cause);
        return unknown;
    }

    @Override
    public InetAddress[] resolve(String host) {
        throw new UnsupportedOperationException("The port counts too");
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
