package chat.milena.syncapi.route;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.http.HttpFront;
import chat.milena.syncapi.barrier.EndOffsets;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.view.ViewCopies;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;

/// The parts that find where a read is answered. Safe for all threads.
public final class Routing implements AutoCloseable {
    private static final int INTERNAL_CALLS_MAX = 2_000;

    private final RemoteReads remote;
    private final RoutedReads routed;
    private final InternalGate internal;

    /// How instances find and trust each other.
    ///
    /// @param peers instances of other copies, in the order of attempts
    /// @param within how long a read may take
    /// @param secret shared by all instances
    public record Settings(List<URI> peers, Duration within, Secret secret) {}

    /// @param address of this instance, known once its internal listener is started
    /// @param threads virtual ones
    public Routing(
            Settings settings,
            ViewCopies copies,
            LocalReads local,
            EndOffsets ends,
            Supplier<HostInfo> address,
            ExecutorService threads) {
        remote = new RemoteReads(settings.secret());
        CopyReads owners = new CopyReads(local, remote, address, threads);
        routed = new RoutedReads(copies, owners, remote, settings.peers(), settings.within());
        InternalApi calls = new InternalApi(copies, owners, routed, new RebuildSteps(copies, ends), settings.within());
        internal = new InternalGate(settings.secret(), threads, INTERNAL_CALLS_MAX, calls);
    }

    /// Reads of any key.
    public Reads reads() {
        return routed;
    }

    /// Serves the calls of other instances.
    public void mount(HttpFront front) {
        InternalApi.PATHS.forEach(path -> front.mount(path, internal));
    }

    @Override
    public void close() {
        remote.close();
    }
}
