package chat.milena.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.kafka.streams.Topology;

/// What was approved once, against what comes out now.
public final class Approved {
    private Approved() {}

    /// Compares a topology's description with the one in the repository: stores and processors are named for good,
    /// since their names are in those of topics and groups.
    ///
    /// @param file in the test resources
    public static void assertApproved(Topology topology, String file) throws IOException {
        assertApproved(topology.describe().toString(), file);
    }

    /// Compares, and leaves the new text in `target` for the one who approves it.
    ///
    /// @param file in the test resources
    public static void assertApproved(String text, String file) throws IOException {
        Path proposed = Path.of("target", file);
        Files.writeString(proposed, text);

        try (InputStream approved = Approved.class.getResourceAsStream("/" + file)) {
            assertThat(text)
                    .as("a new text is in %s", proposed)
                    .isEqualTo(new String(Objects.requireNonNull(approved).readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
