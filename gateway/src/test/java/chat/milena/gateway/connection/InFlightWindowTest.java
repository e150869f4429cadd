package chat.milena.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.connection.InFlightWindow.Pending;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightWindowTest {
    private final InFlightWindow window = new InFlightWindow(2);

    @Test
    void holdsNoMoreThanItsBound() {
        assertThat(window.open(1, "a", 10)).isTrue();
        assertThat(window.open(2, "b", 10)).isTrue();
        assertThat(window.open(3, "c", 10)).isFalse();

        assertThat(window.close(1)).isEqualTo(new Pending("a", 10));
        assertThat(window.open(3, "c", 10)).isTrue();
        assertThat(window.size()).isEqualTo(2);
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
