package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameAllowanceTest {
    private static final long NOW = 1_700_000_000_000L;

    private final FrameAllowance allowance = new FrameAllowance(100);

    private int taken(FrameAllowance from, int tries, long nowMillis) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += from.take(nowMillis) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void tenSecondsWorthMayComeAtOnceAndFlowsBackEvenly() {
        assertThat(taken(allowance, 2_000, NOW)).isEqualTo(1_000);
        assertThat(taken(allowance, 2_000, NOW + 9)).isZero();
        assertThat(taken(allowance, 2_000, NOW + 10)).isEqualTo(1);
        assertThat(taken(allowance, 2_000, NOW + 1_010)).isEqualTo(100);
        assertThat(taken(allowance, 2_000, NOW + 60_000)).isEqualTo(1_000);
    }

    @Test
    void steadyStreamAtTheRateIsNeverRefused() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(allowance.take(NOW + i * 10L)).isTrue();
        }
    }

    @Test
    void zeroIsNoLimit() {
        assertThat(taken(new FrameAllowance(0), 10_000, NOW)).isEqualTo(10_000);
    }
}
