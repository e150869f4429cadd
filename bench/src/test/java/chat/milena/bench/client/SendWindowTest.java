package chat.milena.bench.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendWindowTest {
    private final SendWindow window = new SendWindow(8);

    @Test
    void writesInOrderAndNoMoreThanAllowed() {
        add(10);

        assertThat(writable()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        window.acked(3);
        assertThat(writable()).containsExactly(9L);
    }

    @Test
    void whatALostSocketHeldIsWrittenAgainBeforeWhatIsNewer() {
        add(3);
        writable();
        window.acked(2);
        window.socketLost();
        add(1);

        assertThat(writable()).containsExactly(1L, 3L, 4L);
    }

    @Test
    void aRefusalForRatesHalvesTheWindowAndAcksWidenIt() {
        add(40);
        writable();
        window.putBack(found(1), true);
        assertThat(writable()).isEmpty();

        long acked = 0;
        for (long ordinal = 2; ordinal <= 5; ordinal++) {
            window.acked(ordinal);
            acked++;
        }
        assertThat(acked).isEqualTo(4);
        assertThat(writable()).startsWith(1L).hasSize(2);
    }

    @Test
    void aRefusalForAnotherReasonLeavesTheWindowAsItIs() {
        add(8);
        writable();
        window.putBack(found(4), false);

        assertThat(writable()).containsExactly(4L);
    }

    @Test
    void anAckThatComesAfterARefusalStillCounts() {
        add(1);
        writable();
        window.putBack(found(1), false);

        assertThat(window.acked(1)).isNotNull();
        assertThat(writable()).isEmpty();
        assertThat(window.acked(1)).isNull();
    }

    @Test
    void drainsInOrder() {
        add(12);
        writable();

        assertThat(window.drain()).extracting(SentMessage::ordinal).isSorted().hasSize(12);
        assertThat(window.drain()).isEmpty();
    }

    private SentMessage found(long ordinal) {
        SentMessage message = window.find(ordinal);
        assertThat(message).isNotNull();
        if (message == null) {
            throw new AssertionError();
        }
        return message;
    }

    private void add(int messages) {
        for (int i = 0; i < messages; i++) {
            window.add(new SentMessage("c", "m", new Outgoing.Message("text", null), 0));
        }
    }

    private List<Long> writable() {
        List<Long> ordinals = new ArrayList<>();
        SentMessage next;
        while ((next = window.next()) != null) {
            ordinals.add(next.ordinal());
        }
        return ordinals;
    }
}
