package chat.milena.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.CallerRates;
import chat.milena.gateway.FakeCommandLog;
import chat.milena.gateway.command.CommandGate.Reserved;
import chat.milena.gateway.command.InFlight.Places;
import chat.milena.gateway.command.Submission.GatewayFull;
import chat.milena.gateway.command.Submission.NoRoom;
import chat.milena.gateway.command.Submission.NotAppended;
import chat.milena.gateway.command.Submission.RateLimited;
import chat.milena.gateway.command.Submission.SenderFull;
import chat.milena.gateway.command.Submission.Submitted;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import chat.milena.testsupport.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandGateTest {
    private static final Duration WITHIN = Duration.ofSeconds(15);
    private static final Caller ALICE = new Caller(new UserKey("default", "alice"), false);

    private final MovableClock clock = new MovableClock();
    private final CommandFactory commands = new CommandFactory("gw", clock);
    private final FakeCommandLog log = new FakeCommandLog();
    private final CountedRates rates = new CountedRates();
    private final CommandGate gate = new CommandGate(log, rates, clock::nanos);
    private final Budget budget = new Budget(Bounds.of(3, 100));
    private final InFlight inFlight = new InFlight();
    private final Places places = inFlight.places(2, Holder.of(ALICE.user()), budget);
    private final FakeListener listener = new FakeListener();

    private static final class CountedRates implements CallerRates {
        private int left = 100;

        @Override
        public Answer take(Caller caller, InboundCommand command) {
            if (left == 0) {
                return new Refused(Duration.ofSeconds(1), "none");
            }
            left--;
            return Allowed.AT_ONCE;
        }

        @Override
        public void giveBack(Caller caller, InboundCommand command) {
            left++;
        }
    }

    private InboundCommand command() {
        return commands.mute(ALICE, "conn_1", "c1", null);
    }

    private Submission submit() {
        return gate.submit(ALICE, command(), places, WITHIN, listener);
    }

    /// Whatever happened, what is held is what is in flight.
    @AfterEach
    void nothingIsHeldBesides() {
        assertThat(budget.held()).isEqualTo(inFlight.size());
    }

    @Test
    void submittedCommandIsInFlightAndItsListenerWaits() {
        assertThat(submit()).isInstanceOf(Submitted.class);

        assertThat(log.size()).isEqualTo(1);
        assertThat(inFlight.size()).isEqualTo(1);
        assertThat(rates.left).isEqualTo(99);
        assertThat(listener.answers()).isEmpty();

        clock.advance(WITHIN);
        inFlight.expire(clock.passedMillis());
        assertThat(listener.answers()).containsExactly(FakeListener.UNKNOWN);
        assertThat(rates.left).as("it may have been accepted").isEqualTo(99);
    }

    @Test
    void refusedCommandLeavesNothingReserved() {
        log.full(true);
        assertThat(submit()).isInstanceOf(NotAppended.class);
        log.full(false);
        log.room(false);
        assertThat(submit()).isInstanceOf(NoRoom.class);
        log.room(true);
        assertThat(inFlight.size()).isZero();
        assertThat(rates.left).isEqualTo(100);

        rates.left = 0;
        assertThat(submit()).isInstanceOf(RateLimited.class);
        assertThat(inFlight.size()).isZero();
        assertThat(listener.answers()).isEmpty();
    }

    @Test
    void commandWithoutAPlaceCostsNoRate() {
        submit();
        submit();
        assertThat(submit()).isInstanceOf(SenderFull.class);

        InFlight other = new InFlight();
        Places others = other.places(9, Holder.of(ALICE.user()), budget);
        assertThat(gate.submit(ALICE, command(), others, WITHIN, listener)).isInstanceOf(Submitted.class);
        assertThat(gate.submit(ALICE, command(), others, WITHIN, listener)).isInstanceOf(GatewayFull.class);

        assertThat(rates.left).isEqualTo(97);
        other.discard();
    }

    @Test
    void appendThatFailsLaterIsAnsweredOnce() {
        log.broken(true);

        assertThat(submit()).isInstanceOf(Submitted.class);

        assertThat(listener.answers()).containsExactly(FakeListener.UNKNOWN);
        assertThat(inFlight.size()).isZero();
        inFlight.expire(Long.MAX_VALUE);
        assertThat(listener.answers()).hasSize(1);
    }

    @Test
    void reservedCommandIsChargedAndAppendedLater() {
        InboundCommand command = command();
        assertThat(gate.reserve(ALICE, command, places, WITHIN, listener))
                .isInstanceOfSatisfying(Reserved.class, reserved -> {
                    assertThat(log.size()).isZero();
                    assertThat(rates.left).isEqualTo(99);

                    assertThat(reserved.append(WITHIN)).isInstanceOf(Submitted.class);
                    assertThat(log.size()).isEqualTo(1);
                });

        places.giveBack(command.getOrigin().getCommandId());
        assertThat(inFlight.size()).isZero();
    }

    @Test
    void commandOfASenderThatIsGoneTakesNoPlace() {
        inFlight.discard();

        assertThat(gate.submitUnheard(ALICE, command(), WITHIN)).isInstanceOf(Submitted.class);
        log.full(true);
        assertThat(gate.submitUnheard(ALICE, command(), WITHIN)).isInstanceOf(NotAppended.class);

        assertThat(log.size()).isEqualTo(1);
        assertThat(rates.left).isEqualTo(99);
    }
}
