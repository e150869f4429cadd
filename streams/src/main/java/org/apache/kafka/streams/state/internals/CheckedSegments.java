package org.apache.kafka.streams.state.internals;

import chat.milena.streams.run.StoreDamage;
import java.io.File;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.ProcessorContextUtils;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.metrics.RocksDBMetricsRecorder;
import org.jspecify.annotations.Nullable;

/// The segments of a window store, each of which detects damage as a [CheckedStore] does.
///
/// The progress of the store is kept in its segments. At each start, a store without segments would be taken for
/// the remains of a crash and its task wiped; so writing the progress makes a segment if there is none.
public final class CheckedSegments extends KeyValueSegments {
    /// Expires as soon as anything is put.
    private static final long OLDEST = 0;

    private final StoreDamage damage;
    private final RocksDBMetricsRecorder recorder;
    private @Nullable StateStoreContext opened;

    private CheckedSegments(WindowBytesStoreSupplier of, StoreDamage damage) {
        super(of.name(), of.metricsScope(), of.retentionPeriod(), of.segmentIntervalMs());
        this.recorder = new RocksDBMetricsRecorder(of.metricsScope(), of.name());
        this.damage = damage;
    }

    /// A window store of such segments.
    ///
    /// @param of gives its sizes
    public static WindowStore<Bytes, byte[]> store(WindowBytesStoreSupplier of, StoreDamage damage) {
        var segmented = new AbstractRocksDBSegmentedBytesStore<>(
                of.name(), of.retentionPeriod(), new WindowKeySchema(), new CheckedSegments(of, damage));
        return new RocksDBWindowStore(segmented, of.retainDuplicates(), of.windowSize());
    }

    @Override
    public void openExisting(StateStoreContext context, long streamTime) {
        opened = context;
        recorder.init(ProcessorContextUtils.metricsImpl(context), context.taskId());
        super.openExisting(context, streamTime);
    }

    @Override
    public void commit(Map<TopicPartition, Long> offsets) {
        if (segments.isEmpty() && opened != null) {
            getOrCreateSegment(segmentId(OLDEST), opened);
        }
        super.commit(offsets);
    }

    @Override
    protected KeyValueSegment createSegment(long id, String segmentName) {
        return new Checked(segmentName, name, id, position, recorder, damage);
    }

    private static final class Checked extends KeyValueSegment {
        private final StoreDamage damage;
        private @Nullable TaskId task;

        private Checked(
                String segment,
                String store,
                long id,
                Position position,
                RocksDBMetricsRecorder recorder,
                StoreDamage damage) {
            super(segment, store, id, position, recorder);
            this.damage = damage;
        }

        @Override
        void setTaskId(TaskId taskId) {
            task = taskId;
            super.setTaskId(taskId);
        }

        @Override
        public void openDB(Map<String, Object> configs, File stateDir) {
            CheckedStore.open(this, task, damage, () -> super.openDB(configs, stateDir));
        }

        @Override
        public synchronized void close() {
            super.close();
            if (task != null) {
                // The whole task is wiped with the segment.
                damage.deleted(task, name());
            }
        }
    }
}
