package chat.milena.bench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FoldTest {
    private static final String TALK = "c";

    private final Observer bob = new Checker().observer("bob");
    private final Fold fold = bob.fold(TALK);

    private void comes(long number, String messageId, @Nullable String text, @Nullable String rootId, long ordinal) {
        bob.delivered(TALK, number, messageId, number);
        fold.message(number, text, rootId, ordinal);
    }

    private static FoldedMessage message(String text, long revision, Map<String, Long> reactions, long replies) {
        return new FoldedMessage(FoldedMessage.fingerprint(text), revision, false, reactions, replies);
    }

    @Test
    void framesMakeAMessageWhatItIsNow() {
        comes(2, "m", "one", null, 0);
        fold.edited(3, 2, "two", 1);
        fold.reacted(4, 2, "e", 1);
        fold.reacted(5, 2, "f", 2);
        fold.reacted(6, 2, "e", 0);
        comes(7, "r", "reply", "m", 1);

        assertThat(fold.message(2)).isEqualTo(message("two", 1, Map.of("f", 2L), 1));
        assertThat(fold.message(3)).isNull();
        assertThat(fold.last()).isEqualTo(7);
    }

    @Test
    void heldMessageIsNothingUntilItIsReleasedAndAgainWhenItsEditIsHeld() {
        fold.other(2);
        assertThat(fold.message(2)).isNull();
        fold.released(3, 2, "one", 1, Map.of());
        fold.reacted(4, 2, "e", 1);
        assertThat(fold.message(2)).isEqualTo(message("one", 1, Map.of("e", 1L), 0));
        fold.hidden(5, 2);
        assertThat(fold.message(2)).isNull();
        fold.released(6, 2, "two", 2, Map.of("e", 1L));
        assertThat(fold.message(2)).isEqualTo(message("two", 2, Map.of("e", 1L), 0));
        fold.other(7);
        fold.deleted(8, 7, 0);
        assertThat(fold.message(7)).isEqualTo(new FoldedMessage(0, 0, true, Map.of(), 0));
        fold.released(3, 2, "late", 0, Map.of());
        assertThat(fold.message(2)).isEqualTo(message("two", 2, Map.of("e", 1L), 0));
    }

    @Test
    void ownChangesAreAppliedWithTheirAcks() {
        comes(2, "m", "one", null, 0);
        fold.ownEdit(3, "m", "two");
        fold.ownReaction(4, "m", "e", false);
        fold.reacted(5, 2, "e", 2);
        fold.ownReaction(6, "m", "e", true);

        assertThat(fold.message(2)).isEqualTo(message("two", 1, Map.of("e", 1L), 0));
    }

    @Test
    void framesAfterLostOnesWaitForASyncAndThoseThatItHasChangeNothing() {
        comes(1, "first", "zero", null, 0);
        comes(2, "m", "one", null, 0);
        fold.losesFrames();
        int loss = fold.losses();
        fold.apply(live -> live.reacted(7, 2, "e", 2));
        fold.apply(live -> live.gathered(List.of(6L, 8L), 2, Map.of("e", 3L)));
        fold.apply(live -> live.reacted(9, 2, "e", 4));
        assertThat(fold.message(2)).isEqualTo(message("one", 0, Map.of(), 0));
        assertThat(fold.isBroken()).isTrue();

        fold.synced(loss, 3, "n", 3, message("new", 0, Map.of(), 0));
        fold.synced(loss, 5, true);
        fold.synced(loss, 2, "m", 2, message("two", 1, Map.of("e", 3L), 0));
        fold.synced(loss, 8, false);

        assertThat(fold.message(2)).isEqualTo(message("two", 1, Map.of("e", 4L), 0));
        assertThat(fold.message(3)).isEqualTo(message("new", 0, Map.of(), 0));
        assertThat(fold.whole()).isEqualTo(9);
        assertThat(fold.isBroken()).isFalse();
        // A late one, of what the sync has.
        fold.gathered(List.of(4L, 8L), 2, Map.of("e", 1L));
        fold.ownEdit(10, "n", "newer");
        assertThat(fold.message(2)).isEqualTo(message("two", 1, Map.of("e", 4L), 0));
        assertThat(fold.message(3)).isEqualTo(message("newer", 1, Map.of(), 0));
    }

    @Test
    void syncFromBeforeAnotherLossBringsNothing() {
        fold.losesFrames();
        int loss = fold.losses();
        fold.losesFrames();

        fold.synced(loss, 2, "m", 2, message("one", 0, Map.of(), 0));
        fold.synced(loss, 2, false);

        assertThat(fold.message(2)).isNull();
        assertThat(fold.isBroken()).isTrue();
    }

    @Test
    void syncBeginsAfterTheLastNumberWithoutAHoleBeforeIt() {
        fold.other(1);
        comes(2, "m", "one", null, 0);
        fold.reacted(5, 2, "e", 1);
        assertThat(fold.whole()).isEqualTo(2);

        fold.gathered(List.of(3L, 4L), 2, Map.of("f", 1L));

        assertThat(fold.whole()).isEqualTo(5);
    }

    @Test
    void numberThatComesAgainChangesNothing() {
        comes(2, "m", "one", null, 0);
        fold.edited(3, 2, "two", 1);
        fold.edited(4, 2, "three", 2);
        fold.edited(3, 2, "two", 1);
        fold.message(2, "one", null, 0);

        assertThat(fold.message(2)).isEqualTo(message("three", 2, Map.of(), 0));
    }

    @Test
    void deletionEndsContentAndReactionsButNotTheThread() {
        comes(2, "m", "one", null, 0);
        fold.reacted(3, 2, "e", 1);
        comes(4, "r", "reply", "m", 1);
        fold.deleted(5, 2, 0);
        fold.reacted(6, 2, "e", 2);

        assertThat(fold.message(2)).isEqualTo(new FoldedMessage(0, 0, true, Map.of(), 1));
    }

    @Test
    void editOfADeletedMessageStillCounts() {
        comes(2, "m", null, null, 0);
        fold.edited(3, 2, 1);
        fold.deleted(4, 2, 0);

        assertThat(fold.message(2)).isEqualTo(new FoldedMessage(0, 1, true, Map.of(), 0));
    }
}
