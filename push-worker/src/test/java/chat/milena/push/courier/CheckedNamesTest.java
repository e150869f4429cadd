package chat.milena.push.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.milena.push.courier.CheckedNames.Names;
import chat.milena.runtime.config.ForbiddenAddressException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CheckedNamesTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Queue<String> lookUps = new ConcurrentLinkedQueue<>();
    private final CountDownLatch answer = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    /// A name server that answers nothing until the test ends.
    private final Names silent = (host, _) -> {
        lookUps.add(host);
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of(LOOPBACK);
    };

    @AfterEach
    void stop() {
        answer.countDown();
        callers.close();
    }

    private CompletableFuture<List<InetSocketAddress>> resolve(CheckedNames names, String host) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return names.resolve(host, 443);
                    } catch (UnknownHostException e) {
                        throw new IllegalStateException(e);
                    }
                },
                callers);
    }

    @Test
    void callersWithTheSameHostShareALookUp() {
        try (CheckedNames names = new CheckedNames(silent, Duration.ofSeconds(20))) {
            List<CompletableFuture<List<InetSocketAddress>>> all = IntStream.range(0, 200)
                    .mapToObj(_ -> resolve(names, "slow.example"))
                    .toList();
            await().until(() -> lookUps.size() == 1);
            CompletableFuture<List<InetSocketAddress>> other = resolve(names, "other.example");
            await().until(() -> lookUps.contains("other.example"));

            answer.countDown();

            assertThat(all)
                    .allSatisfy(one -> assertThat(one.join()).containsExactly(new InetSocketAddress(LOOPBACK, 443)));
            assertThat(other.join()).hasSize(1);
        }
    }

    @Test
    void hostThatIsNotFoundInTimeIsUnknown() {
        try (CheckedNames names = new CheckedNames(silent, Duration.ofMillis(50))) {
            assertThatThrownBy(() -> names.resolve("slow.example", 443))
                    .isInstanceOf(UnknownHostException.class)
                    .isNotInstanceOf(BusyException.class);
        }
    }

    @Test
    void lookUpBeyondTheBoundIsRejectedAsBusyWhichIsNoTroubleOfItsHost() {
        try (CheckedNames names = new CheckedNames(silent, Duration.ofSeconds(20))) {
            for (int i = 0; i < CheckedNames.THREADS_MAX; i++) {
                CompletableFuture<?> _ = resolve(names, "slow-" + i + ".example");
            }
            await().until(() -> lookUps.size() == CheckedNames.THREADS_MAX);

            assertThatThrownBy(() -> names.resolve("good.example", 443))
                    .isInstanceOfSatisfying(
                            BusyException.class,
                            busy -> assertThat(HttpCarrier.failed(busy)).isEqualTo(new Verdict.Retry("busy")));
            answer.countDown();
            await().untilAsserted(
                            () -> assertThat(names.resolve("good.example", 443)).hasSize(1));
        }
    }

    @Test
    void eachLookUpAsksAgainAndFailsAsItsCheckSays() throws Exception {
        Names moving = (host, _) -> {
            lookUps.add(host);
            if (lookUps.size() > 1) {
                throw new ForbiddenAddressException(host);
            }
            return List.of(LOOPBACK);
        };
        try (CheckedNames names = new CheckedNames(moving, Duration.ofSeconds(20))) {
            assertThat(names.resolve("moving.example", 443)).hasSize(1);

            await().untilAsserted(() -> assertThatThrownBy(() -> names.resolve("moving.example", 443))
                    .isInstanceOf(ForbiddenAddressException.class));
        }
    }
}
