package chat.milena.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of each command that starts a cluster.
public final class ClusterArguments {
    @Option(
            names = "--setting",
            paramLabel = "NAME=VALUE",
            description = "A setting of all services, such as MILENA_TAKEOVER_AFTER=10s, or of all brokers, such as"
                    + " kafka.broker.session.timeout.ms=9000; may be repeated.")
    private Map<String, String> settings = Map.of();

    @Option(names = "--keep", paramLabel = "DIR", description = "Keep the files of the cluster, in this folder.")
    private @Nullable Path keep;

    /// Settings of all services.
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    /// Runs something in the given folder, or in a new one that is deleted afterwards.
    public <T> T inFolder(InFolder<T> what) throws IOException, InterruptedException {
        if (keep != null) {
            return what.run(keep);
        }
        Path folder = Files.createTempDirectory("milena-cluster-");
        try {
            return what.run(folder);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// What needs a folder.
    @FunctionalInterface
    public interface InFolder<T> {
        T run(Path folder) throws IOException, InterruptedException;
    }
}
