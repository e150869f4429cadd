package chat.milena.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SmallPartsTest {

    @Test
    void aMessageIdTellsItsIndexAndIsAUuid() {
        MessageIds ids = new MessageIds(UUID.randomUUID());

        for (long index : new long[] {0, 1, 255, 25_469, 1L << 40}) {
            String id = ids.of(index);
            assertThat(UUID.fromString(id)).hasToString(id);
            assertThat(ids.indexOf(id)).isEqualTo(index);
        }
        assertThat(ids.indexOf(UUID.randomUUID().toString())).isEqualTo(-1);
        assertThat(ids.indexOf("")).isEqualTo(-1);
        assertThat(ids.indexOf(ids.of(5).replace('0', 'g'))).isEqualTo(-1);
    }

    @Test
    void backoffDoublesUpToItsMaximumAndNeverLeavesItsUpperHalf() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
        Random random = new Random(7);

        for (int i = 0; i < 100; i++) {
            assertThat(backoff.beforeAttempt(0, random)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
            assertThat(backoff.beforeAttempt(2, random)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
            assertThat(backoff.beforeAttempt(50 + i, random)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        }
    }

    @Test
    void connectsAreSpacedEvenlyAndIdleTimeIsNotSavedUp() {
        ConnectPace pace = new ConnectPace(100, 0);

        assertThat(pace.takeDelayNanos(0)).isZero();
        assertThat(pace.takeDelayNanos(0)).isEqualTo(10_000_000);
        assertThat(pace.takeDelayNanos(0)).isEqualTo(20_000_000);
        long later = 5_000_000_000L;
        assertThat(pace.takeDelayNanos(later)).isZero();
        assertThat(pace.takeDelayNanos(later)).isEqualTo(10_000_000);
    }

    @Test
    void retryAfterIsBounded() {
        assertThat(SocketHandler.retryAfter("3")).isEqualTo(Duration.ofSeconds(3));
        assertThat(SocketHandler.retryAfter("86400")).isEqualTo(Duration.ofSeconds(30));
        assertThat(SocketHandler.retryAfter(null)).isEqualTo(Duration.ofSeconds(1));
        assertThat(SocketHandler.retryAfter("Wed, 21 Oct 2026 07:28:00 GMT")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        assertThatThrownBy(() -> ClientOptions.of(URI.create("localhost:8080"))).isInstanceOf(UsageFailure.class);
        assertThatThrownBy(() -> ClientOptions.of(URI.create("ftp://host"))).isInstanceOf(UsageFailure.class);
    }
}
