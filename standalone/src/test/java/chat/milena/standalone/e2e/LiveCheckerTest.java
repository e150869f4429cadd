package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveCheckerTest {
    private final LiveChecker checker = new LiveChecker();
    private final Violations violations = checker.violations();
    private final DeviceRecord phone = new DeviceRecord("phone", violations);
    private final DeviceRecord laptop = new DeviceRecord("laptop", violations);

    private void end() {
        checker.end(Map.of("c", List.of(phone, laptop)));
    }

    private static void tells(DeviceRecord device, long from, long to) {
        for (long number = from; number <= to; number++) {
            device.told("c", number, "m" + number);
        }
    }

    private void assertOnly(Violations.Kind kind, int times) {
        assertThat(violations.count(kind)).as("%s", violations).isEqualTo(times);
        for (Violations.Kind other : Violations.Kind.values()) {
            if (other != kind) {
                assertThat(violations.count(other)).as("%s", violations).isZero();
            }
        }
    }

    @Test
    void whatIsAsPromisedIsNoViolation() {
        phone.connected(false);
        laptop.connected(false);
        phone.synced("c", 1, DeviceRecord.change("conversation.created"));
        phone.syncedAll("c");
        laptop.told("c", 3, "m3");
        laptop.synced("c", 1, DeviceRecord.change("conversation.created"));
        laptop.synced("c", 2, "m2");
        laptop.syncedAll("c");
        checker.sent("c", "m3");
        phone.told("c", 2, "m2");
        phone.acked("c", 3, "m3", false);
        checker.acked("c", 3, "m3");
        phone.connected(true);
        phone.told("c", 2, "m2");
        phone.told("c", 3, "m3");
        phone.told("c", 4, "m4");
        phone.acked("c", 3, "m3", true);
        laptop.told("c", 4, "m4");
        phone.receipt("c", "bob", "read", 3);
        phone.connected(true);
        phone.receipt("c", "bob", "read", 2);
        phone.receipt("c", "bob", "read", 4);
        checker.confirmed("c", "bob", "read", 4);
        checker.queried("c", "bob", 4, 4, 4);

        end();

        assertThat(violations.isEmpty()).as("%s", violations).isTrue();
        assertThat(phone.repeats()).isEqualTo(2);
        assertThat(phone.receiptsRepeated()).isEqualTo(1);
        assertThat(phone.upTo("c")).isEqualTo(4);
    }

    @Test
    void ackedMessageThatADeviceLacksIsLost() {
        checker.acked("c", 1, "m1");
        tells(phone, 1, 1);

        end();

        assertThat(violations.count(Violations.Kind.LOST)).isEqualTo(1);
        assertThat(violations.toString()).contains("laptop lacks c 1");
    }

    @Test
    void messageThatIsNeverAckedIsLost() {
        checker.sent("c", "m1");

        end();

        assertOnly(Violations.Kind.LOST, 1);
    }

    @Test
    void eventThatOnlyOneDeviceHasIsAGapOfTheOther() {
        tells(phone, 1, 2);
        tells(laptop, 1, 1);

        end();

        assertThat(violations.count(Violations.Kind.GAP)).isPositive();
        assertThat(violations.count(Violations.Kind.LOST)).isZero();
    }

    @Test
    void sameNumberTwiceOnOneConnectionIsDoubled() {
        tells(phone, 1, 2);

        phone.told("c", 2, "m2");

        assertOnly(Violations.Kind.DOUBLED, 1);
    }

    @Test
    void frameOfAMessageThatThisConnectionWasAckedIsDoubled() {
        tells(phone, 1, 1);
        phone.acked("c", 2, "m2", false);

        phone.told("c", 2, "m2");

        assertOnly(Violations.Kind.DOUBLED, 1);
    }

    @Test
    void oneMessageUnderTwoNumbersIsDoubled() {
        phone.told("c", 1, "m1");

        phone.told("c", 2, "m1");

        assertOnly(Violations.Kind.DOUBLED, 1);
    }

    @Test
    void numberBehindALaterOneIsOutOfOrder() {
        phone.told("c", 5, "m5");

        phone.told("c", 4, "m4");

        assertOnly(Violations.Kind.OUT_OF_ORDER, 1);
    }

    @Test
    void numberThatIsPassedOverIsAGapUnlessAResyncSaysSo() {
        tells(phone, 1, 2);
        phone.resync("c");
        phone.told("c", 4, "m4");
        assertThat(violations.isEmpty()).isTrue();

        phone.told("c", 6, "m6");

        assertOnly(Violations.Kind.GAP, 1);
    }

    @Test
    void numberThatAResumePassesOverIsAGap() {
        phone.connected(false);
        tells(phone, 1, 2);
        phone.connected(true);

        phone.told("c", 4, "m4");

        assertOnly(Violations.Kind.GAP, 1);
    }

    @Test
    void numberThatAReplayPassesOverIsAGapThoughItIsKnown() {
        phone.connected(false);
        tells(phone, 1, 5);
        phone.connected(true);
        tells(phone, 3, 3);

        phone.told("c", 5, "m5");

        assertOnly(Violations.Kind.GAP, 1);
    }

    @Test
    void whatASyncLeavesOutIsAGap() {
        phone.connected(false);
        phone.told("c", 3, "m3");
        phone.synced("c", 1, "m1");

        phone.syncedAll("c");

        assertOnly(Violations.Kind.GAP, 1);
    }

    @Test
    void whatIsLostBetweenASyncAndTheFirstFrameIsAGap() {
        phone.connected(false);
        phone.synced("c", 1, "m1");
        phone.syncedAll("c");

        phone.told("c", 3, "m3");

        assertOnly(Violations.Kind.GAP, 1);
    }

    @Test
    void oneNumberOfTwoMessagesIsRenumbered() {
        phone.told("c", 1, "m1");
        phone.connected(true);

        phone.told("c", 1, "m2");

        assertOnly(Violations.Kind.RENUMBERED, 1);
    }

    @Test
    void ackThatSaysOtherThanTheFirstIsRenumbered() {
        checker.acked("c", 1, "m1");

        checker.acked("c", 2, "m1");
        checker.acked("c", 1, "m3");

        assertOnly(Violations.Kind.RENUMBERED, 2);
    }

    @Test
    void deviceThatHasSomethingElseThanWasAckedIsFound() {
        checker.acked("c", 1, "m1");
        phone.told("c", 1, "m1");
        laptop.told("c", 1, "m2");

        end();

        assertOnly(Violations.Kind.RENUMBERED, 1);
    }

    @Test
    void receiptThatIsLessThanBeforeOnOneConnectionGoesBack() {
        phone.receipt("c", "bob", "read", 3);
        phone.receipt("c", "bob", "delivered", 2);
        phone.receipt("c", "amy", "read", 1);

        phone.receipt("c", "bob", "read", 2);

        assertOnly(Violations.Kind.RECEIPT_BACK, 1);
    }

    @Test
    void receiptsThatTheQuerySideTakesBackAreFound() {
        checker.queried("c", "bob", 3, 2, 5);

        checker.queried("c", "bob", 3, 1, 5);

        assertOnly(Violations.Kind.RECEIPT_BACK, 1);
    }

    @Test
    void receiptsOutOfTheirRangeAreFound() {
        checker.queried("c", "amy", 2, 3, 5);
        checker.queried("c", "bob", 6, 3, 5);

        assertOnly(Violations.Kind.RECEIPT_RANGE, 2);
    }

    @Test
    void receiptThatWasConfirmedOrToldAndIsNotThereInTheEndWentBack() {
        checker.confirmed("c", "amy", "read", 2);
        phone.receipt("c", "bob", "read", 3);
        checker.queried("c", "bob", 2, 2, 5);

        end();

        assertOnly(Violations.Kind.RECEIPT_BACK, 2);
    }
}
