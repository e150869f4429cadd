package chat.milena.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.word.OutcomeStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class OutcomeMetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final OutcomeMeters outcomes = new OutcomeMeters(meters, () -> 0);

    private double messagesOf(String tenant) {
        return meters.get("milena.gateway.messages")
                .tag("tenant", tenant)
                .counter()
                .count();
    }

    @Test
    void acceptedMessagesAreCountedByTenantAndNothingElseIs() {
        outcomes.decided(OutcomeStatus.ACCEPTED, "acme", 0);
        outcomes.decided(OutcomeStatus.ACCEPTED, "acme", 0);
        outcomes.decided(OutcomeStatus.DUPLICATE, "acme", 0);
        outcomes.decided(OutcomeStatus.REJECTED, "acme", 0);
        outcomes.decided(OutcomeStatus.ACCEPTED, null, 0);

        assertThat(messagesOf("acme")).isEqualTo(2);
        assertThat(messagesOf("other")).isZero();
    }

    @Test
    void tenantsBeyondTheBoundAreCountedTogether() {
        for (int tenant = 0; tenant < OutcomeMeters.TENANTS_MAX + 5; tenant++) {
            outcomes.decided(OutcomeStatus.ACCEPTED, "t" + tenant, 0);
        }
        outcomes.decided(OutcomeStatus.ACCEPTED, "t0", 0);

        assertThat(messagesOf("t0")).isEqualTo(2);
        assertThat(messagesOf("other")).isEqualTo(5);
        assertThat(meters.find("milena.gateway.messages").counters())
                .hasSize(OutcomeMeters.TENANTS_MAX + 1)
                .extracting(Counter::count)
                .doesNotContain(0.0);
    }
}
