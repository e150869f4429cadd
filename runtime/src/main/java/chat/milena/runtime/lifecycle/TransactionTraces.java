package chat.milena.runtime.lifecycle;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// The steps of one thread that writes transactions: each begins with a record, and ends when the transaction is
/// committed that has what was made of it. For that thread.
///
/// **Bound.** At most [#OPEN_MAX] records of a transaction are followed.
public final class TransactionTraces {
    private static final int OPEN_MAX = 256;
    /// Nobody reads changelogs for this.
    private static final String CHANGELOG = "-changelog";

    private final TraceHop hop;
    private final String name;
    private final List<TraceStep> open = new ArrayList<>();
    private @Nullable TraceStep handled;

    /// @param name of each step
    public TransactionTraces(TraceHop hop, String name) {
        this.hop = hop;
        this.name = name;
    }

    /// A record is handled from now on.
    ///
    /// @return the step; null if it is not followed
    public @Nullable TraceStep handle(Headers headers) {
        TraceStep step = open.size() < OPEN_MAX ? hop.follow(name, headers) : null;
        if (step != null) {
            open.add(step);
        }
        handled = step;
        return step;
    }

    /// It is handled no longer.
    public void handled() {
        handled = null;
    }

    /// A record is written, perhaps because of the one that is handled.
    public void write(ProducerRecord<byte[], byte[]> record) {
        if (handled != null && !record.topic().endsWith(CHANGELOG)) {
            handled.tag(record.headers());
        }
    }

    /// The transaction is over.
    ///
    /// @param failure null if it was committed
    public void ended(@Nullable Throwable failure) {
        open.forEach(step -> step.end(failure));
        open.clear();
    }
}
