package chat.milena.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void scrapeShowsTheJvmAndWhatIsRegistered() {
        try (Metrics metrics = new Metrics()) {
            metrics.registry().counter("milena.frames").increment();

            assertThat(metrics.scrape())
                    .contains("jvm_memory_used_bytes")
                    .contains("milena_frames_total 1.0")
                    .containsPattern("(?m)^process_cpu_seconds_total [0-9.]+$")
                    .doesNotContain("system_cpu_count", "process_cpu_time");
        }
    }
}
