package chat.milena.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.kafka.streams.Topology;

/// A topology's description against the one in the repository: stores and processors are named for good, since their
/// names are in those of topics and groups.
public final class ApprovedTopology {
    private ApprovedTopology() {}

    /// Compares, and leaves the new description in `target` for whoever approves it.
    ///
    /// @param file in the test resources
    public static void assertApproved(Topology topology, String file) throws IOException {
        String description = topology.describe().toString();
        Path proposed = Path.of("target", file);
        Files.writeString(proposed, description);

        try (InputStream approved = ApprovedTopology.class.getResourceAsStream("/" + file)) {
            assertThat(description)
                    .as("a new description is in %s", proposed)
                    .isEqualTo(new String(Objects.requireNonNull(approved).readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
