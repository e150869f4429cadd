package chat.milena.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FileHandlesTest {
    @Test
    void logAndStoresKeepAReserve() {
        assertThat(FileHandles.connections(OptionalLong.of(1_024), 25_000)).isEqualTo(1_024 - 600 - 102);
        assertThat(FileHandles.connections(OptionalLong.of(20_000), 25_000)).isEqualTo(17_400);
        assertThat(FileHandles.connections(OptionalLong.of(28_500), 25_000)).isEqualTo(25_000);
        assertThat(FileHandles.connections(OptionalLong.of(Long.MAX_VALUE), 25_000))
                .isEqualTo(25_000);
        assertThat(FileHandles.connections(OptionalLong.empty(), 25_000)).isEqualTo(25_000);
    }

    @Test
    void neverNone() {
        assertThat(FileHandles.connections(OptionalLong.of(64), 25_000)).isEqualTo(16);
        assertThat(FileHandles.connections(OptionalLong.of(64), 3)).isEqualTo(3);
    }

    @Test
    void limitOfThisProcessIsKnown() {
        assertThat(FileHandles.limit().orElse(1)).isPositive();
    }
}
