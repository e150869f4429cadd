package chat.milena.push.courier;

import chat.milena.runtime.config.OutsideEndpoints;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/// Finds and checks the addresses of a host, at each connect.
///
/// A look-up cannot be interrupted and would hold up the threads that carry virtual threads, so it has a thread of
/// its own, of at most 64. Beyond that, and after the time to connect, a host counts as unknown.
final class CheckedNames implements DnsResolver, AutoCloseable {
    private static final int THREADS_MAX = 64;
    private static final int IDLE_SECONDS = 30;

    private final OutsideEndpoints endpoints;
    private final Duration time;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            THREADS_MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("courier-names-", 0).factory());

    CheckedNames(OutsideEndpoints endpoints, Duration time) {
        this.endpoints = endpoints;
        this.time = time;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        try {
            Future<List<InetAddress>> lookUp = threads.submit(() -> endpoints.resolve(host, port));
            return lookUp.get(time.toNanos(), TimeUnit.NANOSECONDS).stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw unknown(host, e);
        } catch (TimeoutException | RejectedExecutionException e) {
            throw unknown(host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, e);
        }
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
