package chat.milena.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RemovalMeterTest {
    private final RemovalMeter meter = new RemovalMeter(number -> number % 2 == 0);

    @Test
    void removalsAreCountedOnceAndTimedFromTheDelivery() {
        meter.delivered(2, 1_000_000);
        meter.delivered(4, 1_000_000);
        meter.delivered(5, 1_000_000);
        meter.removed(2, 31_000_000);
        meter.removed(2, 91_000_000);
        meter.removed(5, 31_000_000);

        RemovalMeter.Found found = meter.found();

        assertThat(found.planted()).isEqualTo(2);
        assertThat(found.caught()).isEqualTo(1);
        assertThat(found.mistaken()).isEqualTo(1);
        assertThat(found.precision()).isEqualTo(0.5);
        assertThat(found.recall()).isEqualTo(0.5);
        assertThat(found.removal().maxMs()).isBetween(29.9, 30.1);
    }

    @Test
    void nothingRemovedHasNoPrecision() {
        assertThat(meter.found().precision()).isNaN();
        assertThat(meter.found().recall()).isNaN();
    }
}
