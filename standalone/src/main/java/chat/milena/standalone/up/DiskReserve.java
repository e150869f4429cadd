package chat.milena.standalone.up;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of the data folder's disk that clients may not fill, since a broker whose disk is full ends the
/// process. While less is free, commands are rejected and everything else continues. Commands accepted before are
/// written into the reserve. The free space is read once a second. [#hasRoom] is safe for all threads and does not
/// read the disk.
///
/// ```
/// room ──free < reserve──▶ no room ──free ≥ reserve + a tenth──▶ room
/// ```
final class DiskReserve implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    private static final String NAME = "disk";
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final long MEBIBYTE = 1 << 20;
    private static final long GIBIBYTE = 1 << 30;
    private static final long USUAL_MAX = GIBIBYTE;

    /// The part of a small disk.
    private static final int USUAL_PART = 20;

    /// A margin, so that the state does not change with each segment that Kafka deletes.
    private static final int MARGIN_PART = 10;

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})(MiB|GiB)");

    private final Space space;
    private final long reserve;
    private final Readiness readiness;
    private volatile long free = Long.MAX_VALUE;
    private volatile boolean room = true;
    private boolean unreadable;
    private @Nullable Thread thread;

    /// Reads the free space of a disk.
    @FunctionalInterface
    interface Space {
        long freeBytes() throws IOException;
    }

    /// @param reserve in bytes; 0 for none
    DiskReserve(Space space, long reserve, Readiness readiness, MeterRegistry meters) {
        this.space = space;
        this.reserve = reserve;
        this.readiness = readiness;
        Gauge.builder("milena.disk.free.bytes", this, disk -> disk.free)
                .description("Free space of the disk that holds the data folder")
                .register(meters);
        Gauge.builder("milena.disk.reserve.bytes", () -> reserve)
                .description("Commands are rejected while less than this is free")
                .register(meters);
    }

    /// The reserve of this folder's disk, as the environment sets it; errors are recorded there.
    static DiskReserve of(Settings environment, Path folder, Readiness readiness, MeterRegistry meters)
            throws DataFolderException {
        try {
            FileStore store = Files.getFileStore(folder);
            long usual = Math.min(USUAL_MAX, store.getTotalSpace() / USUAL_PART);
            long reserve = environment.read("MILENA_DISK_RESERVE", usual, DiskReserve::parse);
            return new DiskReserve(store::getUsableSpace, reserve, readiness, meters);
        } catch (IOException e) {
            throw new DataFolderException("cannot read the free space of the disk of " + folder, e);
        }
    }

    /// Reads all of its settings in the environment; errors are recorded there.
    static void readSettings(Settings environment) {
        environment.read("MILENA_DISK_RESERVE", 0L, DiskReserve::parse);
    }

    private static long parse(String text) {
        if (text.equals("0")) {
            return 0;
        }
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a size such as 512MiB or 2GiB, or 0 for none");
        }
        return Long.parseLong(matcher.group(1)) * (matcher.group(2).equals("MiB") ? MEBIBYTE : GIBIBYTE);
    }

    /// Whether there is room for commands.
    boolean hasRoom() {
        return room;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        readiness.set(NAME, true, "");
        check();
        thread = Thread.ofVirtual().name("disk-reserve").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(EVERY);
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads the free space. For one thread at a time.
    void check() {
        try {
            free = space.freeBytes();
            unreadable = false;
        } catch (IOException e) {
            if (!unreadable) {
                LOG.warn("Cannot read the free space of the disk: {}", e.toString());
            }
            unreadable = true;
            return;
        }
        if (room && free < reserve) {
            room = false;
            String state = free / MEBIBYTE + " MiB are free, below the reserve of " + reserve / MEBIBYTE + " MiB";
            readiness.degraded(NAME, "commands are rejected: " + state);
            LOG.error("Commands are rejected until there is room on the disk again: {}", state);
        } else if (!room && free >= reserve + reserve / MARGIN_PART) {
            room = true;
            readiness.set(NAME, true, "");
            LOG.info("There is room on the disk again: commands are accepted");
        }
    }

    @Override
    public void stop(Duration within) throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            running.join(within);
        }
    }
}
