package chat.milena.topology;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.streams.run.StateFolder;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The step between the topics and the sequencer: the sequencer's index of messages must match their retention.
///
/// On disk the index is laid out in segments of half the retention. With another retention some segments would be
/// found again and some not, and a message sent twice could get two numbers. So when the retention changes, all
/// state on disk is deleted, and Streams builds it again from the logs. A file beside the state records its
/// retention; it changes last, so that a crash in between repeats the step.
public final class RetentionReady implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionReady.class);
    private static final String MARK = "retention";

    /// The retention of folders without a mark.
    private static final Duration UNMARKED = Duration.ofDays(30);

    private final StateFolder folder;
    private final Duration retention;

    public RetentionReady(StateFolder folder, Duration retention) {
        this.folder = folder;
        this.retention = retention;
    }

    @Override
    public String name() {
        return "retention";
    }

    @Override
    public void start() throws IOException {
        layOut(folder, retention);
    }

    @Override
    public void stop(Duration within) {
        // The folder stays.
    }

    /// Deletes state of another retention.
    static void layOut(StateFolder folder, Duration retention) throws IOException {
        String mark = folder.mark(MARK);
        String before = mark == null ? UNMARKED.toString() : mark;
        if (!before.equals(retention.toString())) {
            if (folder.hasState()) {
                LOG.info(
                        "messages are kept for {} instead of {}: state is built again from the logs",
                        retention,
                        before);
            }
            folder.deleteState();
        }
        folder.mark(MARK, retention.toString());
    }
}
