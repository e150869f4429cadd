package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.resume.RecentDeliveries.NotRead;
import chat.milena.gateway.resume.RecentDeliveries.NotYet;
import chat.milena.gateway.resume.RecentDeliveries.Nothing;
import chat.milena.gateway.resume.RecentDeliveries.OnlyFrom;
import chat.milena.gateway.resume.RecentDeliveries.Upto;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.UserKey;
import chat.milena.testsupport.MovableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RecentDeliveriesTest {
    private static final ResumeConfig.Recent RECENT = ResumeConfig.DEFAULT.recent();
    private static final int ALL = Integer.MAX_VALUE;
    private static final int SHARDS = 3;
    /// What it takes in memory to find a user's.
    private static final int OF_A_USER = 100;
    private static final UserKey ALICE = new UserKey("default", "alice");
    private static final Delivery DELIVERY = Deliveries.event("default", "c1", 1, "hi", "alice");

    private final MovableClock clock = new MovableClock();
    private final List<LoggedDelivery> passedOn = new ArrayList<>();
    private final RecentDeliveries recent = recent(10, 1_000_000);
    private final ShardFeed feed = ShardFeed.pipeline(recent, passedOn::add);

    private RecentDeliveries recent(int deliveriesMax, long bytesMax) {
        return new RecentDeliveries(RECENT.with(deliveriesMax, bytesMax), clock, clock::nanos);
    }

    private LoggedDelivery at(int shard, long offset) {
        return Deliveries.written(shard, offset, clock.millis(), DELIVERY);
    }

    private LoggedDelivery of(int shard, long offset, Delivery delivery) {
        return Deliveries.written(shard, offset, clock.millis(), delivery);
    }

    /// What one of them takes.
    private long bytes() {
        return BufferedDelivery.of(at(0, 0)).bytes();
    }

    private static RecentDeliveries.Found read(RecentDeliveries from, int shard, long position, UserKey user, int max) {
        return from.attach(shard, position, max, new Subscriber(user));
    }

    private record Subscriber(UserKey user) implements LiveSubscriber {
        @Override
        public void attached(long offset) {}
    }

    private static List<Long> offsets(RecentDeliveries.Found found) {
        return ((Upto) found)
                .deliveries().stream().map(BufferedDelivery::offset).toList();
    }

    @Test
    void whatWasReadSinceAPositionIsFoundInOrder() {
        feed.begun(3, 50);
        for (long offset : new long[] {51, 53, 54}) {
            feed.accept(at(3, offset));
        }

        assertThat(offsets(read(recent, 3, 50, ALICE, ALL))).containsExactly(51L, 53L, 54L);
        assertThat(offsets(read(recent, 3, 54, ALICE, ALL))).containsExactly(54L);
        assertThat(read(recent, 3, 55, ALICE, ALL)).isEqualTo(new Nothing(55));
        assertThat(read(recent, 3, 50, ALICE, 2))
                .extracting(found -> ((Upto) found).next())
                .isEqualTo(54L);
        assertThat(passedOn).hasSize(3);
    }

    @Test
    void whatIsNotThereIsSaidSo() {
        feed.begun(3, 50);

        assertThat(read(recent, 2, 50, ALICE, ALL)).isEqualTo(new NotRead());
        assertThat(read(recent, 3, 49, ALICE, ALL)).isEqualTo(new OnlyFrom(50));
        assertThat(read(recent, 3, 51, ALICE, ALL)).isEqualTo(new NotYet());
        feed.advanced(3, 51);
        assertThat(read(recent, 3, 51, ALICE, ALL)).isEqualTo(new Nothing(51));
        feed.ended(3);
        assertThat(read(recent, 3, 51, ALICE, ALL)).isEqualTo(new NotRead());
    }

    @Test
    void readingThatBeginsAnewForgetsWhatWasBefore() {
        feed.begun(3, 50);
        feed.accept(at(3, 50));
        feed.begun(3, 70);

        assertThat(read(recent, 3, 50, ALICE, ALL)).isEqualTo(new OnlyFrom(70));
        assertThat(recent.size()).isZero();
        assertThat(recent.bytes()).isZero();
    }

    @Test
    void logThatBeganAnewIsNotMistakenForTheOldOne() {
        feed.begun(3, 50);
        feed.accept(at(3, 50));
        feed.accept(at(3, 2));

        assertThat(read(recent, 3, 51, ALICE, ALL)).isEqualTo(new NotYet());
        assertThat(offsets(read(recent, 3, 2, ALICE, ALL))).containsExactly(2L);
        assertThat(passedOn).hasSize(2);
    }

    @Test
    void whatIsOldIsForgotten() {
        feed.begun(1, 0);
        feed.accept(at(1, 0));
        clock.advance(RECENT.keptFor().plusMillis(1));
        feed.accept(at(1, 1));

        assertThat(read(recent, 1, 0, ALICE, ALL)).isEqualTo(new OnlyFrom(1));
    }

    @Test
    void bytesAreBoundedToo() {
        RecentDeliveries small = recent(10, 2 * bytes() + OF_A_USER);
        ShardFeed into = small;
        into.begun(1, 0);
        into.accept(at(1, 0));
        into.accept(at(1, 1));
        into.accept(at(1, 2));

        assertThat(read(small, 1, 0, ALICE, ALL)).isEqualTo(new OnlyFrom(1));
        assertThat(small.bytes()).isEqualTo(2 * bytes() + OF_A_USER);
    }

    @Test
    void positionStaysBehindWhatIsStillOnItsWayToSockets() {
        feed.begun(1, 10);
        assertThat(recent.settled(1)).hasValue(10);
        feed.accept(at(1, 10));
        feed.accept(at(1, 12));
        feed.accept(at(1, 13));
        assertThat(recent.settled(1)).hasValue(10);

        recent.dispatched(at(1, 12));
        assertThat(recent.settled(1)).hasValue(10);
        assertThat(recent.settledAfter(1, 10)).hasValue(13);
        assertThat(recent.settledAfter(1, 13)).hasValue(10);

        recent.dispatched(at(1, 10));
        assertThat(recent.settled(1)).hasValue(13);
        assertThat(recent.settledAfter(1, 13)).hasValue(14);
        recent.dispatched(at(1, 13));
        assertThat(recent.settled(1)).hasValue(14);
        assertThat(recent.settled(2)).isEmpty();
    }

    @Test
    void earlierOnesAreKeptWhereNothingLiesBetween() {
        feed.begun(1, 10);
        recent.keepBefore(1, 3, 9, List.of(at(1, 3)));
        assertThat(read(recent, 1, 3, ALICE, ALL)).isEqualTo(new OnlyFrom(10));

        recent.keepBefore(1, 3, 10, List.of(at(1, 3), at(1, 8)));
        assertThat(offsets(read(recent, 1, 3, ALICE, ALL))).containsExactly(3L, 8L);
        assertThat(read(recent, 1, 2, ALICE, ALL)).isEqualTo(new OnlyFrom(3));
    }

    @Test
    void userIsToldOfTheirOwnAlone() {
        feed.begun(1, 0);
        feed.accept(at(1, 0));
        feed.accept(of(1, 1, Deliveries.event("default", "c1", 2, "hi", "bob", "carol")));
        feed.accept(of(1, 2, Deliveries.event("default", "c1", 3, "hi", "bob", "alice")));
        feed.accept(of(1, 3, Deliveries.event("shop", "c1", 1, "hi", "alice")));

        assertThat(offsets(read(recent, 1, 0, ALICE, ALL))).containsExactly(0L, 2L);
        assertThat(offsets(read(recent, 1, 1, new UserKey("default", "bob"), ALL)))
                .containsExactly(1L, 2L);
        assertThat(offsets(read(recent, 1, 0, new UserKey("shop", "alice"), ALL)))
                .containsExactly(3L);
        assertThat(read(recent, 1, 0, new UserKey("shop", "dave"), ALL)).isEqualTo(new Nothing(4));
    }

    @Test
    void whatWasReadBackForOneStaysForOthersWhoComeSoon() {
        feed.begun(1, 10);
        for (long offset = 10; offset < 20; offset++) {
            feed.accept(at(1, offset));
        }
        clock.advance(RECENT.keptFor().minusSeconds(1));
        recent.keepBefore(
                1,
                5,
                10,
                LongStream.range(5, 10).mapToObj(offset -> at(1, offset)).toList());
        feed.accept(at(1, 20));

        assertThat(offsets(read(recent, 1, 5, ALICE, ALL))).hasSize(16);

        clock.advance(Duration.ofSeconds(31));
        feed.advanced(1, 21);
        assertThat(offsets(read(recent, 1, 20, ALICE, ALL))).containsExactly(20L);
        assertThat(read(recent, 1, 19, ALICE, ALL)).isEqualTo(new OnlyFrom(20));
    }

    @Test
    void whatWasReadBackIsBoundedByTwiceAsMuch() {
        feed.begun(1, 100);
        for (long offset = 100; offset < 110; offset++) {
            feed.accept(at(1, offset));
        }
        recent.keepBefore(
                1,
                89,
                100,
                LongStream.range(89, 100).mapToObj(offset -> at(1, offset)).toList());
        assertThat(recent.size()).isEqualTo(10);

        recent.keepBefore(
                1,
                90,
                100,
                LongStream.range(90, 100).mapToObj(offset -> at(1, offset)).toList());
        assertThat(recent.size()).isEqualTo(20);
        feed.accept(at(1, 110));
        assertThat(recent.size()).isEqualTo(20);
        assertThat(read(recent, 1, 90, ALICE, ALL)).isEqualTo(new OnlyFrom(91));
    }

    /// Against a model that keeps everything, under its bounds; the seed is the repetition.
    @RepeatedTest(50)
    void isAlwaysWholeFromSomeOffsetOn(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<TreeSet<Long>> log = new ArrayList<>();
        long[] next = new long[SHARDS];
        for (int shard = 0; shard < SHARDS; shard++) {
            long begin = random.nextInt(5);
            feed.begun(shard, begin);
            log.add(new TreeSet<>());
            next[shard] = begin;
        }
        for (int step = 0; step < 400; step++) {
            int shard = random.nextInt(SHARDS);
            long offset = next[shard] + random.nextInt(3);
            if (random.nextInt(5) == 0) {
                feed.advanced(shard, offset);
            } else {
                feed.accept(at(shard, offset));
                log.get(shard).add(offset);
                offset++;
            }
            next[shard] = offset;
            clock.advance(Duration.ofMillis(random.nextInt(5_000)));

            assertThat(recent.size()).isLessThanOrEqualTo(10);
            assertThat(recent.bytes()).isBetween(bytes() * recent.size(), bytes() * recent.size() + SHARDS * OF_A_USER);
            int asked = random.nextInt(3);
            long position = Math.max(0, next[asked] - random.nextInt(15));
            switch (read(recent, asked, position, ALICE, ALL)) {
                case Upto(var deliveries, var upTo) -> {
                    assertThat(upTo).isEqualTo(next[asked]);
                    assertThat(deliveries)
                            .extracting(BufferedDelivery::offset)
                            .containsExactlyElementsOf(log.get(asked).tailSet(position));
                }
                case Nothing(var liveFrom) -> {
                    assertThat(liveFrom).isEqualTo(next[asked]);
                    assertThat(log.get(asked).tailSet(position)).isEmpty();
                }
                case OnlyFrom(var from) -> assertThat(from).isGreaterThan(position);
                case NotYet() -> throw new AssertionError("position " + position + " was read");
                case NotRead() -> throw new AssertionError("shard " + asked + " is read");
            }
        }
    }
}
