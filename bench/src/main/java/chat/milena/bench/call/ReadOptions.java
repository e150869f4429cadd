package chat.milena.bench.call;

import java.net.URI;
import java.util.List;
import picocli.CommandLine.Option;

/// The command-line options for the instances that answer reads.
public final class ReadOptions {
    @Option(
            names = "--read-url",
            paramLabel = "URL",
            description = "An instance that answers reads; may be given several times (default: --url).")
    private List<URI> urls = List.of();

    /// Whether at least one was given.
    public boolean given() {
        return !urls.isEmpty();
    }

    /// The given instances, or the server itself if there is none.
    public List<URI> urls(ServerOptions server) {
        return given() ? urls : List.of(server.url());
    }
}
