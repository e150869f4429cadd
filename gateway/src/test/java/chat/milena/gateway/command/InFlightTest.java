package chat.milena.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.command.InFlight.Pending;
import chat.milena.gateway.command.InFlight.Place;
import chat.milena.gateway.command.InFlight.Places;
import chat.milena.gateway.command.InFlight.SentMessage;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final Caller ALICE = new Caller(new UserKey("acme", "alice"), false);

    private final Budget budget = new Budget(new Bounds(3, 3, Bounds.NONE, Bounds.NONE));
    private final InFlight inFlight = new InFlight();
    private final Places places = inFlight.places(2, Holder.ofTenant("acme"), budget);
    private final List<String> answers = new ArrayList<>();

    private Place take(Places from, long commandId, long deadlineMillis) {
        return from.take(commandId, ALICE, new FakeListener(commandId + " ", answers), deadlineMillis, null);
    }

    private static Delivery outcome(String status) {
        Delivery delivery = new Delivery();
        delivery.setOutcome(new CommandOutcome(
                new CommandOrigin("gw", "c", 1L),
                status,
                null,
                0L,
                null,
                null,
                null,
                null,
                0L,
                null,
                null,
                0L,
                false,
                null,
                false));
        return delivery;
    }

    @Test
    void holdsNoMoreThanItsBound() {
        assertThat(take(places, 1, 10)).isEqualTo(Place.FOUND);
        assertThat(take(places, 2, 10)).isEqualTo(Place.FOUND);
        assertThat(take(places, 3, 10)).isEqualTo(Place.SENDER_FULL);

        assertThat(inFlight.close(1)).isNotNull();
        assertThat(take(places, 3, 10)).isEqualTo(Place.FOUND);
        assertThat(inFlight.size()).isEqualTo(2);
    }

    @Test
    void kindsOfOneSenderHaveBoundsOfTheirOwn() {
        Places receipts = inFlight.places(2);
        take(places, 1, 10);
        take(places, 2, 10);
        assertThat(take(receipts, 3, 10)).isEqualTo(Place.FOUND);
        assertThat(take(receipts, 4, 10)).isEqualTo(Place.FOUND);
        assertThat(take(receipts, 5, 10)).isEqualTo(Place.SENDER_FULL);
        assertThat(budget.held()).as("receipts take nothing of the gateway's").isEqualTo(2);

        inFlight.expire(10);

        assertThat(answers).containsExactly("1 unknown", "2 unknown", "3 unknown", "4 unknown");
        assertThat(take(receipts, 5, 20)).isEqualTo(Place.FOUND);
        assertThat(take(places, 6, 20)).isEqualTo(Place.FOUND);
    }

    @Test
    void allSendersTogetherHoldNoMoreThanTheBudget() {
        Places others = new InFlight().places(2, Holder.ofTenant("acme"), budget);
        take(places, 1, 10);
        take(places, 2, 10);
        assertThat(take(others, 3, 10)).isEqualTo(Place.FOUND);
        assertThat(take(others, 4, 10)).isEqualTo(Place.GATEWAY_FULL);

        inFlight.close(1);

        assertThat(take(others, 4, 10)).isEqualTo(Place.FOUND);
    }

    @Test
    void oneTenantHoldsNoMoreThanItsShareOfTheBudget() {
        Budget shared = new Budget(new Bounds(4, 2, Bounds.NONE, Bounds.NONE));
        InFlight acme = new InFlight();
        InFlight alsoAcme = new InFlight();
        Places ofAcme = acme.places(9, Holder.ofTenant("acme"), shared);
        Places alsoOfAcme = alsoAcme.places(9, Holder.ofTenant("acme"), shared);
        InFlight shop = new InFlight();
        Places ofShop = shop.places(9, Holder.ofTenant("shop"), shared);
        take(ofShop, 0, 10);
        shop.close(0);
        assertThat(take(ofAcme, 1, 10)).isEqualTo(Place.FOUND);
        assertThat(take(alsoOfAcme, 2, 10)).isEqualTo(Place.FOUND);

        assertThat(take(ofAcme, 3, 10)).isEqualTo(Place.GATEWAY_FULL);
        assertThat(take(ofShop, 4, 10)).isEqualTo(Place.FOUND);
        alsoAcme.discard();
        assertThat(take(ofAcme, 5, 10)).isEqualTo(Place.FOUND);
        acme.expire(10);
        assertThat(answers).containsExactly("1 unknown", "5 unknown");
        assertThat(shared.held()).isEqualTo(1);
    }

    @Test
    void everyPlaceIsGivenBackOnce() {
        take(places, 1, 10);
        take(places, 2, 20);
        inFlight.close(1);
        inFlight.close(1);
        inFlight.expire(20);
        inFlight.expire(20);
        assertThat(budget.held()).isZero();
        take(places, 3, 30);

        inFlight.discard();
        inFlight.discard();
        inFlight.close(3);

        assertThat(budget.held()).isZero();
        assertThat(take(places, 4, 10)).isEqualTo(Place.GATEWAY_FULL);
        assertThat(budget.held()).isZero();
    }

    @Test
    void closesACommandOnce() {
        take(places, 1, 10);

        Pending pending = Objects.requireNonNull(inFlight.close(1));
        assertThat(inFlight.close(1)).isNull();
        assertThat(inFlight.close(7)).isNull();

        pending.decided(outcome("duplicate"));
        assertThat(answers).containsExactly("1 duplicate");
        assertThat(pending.caller()).isEqualTo(ALICE);
    }

    @Test
    void unknownStatusIsARejection() {
        take(places, 1, 10);

        Objects.requireNonNull(inFlight.close(1)).decided(outcome("postponed"));

        assertThat(answers).containsExactly("1 rejected");
    }

    @Test
    void expiresWhatIsDueOldestFirst() {
        take(places, 1, 10);
        take(places, 2, 20);

        inFlight.expire(9);
        assertThat(answers).isEmpty();
        inFlight.expire(10);
        assertThat(answers).containsExactly("1 unknown");
        assertThat(inFlight.close(1)).isNull();
        inFlight.expire(100);
        assertThat(answers).containsExactly("1 unknown", "2 unknown");
        inFlight.expire(100);
        assertThat(answers).hasSize(2);
    }

    @Test
    void nobodyIsAnsweredAfterTheEnd() {
        take(places, 1, 10);

        inFlight.discard();
        inFlight.expire(Long.MAX_VALUE);
        places.failed(1);

        assertThat(answers).isEmpty();
        assertThat(inFlight.size()).isZero();
    }

    @Test
    void outcomeOfAnExpiredAttemptAnswersTheLatestOne() {
        SentMessage message = new SentMessage("grp_1", "m1");
        places.take(1, ALICE, new FakeListener("first ", answers), 10, message);
        inFlight.expire(10);
        places.take(2, ALICE, new FakeListener("second ", answers), 20, message);
        assertThat(inFlight.close(1)).isNull();

        Objects.requireNonNull(inFlight.closeAttempt(message)).decided(outcome("accepted"));

        assertThat(answers).containsExactly("first unknown", "second accepted");
        assertThat(inFlight.closeAttempt(message)).isNull();
        assertThat(inFlight.close(2)).isNull();
        assertThat(budget.held()).isZero();
        assertThat(inFlight.closeAttempt(new SentMessage("grp_1", "m2"))).isNull();
    }
}
