package chat.milena.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.ServerMemory;
import chat.milena.bench.report.ServerVitals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostileLimitsTest {
    private static final long MIB = 1 << 20;
    private static final HostileLimits LIMITS =
            new HostileLimits(2, Duration.ofMillis(20), 0.01, 0.5, 64 * MIB, 256 * MIB, 20, 200);
    private static final ServerVitals BEFORE = vitals(500, 100, 400, 150);

    @Test
    void serverThatKeepsOthersFastHolds() {
        assertThat(LIMITS.faults(round(step(100, 100, 60), 10, 10, true), step(100, 100, 30)))
                .isEmpty();
    }

    @Test
    void p99ThatMoreThanDoublesIsAFault() {
        assertThat(LIMITS.faults(round(step(100, 100, 61), 10, 10, true), step(100, 100, 30)))
                .containsExactly("silent: the pairs' p99 was 2.0 times that alone");
    }

    @Test
    void p99AloneCountsAsTheFloorAtLeast() {
        assertThat(LIMITS.faults(round(step(100, 100, 40), 10, 10, true), step(100, 100, 3)))
                .isEmpty();
        assertThat(LIMITS.ratio(step(100, 100, 40), step(100, 100, 3))).isEqualTo(2);
    }

    @Test
    void messagesThatDoNotArriveAreAFaultHoweverFastTheOthersAre() {
        assertThat(LIMITS.faults(round(step(100, 98, 10), 10, 10, true), step(100, 100, 30)))
                .singleElement()
                .asString()
                .contains("2.0 % of the pairs' messages");
        assertThat(LIMITS.faults(round(step(100, 99, 10), 10, 10, true), step(100, 100, 30)))
                .isEmpty();
        assertThat(LIMITS.faults(round(step(0, 0, 0), 10, 10, true), step(100, 100, 30)))
                .hasSize(1);
    }

    @Test
    void newcomersWhoMostlyStayOutsideAreAFault() {
        assertThat(LIMITS.faults(round(step(100, 100, 10), 10, 4, true), step(100, 100, 30)))
                .containsExactly("silent: new users got in 4 times of 10");
        assertThat(LIMITS.faults(round(step(100, 100, 10), 10, 5, true), step(100, 100, 30)))
                .isEmpty();
    }

    @Test
    void ofADeadServerNothingElseIsSaid() {
        assertThat(LIMITS.faults(round(step(100, 0, 0), 10, 0, false), step(100, 100, 30)))
                .containsExactly("silent: the server died");
    }

    @Test
    void whatIsWithinTheMarginsIsBack() {
        assertThat(LIMITS.notBack(BEFORE, BEFORE)).isNull();
        assertThat(LIMITS.notBack(BEFORE, vitals(756, 164, 600, 170))).isNull();
        assertThat(LIMITS.notBack(BEFORE, vitals(100, 50, 300, 100))).isNull();
    }

    @Test
    void whatIsBeyondAMarginIsNot() {
        assertThat(LIMITS.notBack(BEFORE, vitals(500, 100, 400, 171))).isEqualTo("sockets: 171, before 150");
        assertThat(LIMITS.notBack(BEFORE, vitals(500, 100, 601, 150))).isEqualTo("file handles: 601, before 400");
        assertThat(LIMITS.notBack(BEFORE, vitals(500, 165, 400, 150))).isEqualTo("heap: 165 MiB, before 100");
        assertThat(LIMITS.notBack(BEFORE, vitals(757, 100, 400, 150)))
                .isEqualTo("resident memory: 757 MiB, before 500");
    }

    @Test
    void aGlanceSaysNothingOfMemory() {
        ServerVitals glance = new ServerVitals(null, 5000 * MIB, 400, 150);

        assertThat(LIMITS.notBack(BEFORE, glance)).isNull();
        assertThat(LIMITS.notBack(glance, BEFORE)).isNull();
    }

    @Test
    void brokenContractAndUnansweredSendsAreFaults() {
        assertThat(HostileLimits.faults(check(0, 0), 0)).isEmpty();
        assertThat(HostileLimits.faults(check(2, 1), 3))
                .containsExactly(
                        "the delivery contract was broken 3 times (lost 2, duplicated 1)", "3 sends had no answer");
    }

    @Test
    void limitsThatNothingCouldHoldAreAMistake() {
        assertThatThrownBy(() -> new HostileLimits(0.5, Duration.ZERO, 0, 0, 0, 0, 0, 0))
                .isInstanceOf(UsageFailure.class);
        assertThatThrownBy(() -> new HostileLimits(2, Duration.ZERO, 0, 0, -1, 0, 0, 0))
                .isInstanceOf(UsageFailure.class);
        assertThatThrownBy(() -> new HostileLimits(2, Duration.ZERO, 1.1, 0, 0, 0, 0, 0))
                .isInstanceOf(UsageFailure.class);
    }

    private static HostileResult.Round round(StepResult pairs, int tries, int letIn, boolean lives) {
        return new HostileResult.Round(
                "silent", List.of(), pairs, new HostileResult.Seen(tries, letIn, 1, 0, 0), -1, lives);
    }

    private static StepResult step(long sent, long delivered, double p99Ms) {
        Latencies.Summary latency = new Latencies.Summary(delivered, 1, 1, p99Ms, p99Ms, p99Ms);
        MachineUse machine = new MachineUse(0, 0, 0, 0);
        return new StepResult(
                100, 100, 100, 1, sent, sent, delivered, 0, Map.of(), 0, 0, latency, latency, latency, machine);
    }

    private static ServerVitals vitals(long residentMib, long heapMib, long handles, long sockets) {
        ServerMemory memory = new ServerMemory(residentMib * MIB, heapMib * MIB);
        return new ServerVitals(memory, residentMib * MIB, handles, sockets);
    }

    private static CheckReport check(long lost, long doubled) {
        return new CheckReport(0, 0, 0, lost, doubled, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
    }
}
