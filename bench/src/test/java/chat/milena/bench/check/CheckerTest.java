package chat.milena.bench.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckerTest {
    private static final String C = "c1";

    private final Checker checker = new Checker();
    private final Observer alice = checker.observer("alice");
    private final Observer bob = checker.observer("bob");

    @Test
    void aRunInOrderIsClean() {
        bothCreate();
        ack(alice, 2, 1);
        deliver(bob, 2);
        ack(bob, 3, 1);
        deliver(alice, 3);

        CheckReport report = checker.report();
        assertThat(report.violations()).isZero();
        assertThat(report.examples()).isEmpty();
        assertThat(report.deliveries()).isEqualTo(2);
        assertThat(report.acks()).isEqualTo(2);
        assertThat(checker.behind()).isZero();
    }

    @Test
    void aNumberThatNeverCameIsLostAndAGap() {
        bothCreate();
        for (int n = 2; n <= 5; n++) {
            ack(alice, n, n);
            if (n != 3) {
                deliver(bob, n);
            }
        }

        assertThat(checker.behind()).isEqualTo(1);
        assertThat(checker.report().lost()).isEqualTo(1);
        assertThat(checker.report().gaps()).isEqualTo(1);
        assertThat(checker.report().examples()).anyMatch(example -> example.contains("bob"));
    }

    @Test
    void aLostEndIsSeenFromWhatOthersSaw() {
        bothCreate();
        ack(alice, 2, 1);
        ack(alice, 3, 2);

        assertThat(checker.report().lost()).isEqualTo(2);
        assertThat(checker.report().gaps()).isZero();
    }

    @Test
    void aMemberWhoSawNothingLostEverything() {
        alice.changed(C, 1);
        ack(alice, 2, 1);
        bob.expectFromStart(C);

        assertThat(checker.report().lost()).isEqualTo(2);
    }

    @Test
    void aNumberSeenTwiceIsDuplicated() {
        bothCreate();
        ack(alice, 2, 1);
        deliver(bob, 2);
        deliver(bob, 2);

        assertThat(checker.report().duplicated()).isEqualTo(1);
        assertThat(checker.report().violations()).isEqualTo(1);
    }

    @Test
    void aMessageForItsOwnSendersDeviceIsDuplicated() {
        bothCreate();
        ack(alice, 2, 1);
        deliver(alice, 2);
        deliver(bob, 2);

        assertThat(checker.report().duplicated()).isEqualTo(1);
    }

    @Test
    void reactionsOfALargeGroupMayComeAfterHigherNumbers() {
        Checker checker = new Checker();
        Observer bob = checker.observer("bob");
        bob.expectFromStart("c");
        bob.changed("c", 1);
        bob.delivered("c", 2, "m2", 10);
        bob.gathered("c", 3);
        bob.acked("c", 5, "m5", 20, false, 1, false);
        bob.gathered("c", 4);
        bob.delivered("c", 7, "m7", 30);
        assertThat(checker.report().lost()).isEqualTo(1);
        bob.gathered("c", 6);
        bob.gathered("c", 6);

        assertThat(checker.report().violations()).isZero();
        assertThat(checker.report().redelivered()).isEqualTo(1);
    }

    @Test
    void aHoleFilledLateIsOutOfOrderAndNotLost() {
        bothCreate();
        ack(alice, 2, 1);
        ack(alice, 3, 2);
        deliver(bob, 3);
        deliver(bob, 2);

        CheckReport report = checker.report();
        assertThat(report.outOfOrder()).isEqualTo(1);
        assertThat(report.lost()).isZero();
        assertThat(report.gaps()).isZero();
        assertThat(report.violations()).isEqualTo(1);
    }

    @Test
    void anAckAheadOfALowerNumberIsSeen() {
        bothCreate();
        ack(alice, 3, 1);
        deliver(alice, 2);
        deliver(bob, 2);
        deliver(bob, 3);

        assertThat(checker.report().acksAhead()).isEqualTo(1);
        assertThat(checker.report().violations()).isEqualTo(1);
    }

    @Test
    void aMessageThatAnAckAheadBroughtAlreadyIsDuplicated() {
        bothCreate();
        ack(alice, 3, 1);
        deliver(alice, 3);
        deliver(alice, 2);

        assertThat(checker.report().duplicated()).isEqualTo(1);
        assertThat(checker.report().outOfOrder()).isZero();
    }

    @Test
    void whatNeverComesBelowAnAckAheadIsLost() {
        bothCreate();
        for (int n = 2; n <= 6; n++) {
            deliver(bob, n);
        }
        deliver(alice, 2);
        ack(alice, 4, 1);
        ack(alice, 5, 2);

        assertThat(checker.report().lost()).isEqualTo(2);
        deliver(alice, 6);
        assertThat(checker.report().lost()).isEqualTo(1);
        assertThat(checker.report().gaps()).isEqualTo(1);
        deliver(alice, 3);
        assertThat(checker.report().lost()).isZero();
        assertThat(checker.report().outOfOrder()).isEqualTo(1);
    }

    @Test
    void oneNumberForTwoMessagesIsWrong() {
        bothCreate();
        alice.acked(C, 2, "m-a", 1002, false, 1, false);
        bob.delivered(C, 2, "m-b", 1002);

        assertThat(checker.report().wrongNumbers()).isEqualTo(1);
    }

    @Test
    void oneMessageWithTwoNumbersIsWrong() {
        bothCreate();
        alice.acked(C, 2, "m-a", 1002, false, 1, false);
        bob.delivered(C, 2, "m-a", 1002);
        alice.acked(C, 3, "m-a", 1003, true, 1, true);

        assertThat(checker.report().wrongNumbers()).isEqualTo(1);
    }

    @Test
    void aResendWithTheSameAckIsClean() {
        bothCreate();
        ack(alice, 2, 1);
        deliver(bob, 2);
        alice.acked(C, 2, "m2", 1002, true, 2, true);

        CheckReport report = checker.report();
        assertThat(report.violations()).isZero();
        assertThat(report.duplicateAcks()).isEqualTo(1);
    }

    /// In a large group the first ack comes with the event, and that of the resent message directly.
    @Test
    void anAckOfAResendBeforeTheFirstOneIsCleanOnceInALargeGroup() {
        bothCreate();
        alice.acked(C, 2, "m2", 1002, true, 1, true);
        alice.acked(C, 2, "m2", 1002, false, 1, true);
        deliver(bob, 2);
        alice.gathered(C, 3);
        bob.gathered(C, 3);

        assertThat(checker.report().violations()).isZero();

        alice.acked(C, 2, "m2", 1002, false, 1, true);

        assertThat(checker.report().duplicated()).isEqualTo(1);
    }

    @Test
    void aLargeGroupNeedsNoReactionForAnAckOfAResendBeforeTheFirstOne() {
        checker.expectLarge(C);
        bothCreate();
        alice.acked(C, 2, "m2", 1002, true, 1, true);
        alice.acked(C, 2, "m2", 1002, false, 1, true);
        deliver(bob, 2);

        assertThat(checker.report().violations()).isZero();
    }

    @Test
    void theFirstReactionsOfALargeGroupMayComeAfterTheAckOfAHigherNumber() {
        checker.expectLarge(C);
        bothCreate();
        ack(alice, 3, 1);
        alice.gathered(C, 2);
        deliver(bob, 3);
        bob.gathered(C, 2);

        assertThat(checker.report().violations()).isZero();
    }

    @Test
    void anAckOfAResendBeforeTheFirstOneIsDuplicatedInASmallGroup() {
        bothCreate();
        alice.acked(C, 2, "m2", 1002, true, 1, true);
        alice.acked(C, 2, "m2", 1002, false, 1, true);
        deliver(bob, 2);

        assertThat(checker.report().duplicated()).isEqualTo(1);
        assertThat(checker.report().duplicated()).isEqualTo(1);
    }

    @Test
    void aMessageAfterTheAckOfItsResendIsDuplicatedInASmallGroup() {
        bothCreate();
        alice.acked(C, 2, "m2", 1002, true, 1, true);
        deliver(alice, 2);
        deliver(bob, 2);

        assertThat(checker.report().duplicated()).isEqualTo(1);
    }

    @Test
    void whatAnAckOfAResendOvertookIsNotForFormerMembers() {
        bothCreate();
        alice.acked(C, 2, "m2", 1002, true, 1, true);
        alice.left(C, 3);
        deliver(alice, 2);
        bob.gathered(C, 4);

        assertThat(checker.report().outside()).isEqualTo(1);
    }

    @Test
    void whatAnAckOfAResendOvertookIsOfItsSocketAlone() {
        bothCreate();
        alice.gathered(C, 2);
        bob.gathered(C, 2);
        alice.acked(C, 3, "m3", 1003, true, 1, true);
        deliver(bob, 3);
        alice.disconnected();
        alice.resumed();
        alice.acked(C, 3, "m3", 1003, false, 1, true);

        assertThat(checker.report().duplicated()).isEqualTo(1);
    }

    @Test
    void aResendWithAnotherTimeIsSeen() {
        bothCreate();
        ack(alice, 2, 1);
        deliver(bob, 2);
        alice.acked(C, 2, "m2", 1999, true, 2, true);

        assertThat(checker.report().wrongTimes()).isEqualTo(1);
    }

    @Test
    void timeThatGoesBackIsSeen() {
        bothCreate();
        alice.acked(C, 2, "m2", 1002, false, 1, false);
        bob.delivered(C, 2, "m2", 1002);
        alice.acked(C, 3, "m3", 1001, false, 2, false);

        assertThat(checker.report().wrongTimes()).isEqualTo(1);
    }

    @Test
    void acksAgainstTheOrderSentAreSeen() {
        bothCreate();
        ack(alice, 2, 2);
        ack(alice, 3, 1);
        deliver(bob, 2);
        deliver(bob, 3);

        assertThat(checker.report().senderOrder()).isEqualTo(1);
    }

    @Test
    void aResentMessageIsFreeOfTheOrderSent() {
        bothCreate();
        ack(alice, 2, 2);
        alice.acked(C, 3, "m3", 1003, false, 1, true);
        deliver(bob, 2);
        deliver(bob, 3);

        assertThat(checker.report().violations()).isZero();
    }

    @Test
    void whatPassedWhileAwayIsCountedApart() {
        bothCreate();
        ack(alice, 2, 1);
        deliver(bob, 2);
        bob.disconnected();
        for (int n = 3; n <= 6; n++) {
            ack(alice, n, n);
        }
        deliver(bob, 6);

        CheckReport report = checker.report();
        assertThat(report.missedAway()).isEqualTo(3);
        assertThat(report.violations()).isZero();
    }

    @Test
    void aHoleAfterComingBackIsLost() {
        bothCreate();
        bob.disconnected();
        for (int n = 2; n <= 5; n++) {
            ack(alice, n, n);
        }
        deliver(bob, 3);
        deliver(bob, 5);

        CheckReport report = checker.report();
        assertThat(report.missedAway()).isEqualTo(1);
        assertThat(report.lost()).isEqualTo(1);
    }

    @Test
    void whatComesAgainAfterComingBackIsNoDuplicate() {
        bothCreate();
        ack(alice, 2, 1);
        ack(alice, 3, 2);
        deliver(bob, 2);
        deliver(bob, 3);
        bob.disconnected();
        deliver(bob, 3);
        ack(alice, 4, 3);
        deliver(bob, 4);

        CheckReport report = checker.report();
        assertThat(report.redelivered()).isEqualTo(1);
        assertThat(report.violations()).isZero();
    }

    @Test
    void aDuplicateAckAfterComingBackFillsWhatPassedAway() {
        bothCreate();
        alice.disconnected();
        deliver(bob, 2);
        deliver(bob, 3);
        deliver(alice, 3);
        alice.acked(C, 2, "m2", 1002, true, 1, true);

        CheckReport report = checker.report();
        assertThat(report.missedAway()).isZero();
        assertThat(report.violations()).isZero();
    }

    @Test
    void aMemberOfLaterDaysOwesNothingOfThePast() {
        deliver(bob, 7);
        deliver(bob, 8);

        assertThat(checker.report().violations()).isZero();
    }

    @Test
    void numbersOfManyMessagesAreAllRemembered() {
        bothCreate();
        for (int n = 2; n < 5000; n++) {
            ack(alice, n, n);
            deliver(bob, n);
        }
        for (int n = 2; n < 5000; n++) {
            alice.acked(C, n + 1, "m" + n, 1000 + n, true, n, true);
        }

        assertThat(checker.report().wrongNumbers()).isEqualTo(4998);
    }

    @Test
    void holesPastTheirBoundAreStillCounted() {
        bothCreate();
        int last = 2 * (Holes.RANGES_MAX + 100);
        for (int n = 2; n <= last; n++) {
            ack(alice, n, n);
            if (n % 2 == 0) {
                deliver(bob, n);
            }
        }

        assertThat(checker.report().lost()).isEqualTo(last / 2 - 1);
    }

    @Test
    void whoJoinsAndLeavesIsOwedExactlyTheTimeBetween() {
        bothCreate();
        Observer carol = checker.observer("carol");
        carol.expectNothing(C);
        ack(alice, 2, 1);
        deliver(bob, 2);
        carol.joining(C);
        changeAtBoth(3);
        carol.joined(C, 3);
        ack(alice, 4, 2);
        deliver(bob, 4);
        deliver(carol, 4);
        changeAtBoth(5);
        carol.left(C, 5);
        ack(alice, 6, 3);
        deliver(bob, 6);
        carol.joining(C);
        changeAtBoth(7);
        carol.joined(C, 7);
        ack(carol, 8, 1);
        deliver(alice, 8);
        deliver(bob, 8);

        assertThat(checker.behind()).isZero();
        assertThat(checker.report().violations()).isZero();
    }

    @Test
    void whatComesBeforeJoiningIsOutside() {
        bothCreate();
        Observer carol = checker.observer("carol");
        carol.expectNothing(C);
        ack(alice, 2, 1);
        deliver(bob, 2);
        deliver(carol, 2);
        changeAtBoth(3);
        carol.joined(C, 3);

        assertThat(checker.report().outside()).isEqualTo(1);
        assertThat(checker.report().violations()).isEqualTo(1);
    }

    @Test
    void whatComesLateFromBeforeJoiningIsOutside() {
        bothCreate();
        Observer carol = checker.observer("carol");
        carol.expectNothing(C);
        ack(alice, 2, 1);
        deliver(bob, 2);
        changeAtBoth(3);
        carol.joined(C, 3);
        deliver(carol, 2);

        assertThat(checker.report().outside()).isEqualTo(1);
    }

    @Test
    void whatComesAfterLeavingIsOutside() {
        bothCreate();
        alice.changed(C, 2);
        bob.left(C, 2);
        ack(alice, 3, 1);
        deliver(bob, 3);
        bob.changed(C, 4);
        bob.left(C, 5);

        assertThat(checker.report().outside()).isEqualTo(3);
    }

    @Test
    void whatIsMissingWhileAMemberIsLostAlsoAfterLeaving() {
        bothCreate();
        ack(alice, 2, 1);
        alice.changed(C, 3);
        bob.left(C, 3);
        ack(alice, 4, 2);

        assertThat(checker.report().lost()).isEqualTo(1);
        assertThat(checker.report().gaps()).isEqualTo(1);
        assertThat(checker.report().outside()).isZero();
    }

    @Test
    void whoIsNeverToldOfLeavingLosesWhatFollows() {
        bothCreate();
        alice.changed(C, 2);
        ack(alice, 3, 1);

        assertThat(checker.report().lost()).isEqualTo(2);
    }

    @Test
    void whoIsNeverToldOfJoiningLostIt() {
        bothCreate();
        Observer carol = checker.observer("carol");
        carol.expectNothing(C);
        carol.joining(C);
        changeAtBoth(2);

        assertThat(checker.behind()).isEqualTo(1);
        assertThat(checker.report().lost()).isEqualTo(1);
        carol.notJoining(C);
        assertThat(checker.report().lost()).isZero();
    }

    @Test
    void aChangeWithTheNumberOfAMessageIsWrong() {
        bothCreate();
        ack(alice, 2, 1);
        bob.left(C, 2);
        changeAtBoth(3);
        Observer carol = checker.observer("carol");
        carol.joined(C, 3);
        deliver(carol, 3);

        assertThat(checker.report().wrongNumbers()).isEqualTo(2);
    }

    @Test
    void afterAReconnectNobodyKnowsWhoBelongs() {
        bothCreate();
        bob.disconnected();
        alice.changed(C, 2);
        ack(alice, 3, 1);
        bob.reconnected();
        bob.joining(C);
        alice.changed(C, 4);
        bob.joined(C, 4);
        ack(alice, 5, 2);
        deliver(bob, 5);

        assertThat(checker.report().violations()).isZero();
    }

    @Test
    void whoIsOutsideStaysSoOverAReconnectUnlessSomebodyAsksForThem() {
        bothCreate();
        alice.changed(C, 2);
        bob.left(C, 2);
        bob.disconnected();
        bob.reconnected();
        ack(alice, 3, 1);
        deliver(bob, 3);
        assertThat(checker.report().outside()).isEqualTo(1);

        bob.disconnected();
        bob.joining(C);
        alice.changed(C, 4);
        bob.reconnected();
        ack(alice, 5, 2);
        deliver(bob, 5);
        assertThat(checker.report().violations()).isEqualTo(1);
    }

    @Test
    void afterAResumeWhatPassedIsOwed() {
        bothCreate();
        deliver(bob, 2);
        bob.disconnected();
        for (int n = 2; n <= 6; n++) {
            ack(alice, n, n);
        }
        bob.resumed();
        assertThat(checker.behind()).isEqualTo(1);
        deliver(bob, 3);
        deliver(bob, 5);

        CheckReport report = checker.report();
        assertThat(report.lost()).isEqualTo(2);
        assertThat(report.missedAway()).isZero();
        assertThat(report.reconnects()).isEqualTo(1);
        assertThat(report.resumed()).isEqualTo(1);
    }

    @Test
    void whatComesAgainAfterAResumeIsKnownByItsAnswer() {
        bothCreate();
        for (int n = 2; n <= 5; n++) {
            ack(alice, n, n);
        }
        deliver(bob, 2);
        deliver(bob, 3);
        bob.disconnected();
        bob.resumed();

        assertThat(bob.delivered(C, 2, "m2", 1002)).isFalse();
        assertThat(bob.delivered(C, 3, "m3", 1003)).isFalse();
        assertThat(bob.delivered(C, 4, "m4", 1004)).isTrue();
        assertThat(bob.delivered(C, 5, "m5", 1005)).isTrue();
        CheckReport report = checker.report();
        assertThat(report.violations()).isZero();
        assertThat(report.redelivered()).isEqualTo(2);
        assertThat(report.deliveries()).isEqualTo(4);
        assertThat(checker.behind()).isZero();
    }

    @Test
    void whatComesTwiceOnTheSocketThatResumedIsADuplicate() {
        bothCreate();
        ack(alice, 2, 1);
        ack(alice, 3, 2);
        deliver(bob, 2);
        bob.disconnected();
        bob.resumed();
        deliver(bob, 2);
        deliver(bob, 2);
        deliver(bob, 3);
        deliver(bob, 2);

        assertThat(checker.report().duplicated()).isEqualTo(2);
        assertThat(checker.report().violations()).isEqualTo(2);
    }

    @Test
    void whoLeftMeanwhileIsOwedNothingOfIt() {
        bothCreate();
        bob.disconnected();
        ack(alice, 2, 1);
        ack(alice, 3, 2);
        alice.changed(C, 4);
        bob.resumed();
        bob.left(C, 4);
        ack(alice, 5, 3);

        assertThat(checker.report().violations()).isZero();
        assertThat(checker.report().missedAway()).isEqualTo(2);

        deliver(bob, 5);
        assertThat(checker.report().outside()).isEqualTo(1);
    }

    @Test
    void aLeaveThatIsToldAgainAfterAResumeChangesNothing() {
        bothCreate();
        alice.changed(C, 2);
        bob.left(C, 2);
        bob.disconnected();
        bob.resumed();
        bob.left(C, 2);
        alice.changed(C, 3);
        bob.joined(C, 3);
        ack(alice, 4, 1);
        deliver(bob, 4);
        bob.disconnected();
        bob.resumed();
        bob.left(C, 2);
        bob.joined(C, 3);
        deliver(bob, 4);
        ack(alice, 5, 2);

        assertThat(checker.report().lost()).isEqualTo(1);
        deliver(bob, 5);
        assertThat(checker.report().violations()).isZero();
    }

    @Test
    void aConversationThatCameToBeWhileAwayIsOwedFromItsStartAfterAResume() {
        bob.disconnected();
        alice.changed(C, 1);
        bob.expectFromStart(C);
        ack(alice, 2, 1);
        bob.resumed();

        assertThat(checker.report().lost()).isEqualTo(2);
        bob.joined(C, 1);
        deliver(bob, 2);
        assertThat(checker.report().violations()).isZero();
    }

    @Test
    void numbersOfWhatIsNoLongerShownAreNotMissing() {
        bothCreate();
        bob.disconnected();
        for (int n = 2; n <= 5; n++) {
            ack(alice, n, n);
        }
        bob.resumed();
        deliver(bob, 2);
        bob.expired(C, 3, 4);
        deliver(bob, 5);

        assertThat(checker.report().violations()).isZero();
        assertThat(checker.behind()).isZero();
    }

    private void changeAtBoth(long number) {
        alice.changed(C, number);
        bob.changed(C, number);
    }

    private void bothCreate() {
        alice.changed(C, 1);
        bob.changed(C, 1);
    }

    private static void ack(Observer observer, long number, long ordinal) {
        observer.acked(C, number, "m" + number, 1000 + number, false, ordinal, false);
    }

    private static void deliver(Observer observer, long number) {
        observer.delivered(C, number, "m" + number, 1000 + number);
    }
}
