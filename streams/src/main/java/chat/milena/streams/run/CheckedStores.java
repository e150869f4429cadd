package chat.milena.streams.run;

import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.CheckedSegments;
import org.apache.kafka.streams.state.internals.CheckedStore;

/// The state stores of our applications: RocksDB that detects damage at opening and at every read, including
/// ranges.
public final class CheckedStores {
    private static final Duration SEGMENT_MIN = Duration.ofMinutes(1);

    private CheckedStores() {}

    /// A store of keys and values.
    public static KeyValueBytesStoreSupplier keyValue(String name, StoreDamage damage) {
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return new CheckedStore(name, metricsScope(), damage);
            }

            @Override
            public String metricsScope() {
                return "rocksdb";
            }
        };
    }

    /// Removes replaced and deleted values of a store of keys and values from the disk, in the background. For the
    /// thread of its task.
    ///
    /// @param age of the files that are rewritten
    public static void rewrite(StateStore store, Duration age) {
        CheckedStore.of(store).rewrite(age);
    }

    /// A store of windows without duplicates. It drops expired data in segments of half the retention.
    public static WindowBytesStoreSupplier window(
            String name, Duration retention, Duration window, StoreDamage damage) {
        return new WindowBytesStoreSupplier() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public WindowStore<Bytes, byte[]> get() {
                return CheckedSegments.store(this, damage);
            }

            @Override
            public String metricsScope() {
                return "rocksdb-window";
            }

            @Override
            public long segmentIntervalMs() {
                return Math.max(retention.toMillis() / 2, SEGMENT_MIN.toMillis());
            }

            @Override
            public long windowSize() {
                return window.toMillis();
            }

            @Override
            public boolean retainDuplicates() {
                return false;
            }

            @Override
            public long retentionPeriod() {
                return retention.toMillis();
            }
        };
    }
}
