package chat.milena.bench.call;

import java.net.URI;
import java.util.List;
import picocli.CommandLine.Option;

/// The command-line options that say which instances answer reads.
public final class ReadOptions {
    @Option(
            names = "--read-url",
            paramLabel = "URL",
            description = "An instance that answers reads; may be given several times (default: --url).")
    private List<URI> urls = List.of();

    /// Whether any was named.
    public boolean given() {
        return !urls.isEmpty();
    }

    /// Those that were named or, without any, the server itself.
    public List<URI> urls(ServerOptions server) {
        return given() ? urls : List.of(server.url());
    }
}
