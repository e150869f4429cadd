package chat.milena.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.connection.InFlightWindow.Pending;
import chat.milena.gateway.connection.InFlightWindow.Place;
import chat.milena.runtime.budget.Budget;
import chat.milena.runtime.budget.Budget.Bounds;
import chat.milena.runtime.budget.Holder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightWindowTest {
    private final Budget budget = new Budget(new Bounds(3, 3, Bounds.NONE, Bounds.NONE));
    private final InFlightWindow window = new InFlightWindow(2, Holder.ofTenant("acme"), budget);

    @Test
    void holdsNoMoreThanItsBound() {
        assertThat(window.open(1, "a", 10)).isEqualTo(Place.FOUND);
        assertThat(window.open(2, "b", 10)).isEqualTo(Place.FOUND);
        assertThat(window.open(3, "c", 10)).isEqualTo(Place.CONNECTION_FULL);

        assertThat(window.close(1)).isEqualTo(new Pending("a", 10));
        assertThat(window.open(3, "c", 10)).isEqualTo(Place.FOUND);
        assertThat(window.size()).isEqualTo(2);
    }

    @Test
    void allWindowsTogetherHoldNoMoreThanTheBudget() {
        InFlightWindow other = new InFlightWindow(2, Holder.ofTenant("acme"), budget);
        window.open(1, null, 10);
        window.open(2, null, 10);
        assertThat(other.open(3, null, 10)).isEqualTo(Place.FOUND);
        assertThat(other.open(4, null, 10)).isEqualTo(Place.GATEWAY_FULL);

        window.close(1);

        assertThat(other.open(4, null, 10)).isEqualTo(Place.FOUND);
    }

    @Test
    void oneTenantHoldsNoMoreThanItsShareOfTheBudget() {
        Budget shared = new Budget(new Bounds(4, 2, Bounds.NONE, Bounds.NONE));
        InFlightWindow acme = new InFlightWindow(9, Holder.ofTenant("acme"), shared);
        InFlightWindow alsoAcme = new InFlightWindow(9, Holder.ofTenant("acme"), shared);
        InFlightWindow shop = new InFlightWindow(9, Holder.ofTenant("shop"), shared);
        shop.open(0, null, 10);
        shop.close(0);
        assertThat(acme.open(1, null, 10)).isEqualTo(Place.FOUND);
        assertThat(alsoAcme.open(2, null, 10)).isEqualTo(Place.FOUND);

        assertThat(acme.open(3, null, 10)).isEqualTo(Place.GATEWAY_FULL);
        assertThat(shop.open(4, null, 10)).isEqualTo(Place.FOUND);
        alsoAcme.discard();
        assertThat(acme.open(5, null, 10)).isEqualTo(Place.FOUND);
        assertThat(acme.expire(10)).hasSize(2);
        assertThat(shared.held()).isEqualTo(1);
    }

    @Test
    void everyPlaceIsGivenBackOnce() {
        window.open(1, null, 10);
        window.open(2, null, 20);
        window.close(1);
        window.close(1);
        window.expire(20);
        window.expire(20);
        assertThat(budget.held()).isZero();
        window.open(3, null, 30);

        window.discard();
        window.discard();
        window.close(3);

        assertThat(budget.held()).isZero();
        assertThat(window.open(4, null, 10)).isEqualTo(Place.GATEWAY_FULL);
        assertThat(budget.held()).isZero();
    }

    @Test
    void closesACommandOnce() {
        window.open(1, null, 10);

        assertThat(window.close(1)).isEqualTo(new Pending(null, 10));
        assertThat(window.close(1)).isNull();
        assertThat(window.close(7)).isNull();
    }

    @Test
    void expiresWhatIsDueOldestFirst() {
        window.open(1, "a", 10);
        window.open(2, "b", 20);

        assertThat(window.expire(9)).isEmpty();
        assertThat(window.expire(10)).isEqualTo(List.of(new Pending("a", 10)));
        assertThat(window.close(1)).isNull();
        assertThat(window.expire(100)).isEqualTo(List.of(new Pending("b", 20)));
        assertThat(window.expire(100)).isEmpty();
    }
}
