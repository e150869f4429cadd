package chat.milena.streams.run;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// Bounds the memory of all state stores of this process together, whatever its number of tasks.
///
/// Blocks and write buffers share one cache: by default RocksDB bounds each store separately, so each further
/// store would raise the total. Kafka Streams makes one instance of this class for each store, so the shared parts
/// are static; they are freed with the process.
public final class BoundedRocksDb implements RocksDBConfigSetter {
    private static final long MEMORY_BYTES_MAX = 192L << 20;
    private static final long WRITE_BUFFERS_BYTES_MAX = 96L << 20;
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final int BLOCK_BYTES = 8 << 10;

    static {
        RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(MEMORY_BYTES_MAX);
    private static final WriteBufferManager WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFERS_BYTES_MAX, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig tables = (BlockBasedTableConfig) options.tableFormatConfig();
        tables.setBlockCache(CACHE);
        tables.setBlockSize(BLOCK_BYTES);
        tables.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(tables);
        options.setWriteBufferManager(WRITE_BUFFERS);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        // Only the stream thread of its task writes to a store; support for other writers costs each write.
        options.setAllowConcurrentMemtableWrite(false);
        options.setEnableWriteThreadAdaptiveYield(false);
    }

    /// Does nothing: the cache and the buffers belong to all stores.
    @Override
    public void close(String storeName, Options options) {}
}
