package chat.milena.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final List<String> steps = new CopyOnWriteArrayList<>();

    @Test
    void stopsInReverseOrder() throws StartException {
        Lifecycle lifecycle = new Lifecycle(List.of(part("a"), part("b"), part("c")), BOUND);

        lifecycle.start();
        int exitCode = lifecycle.stop();

        assertThat(steps).containsExactly("+a", "+b", "+c", "-c", "-b", "-a");
        assertThat(exitCode).isEqualTo(Lifecycle.CLEAN);
    }

    @Test
    void firstToStopHasTimeHoweverManyFollow() throws StartException {
        List<Component> parts = new ArrayList<>();
        AtomicReference<Duration> given = new AtomicReference<>(Duration.ZERO);
        for (int i = 0; i < 50; i++) {
            parts.add(part("p" + i));
        }
        parts.add(new Part("last") {
            @Override
            public void stop(Duration within) {
                given.set(within);
            }
        });
        Lifecycle lifecycle = new Lifecycle(parts, BOUND);
        lifecycle.start();

        assertThat(lifecycle.stop()).isEqualTo(Lifecycle.CLEAN);
        assertThat(given.get()).isGreaterThan(BOUND.dividedBy(3));
    }

    @Test
    void failedStartStopsWhatHadStarted() {
        Lifecycle lifecycle = new Lifecycle(List.of(part("a"), part("b"), failing("c"), part("d")), BOUND);

        assertThatThrownBy(lifecycle::start).isInstanceOf(StartException.class).hasMessage("c is broken");
        assertThat(steps).containsExactly("+a", "+b", "-b", "-a");
    }

    @Test
    void longReasonIsGivenOnceAndWhole() {
        String all = "topics differ: " + "x".repeat(1_000);

        assertThatThrownBy(new Lifecycle(List.of(failing(all)), BOUND)::start).hasMessage(all + " is broken");
    }

    @Test
    void stoppingTwiceStopsOnce() throws StartException {
        Lifecycle lifecycle = new Lifecycle(List.of(part("a")), BOUND);
        lifecycle.start();

        lifecycle.stop();

        assertThat(lifecycle.stop()).isEqualTo(Lifecycle.CLEAN);
        assertThat(steps).containsExactly("+a", "-a");
    }

    @Test
    void componentThatFailsToStopDoesNotKeepTheOthers() throws StartException {
        Component broken = new Part("b") {
            @Override
            public void stop(Duration within) {
                throw new IllegalStateException("expected by this test");
            }
        };
        Lifecycle lifecycle = new Lifecycle(List.of(part("a"), broken), BOUND);
        lifecycle.start();

        assertThat(lifecycle.stop()).isEqualTo(Lifecycle.UNCLEAN);
        assertThat(steps).containsExactly("+a", "+b", "-a");
    }

    @Test
    void componentThatHangsIsLeftBehindWithinTheBound() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Component hanging = new Part("b") {
            @Override
            public void stop(Duration within) throws InterruptedException {
                never.await();
            }
        };
        Lifecycle lifecycle = new Lifecycle(List.of(part("a"), hanging), Duration.ofSeconds(3));
        lifecycle.start();

        FutureTask<Integer> stopping = new FutureTask<>(lifecycle::stop);
        Thread.ofPlatform().start(stopping);

        assertThat(stopping.get(30, TimeUnit.SECONDS)).isEqualTo(Lifecycle.UNCLEAN);
        assertThat(steps).containsExactly("+a", "+b", "-a");
    }

    @Test
    void stopDuringStartStartsNothingFurther() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Component slow = new Part("b") {
            @Override
            public void start() throws Exception {
                starting.countDown();
                if (!asked.await(10, TimeUnit.SECONDS)) {
                    fail("nobody asked to stop");
                }
                super.start();
            }
        };
        Lifecycle lifecycle = new Lifecycle(List.of(part("a"), slow, part("c")), BOUND);
        FutureTask<Void> start = new FutureTask<>(() -> {
            lifecycle.start();
            return null;
        });
        Thread.ofPlatform().start(start);
        starting.await();

        lifecycle.cancelStart();
        asked.countDown();

        assertThatThrownBy(() -> start.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(StartException.class);
        assertThat(lifecycle.stop()).isEqualTo(Lifecycle.CLEAN);
        assertThat(steps).containsExactly("+a", "+b", "-b", "-a");
    }

    private Component part(String name) {
        return new Part(name);
    }

    private Component failing(String name) {
        return new Part(name) {
            @Override
            public void start() {
                throw new IllegalStateException(name + " is broken");
            }
        };
    }

    private class Part implements Component {
        private final String name;

        Part(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() throws Exception {
            steps.add("+" + name);
        }

        @Override
        public void stop(Duration within) throws Exception {
            steps.add("-" + name);
        }
    }
}
