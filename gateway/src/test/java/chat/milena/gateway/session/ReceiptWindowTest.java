package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.session.ReceiptWindow.Place;
import chat.milena.protocol.frame.ClientFrame.Receipt;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.word.ReceiptKind;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiptWindowTest {
    private final ReceiptWindow window = new ReceiptWindow(2);

    private static PendingReceipt read(
            @Nullable String id, String conversationId, @Nullable Long upTo, String... messageIds) {
        MarkReceipt mark = new MarkReceipt(upTo, List.of(messageIds), null, null, null);
        return PendingReceipt.of(new Receipt(id, conversationId, ReceiptKind.READ, mark), 0);
    }

    private static String[] messages(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toArray(String[]::new);
    }

    @Test
    void firstOfAWindowOpensItAndTheNextAfterItsEndOpensAnother() {
        assertThat(window.hold(read(null, "c1", 1L))).isEqualTo(Place.OPENED);
        assertThat(window.hold(read(null, "c2", 1L))).isEqualTo(Place.HELD);
        assertThat(window.end()).hasSize(2);
        assertThat(window.waiting()).isZero();
        assertThat(window.hold(read(null, "c1", 2L))).isEqualTo(Place.OPENED);
    }

    @Test
    void furthestNumberAndAllMessagesAndIdsAreKept() {
        window.hold(read("a", "c1", 7L, "m1"));
        window.hold(read("b", "c1", null, "m2", "m1"));
        window.hold(read(null, "c1", 3L));

        assertThat(window.end()).singleElement().satisfies(held -> {
            assertThat(held.mark("phone")).isEqualTo(new MarkReceipt(7L, List.of("m1", "m2"), null, null, "phone"));
            assertThat(held.ids()).containsExactly("a", "b");
        });
    }

    @Test
    void newConversationsBeyondTheBoundFindNoRoomWhileKnownOnesDo() {
        window.hold(read(null, "c1", 1L));
        window.hold(read(null, "c2", 1L));

        assertThat(window.hold(read(null, "c3", 1L))).isEqualTo(Place.FULL);
        assertThat(window.hold(read(null, "c2", 2L))).isEqualTo(Place.HELD);
    }

    @Test
    void moreMessagesOrIdsThanOneTakesFindNoRoom() {
        window.hold(read(null, "c1", null, messages(0, 60)));
        assertThat(window.hold(read(null, "c1", null, messages(59, 101)))).isEqualTo(Place.FULL);
        assertThat(window.hold(read(null, "c1", null, messages(59, 100)))).isEqualTo(Place.HELD);
        for (int i = 0; i < 32; i++) {
            assertThat(window.hold(read("r" + i, "c1", 1L))).isEqualTo(Place.HELD);
        }
        assertThat(window.hold(read("r32", "c1", 1L))).isEqualTo(Place.FULL);
    }

    @Test
    void nothingIsLeftAfterTheEnd() {
        window.hold(read(null, "c1", 1L));

        window.discard();

        assertThat(window.end()).isEmpty();
    }
}
