package chat.milena.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.lifecycle.Readiness;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskReserveTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final long RESERVE = 100 * MEBIBYTE;

    @TempDir
    Path folder;

    private final AtomicLong free = new AtomicLong(1_000 * MEBIBYTE);
    private final Readiness readiness = new Readiness();
    private final MeterRegistry meters = new SimpleMeterRegistry();

    private DiskReserve over(DiskReserve.Space space) {
        return new DiskReserve(space, RESERVE, readiness, meters);
    }

    @Test
    void thereIsNoRoomBelowTheReserveAndAgainWithAMarginAboveIt() {
        DiskReserve disk = over(free::get);
        disk.check();
        assertThat(disk.hasRoom()).isTrue();

        free.set(RESERVE);
        disk.check();
        assertThat(disk.hasRoom()).isTrue();

        free.set(RESERVE - 1);
        disk.check();
        assertThat(disk.hasRoom()).isFalse();

        free.set(RESERVE + RESERVE / 10 - 1);
        disk.check();
        assertThat(disk.hasRoom()).isFalse();

        free.set(RESERVE + RESERVE / 10);
        disk.check();
        assertThat(disk.hasRoom()).isTrue();
    }

    @Test
    void readinessSaysSoAndStaysReadySinceReadingGoesOn() throws InterruptedException {
        DiskReserve disk = over(free::get);
        disk.start();
        assertThat(readiness.describe()).isEqualTo("disk: ready");

        free.set(99 * MEBIBYTE);
        await().atMost(Duration.ofSeconds(20)).until(() -> !disk.hasRoom());
        assertThat(readiness.describe())
                .isEqualTo("disk: commands are rejected: 99 MiB are free, below the reserve of 100 MiB");
        assertThat(readiness.ready()).isTrue();

        free.set(1_000 * MEBIBYTE);
        await().atMost(Duration.ofSeconds(20)).until(disk::hasRoom);
        assertThat(readiness.describe()).isEqualTo("disk: ready");
        disk.stop(Duration.ofSeconds(5));
    }

    @Test
    void metersShowWhatIsFreeAndWhatIsKept() {
        over(free::get).check();

        assertThat(meters.get("milena.disk.free.bytes").gauge().value()).isEqualTo(1_000.0 * MEBIBYTE);
        assertThat(meters.get("milena.disk.reserve.bytes").gauge().value()).isEqualTo((double) RESERVE);
    }

    @Test
    void whatCannotBeSeenChangesNothing() {
        AtomicLong reads = new AtomicLong();
        DiskReserve disk = over(() -> {
            if (reads.incrementAndGet() > 1) {
                throw new IOException("expected by this test");
            }
            return RESERVE - 1;
        });

        disk.check();
        assertThat(disk.hasRoom()).isFalse();
        disk.check();
        assertThat(disk.hasRoom()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"512MiB, 512", "2GiB, 2048", "0, 0"})
    void reserveIsAsTheEnvironmentSays(String setting, long mebibytes) throws Exception {
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_DISK_RESERVE", setting));

        DiskReserve.of(environment, folder, readiness, meters);

        environment.check();
        assertThat(meters.get("milena.disk.reserve.bytes").gauge().value()).isEqualTo((double) mebibytes * MEBIBYTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1GB", "-1GiB", "5%", "1 GiB", "9999999GiB"})
    void otherSizesAreRefused(String setting) throws Exception {
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_DISK_RESERVE", setting));

        DiskReserve.of(environment, folder, readiness, meters);

        assertThat(environment.errors()).singleElement().asString().contains("must be a size such as 512MiB");
    }

    @Test
    void smallDiskKeepsATwentiethAndALargeOneAGibibyte() throws Exception {
        DiskReserve.of(Settings.ofEnvironment(Map.of()), folder, readiness, meters);

        long total = Files.getFileStore(folder).getTotalSpace();
        assertThat(meters.get("milena.disk.reserve.bytes").gauge().value())
                .isEqualTo((double) Math.min(total / 20, 1L << 30));
    }
}
