package chat.milena.streams.run;

import chat.milena.runtime.config.PrivateFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where RocksDB unpacks its native library: one file in a folder of ours, replaced at each start. Its default is
/// a new file of 15 MB in the temporary folder each time, which stays there when the process is killed.
public final class NativeRocksDb {
    private static final Logger LOG = LoggerFactory.getLogger(NativeRocksDb.class);

    private NativeRocksDb() {}

    /// Loads the library for this process. Call it before the first use of RocksDB; later it has no effect.
    public static void unpackInto(Path folder) {
        try {
            PrivateFolder.make(folder);
            NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
        } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
            // The folder does not allow programs: RocksDB uses its default.
            LOG.debug("RocksDB is not loaded from {}", folder, e);
        }
    }
}
