package chat.milena.streams.run;

import chat.milena.runtime.config.PrivateFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where RocksDB unpacks its native library: one file in a folder of ours, replaced at each start. By itself it makes
/// another one of 15 MB in the temporary folder each time, and leaves it there when the process is killed.
public final class NativeRocksDb {
    private static final Logger LOG = LoggerFactory.getLogger(NativeRocksDb.class);

    private NativeRocksDb() {}

    /// Loads the library for this process. To be called before RocksDB is first used; later it does nothing.
    public static void unpackInto(Path folder) {
        try {
            PrivateFolder.make(folder);
            NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
        } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
            // A folder that allows no programs: RocksDB finds its own place.
            LOG.debug("RocksDB is not loaded from {}", folder, e);
        }
    }
}
