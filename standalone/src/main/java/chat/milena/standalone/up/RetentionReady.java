package chat.milena.standalone.up;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.Topics;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.topology.sequencer.SequencerTopology;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The step between the topics and the sequencer: what the sequencer remembers of messages fits how long they are kept.
///
/// On disk the index of messages is laid out in segments of half the retention. Of what was laid out for another one,
/// some segments would be found again and some not, and a message sent twice could get two numbers. So when the
/// retention changes, all state on disk is put away, and Streams builds it again from the logs. A file beside the state
/// says what it was laid out for; it changes last, so that a crash in between repeats the step.
final class RetentionReady implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionReady.class);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String MARK = "retention";

    /// What folders without a mark were laid out for.
    private static final Duration UNMARKED = Duration.ofDays(30);

    private final Path streamsFolder;
    private final String sequencer;
    private final Duration retention;
    private final KafkaClients clients;

    /// @param sequencer the application's id
    RetentionReady(Path streamsFolder, String sequencer, Duration retention, KafkaClients clients) {
        this.streamsFolder = streamsFolder;
        this.sequencer = sequencer;
        this.retention = retention;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "retention";
    }

    @Override
    public void start() throws IOException, TopicException, InterruptedException {
        try (Admin admin = Admin.create(clients.admin())) {
            Topics.keep(
                    SequencerTopology.indexLog(sequencer),
                    SequencerTopology.indexLogRetention(retention),
                    admin,
                    WITHIN);
        }
        layOut(streamsFolder, retention);
    }

    @Override
    public void stop(Duration within) {
        // What is laid out stays.
    }

    /// Puts away what was laid out for another retention.
    static void layOut(Path streamsFolder, Duration retention) throws IOException {
        Files.createDirectories(streamsFolder);
        Path mark = streamsFolder.resolve(MARK);
        String before = Files.exists(mark) ? Files.readString(mark).strip() : UNMARKED.toString();
        if (!before.equals(retention.toString())) {
            List<Path> state;
            try (Stream<Path> entries = Files.list(streamsFolder)) {
                state = entries.filter(entry -> !entry.equals(mark)).toList();
            }
            if (!state.isEmpty()) {
                LOG.info(
                        "messages are kept for {} instead of {}: state is built again from the logs",
                        retention,
                        before);
            }
            for (Path entry : state) {
                delete(entry);
            }
        }
        Files.writeString(mark, retention + "\n");
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
