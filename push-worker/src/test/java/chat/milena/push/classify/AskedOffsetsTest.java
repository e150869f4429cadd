package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class AskedOffsetsTest {

    private static OffsetAndMetadata committed(AskedOffsets offsets) {
        return Objects.requireNonNull(offsets.commit());
    }

    @Test
    void positionIsThatOfTheFirstRecordWithoutAnOutcome() {
        AskedOffsets offsets = new AskedOffsets(10, null);
        offsets.readUpTo(12);
        offsets.begins(12);
        offsets.begins(15);
        offsets.readUpTo(20);

        assertThat(committed(offsets).offset()).isEqualTo(12);
        assertThat(offsets.commit()).as("nothing has moved").isNull();
        offsets.ends(12);
        assertThat(committed(offsets).offset()).isEqualTo(15);
        offsets.ends(15);
        assertThat(committed(offsets)).isEqualTo(new OffsetAndMetadata(20));
    }

    @Test
    void restartAsksExactlyAboutWhatHadNoOutcome() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            long start = random.nextInt(1_000_000);
            AskedOffsets before = new AskedOffsets(start, null);
            NavigableSet<Long> left = new TreeSet<>();
            long offset = start;
            for (int i = 0; i < random.nextInt(AskedOffsets.OPEN_MAX); i++) {
                offset += 1 + random.nextInt(round < 100 ? 3 : 100_000);
                before.begins(offset);
                left.add(offset);
            }
            before.readUpTo(offset + 5);
            left.removeIf(one -> {
                boolean ends = random.nextInt(3) == 0;
                if (ends) {
                    before.ends(one);
                }
                return ends;
            });
            OffsetAndMetadata kept = committed(before);
            assertThat(kept.metadata().length()).as("seed %d", seed).isLessThanOrEqualTo(4_096);

            AskedOffsets after = new AskedOffsets(kept.offset(), kept);
            long end = offset + 5;
            LongStream.of(left.isEmpty() ? end : left.getFirst(), end - 1, end)
                    .forEach(one -> assertThat(after.isDone(one))
                            .as("seed %d, offset %d of %s", seed, one, left)
                            .isEqualTo(one < end && !left.contains(one)));
            for (long one : left) {
                assertThat(after.isDone(one)).as("seed %d", seed).isFalse();
                assertThat(left.contains(one + 1) || after.isDone(one + 1) || one + 1 >= end)
                        .as("seed %d", seed)
                        .isTrue();
            }
            assertThat(after.size()).isEqualTo(left.size());
        }
    }

    @Test
    void secondRestartKeepsWhatTheFirstOneKnew() {
        AskedOffsets first = new AskedOffsets(0, null);
        first.begins(0);
        first.begins(1);
        first.begins(2);
        first.begins(3);
        first.ends(1);
        first.ends(3);
        OffsetAndMetadata kept = committed(first);
        AskedOffsets second = new AskedOffsets(kept.offset(), kept);
        second.begins(0);
        second.ends(0);
        kept = committed(second);

        AskedOffsets third = new AskedOffsets(kept.offset(), kept);
        assertThat(kept.offset()).isEqualTo(2);
        assertThat(third.isDone(2)).isFalse();
        assertThat(third.isDone(3)).isTrue();
        assertThat(third.isDone(4)).isFalse();
    }

    @Test
    void recordThatCompactionRemovedHoldsUpNothing() {
        AskedOffsets first = new AskedOffsets(0, null);
        first.begins(3);
        first.begins(7);
        OffsetAndMetadata kept = committed(first);

        AskedOffsets second = new AskedOffsets(kept.offset(), kept);
        second.readUpTo(5);
        assertThat(committed(second).offset()).isEqualTo(7);
        second.readUpTo(9);
        assertThat(committed(second)).isEqualTo(new OffsetAndMetadata(9));
    }

    @Test
    void metadataOfSomebodyElseIsIgnored() {
        for (String metadata : new String[] {"", "none", "_____w", "gICAgICAgICAgA", "AAAA"}) {
            AskedOffsets offsets = new AskedOffsets(5, new OffsetAndMetadata(5, metadata));
            assertThat(offsets.isDone(6)).as(metadata).isFalse();
        }
        assertThat(new AskedOffsets(9, new OffsetAndMetadata(5, "BQ")).isDone(9))
                .as("the position was reset")
                .isFalse();
    }

    @Test
    void metadataFitsHoweverManyAreOpen() {
        AskedOffsets offsets = new AskedOffsets(0, null);
        for (long offset = 0; offset < 20_000; offset += 2) {
            offsets.begins(offset);
        }

        OffsetAndMetadata kept = committed(offsets);

        assertThat(kept.metadata().length()).isLessThanOrEqualTo(4_096);
        AskedOffsets after = new AskedOffsets(kept.offset(), kept);
        assertThat(after.isDone(0)).isFalse();
        assertThat(after.isDone(1)).isTrue();
        assertThat(after.isDone(19_998)).as("asked again").isFalse();
    }
}
