package chat.milena.bench.reads;

import chat.milena.bench.answer.PageAsk;
import chat.milena.bench.answer.PagePosition;
import chat.milena.bench.answer.ReadCall;
import chat.milena.bench.answer.ReadClient;
import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.check.Examples;
import chat.milena.bench.load.Schedule;
import chat.milena.bench.report.MachineUse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Reads pages of one position, as a closed loop of readers or at a fixed rate.
///
/// Both use as many connections as there are readers. At a rate, a read without a free connection waits in line,
/// and its latency counts from when it was due. Steps are run by one thread; answers are checked on event loops.
final class PageLoad {
    private static final long POLL_MILLIS = 10;
    private static final Duration AFTER_REFUSAL = Duration.ofMillis(50);

    private final ReadClient reads;
    private final HistorySettings settings;
    private final PagePosition at;
    private final long lastSequence;
    private final Examples examples;
    private final AtomicLong next = new AtomicLong();
    private final Executor later = CompletableFuture.delayedExecutor(AFTER_REFUSAL.toMillis(), TimeUnit.MILLISECONDS);

    PageLoad(ReadClient reads, HistorySettings settings, PagePosition at, long lastSequence, Examples examples) {
        this.reads = reads;
        this.settings = settings;
        this.at = at;
        this.lastSequence = lastSequence;
        this.examples = examples;
    }

    /// Each reader requests the next page after each answer, and waits a little after a refusal.
    ReadStep closed(Duration unmeasured, Duration measured) throws InterruptedException {
        ReadMeter meter = new ReadMeter(lastSequence, settings.path() == null, examples);
        Loop loop = new Loop(meter, System.nanoTime() + unmeasured.toNanos(), measured.toNanos());
        for (int i = 0; i < settings.readers(); i++) {
            loop.next();
        }
        sleepUntil(loop.fromNanos);
        MachineUse.Reading reading = MachineUse.start(settings.serverPid());
        sleepUntil(loop.fromNanos + loop.measuredNanos);
        MachineUse machine = reading.untilNow();
        awaitEnded(meter, loop.begun);
        return meter.step(0, measured.toNanos() / 1e9, machine);
    }

    private final class Loop {
        private final ReadMeter meter;
        private final long fromNanos;
        private final long measuredNanos;
        private final AtomicLong begun = new AtomicLong();

        Loop(ReadMeter meter, long fromNanos, long measuredNanos) {
            this.meter = meter;
            this.fromNanos = fromNanos;
            this.measuredNanos = measuredNanos;
        }

        void next() {
            long askedNanos = System.nanoTime();
            if (askedNanos - fromNanos >= measuredNanos) {
                return;
            }
            begun.incrementAndGet();
            ask((ask, answer, failure) -> {
                long now = System.nanoTime();
                boolean within = now - fromNanos >= 0 && now - fromNanos < measuredNanos;
                boolean page = meter.answered(ask, answer, failure, within);
                if (page && within) {
                    meter.measured(now - askedNanos, 0);
                }
                if (page) {
                    next();
                } else {
                    later.execute(this::next);
                }
            });
        }
    }

    /// Open loop: the k-th page is due at start + k / rate.
    ReadStep rated(double perSecond, Duration unmeasured, Duration measured) throws InterruptedException {
        ReadMeter meter = new ReadMeter(lastSequence, settings.path() == null, examples);
        long warm = (long) (perSecond * unmeasured.toMillis() / 1000);
        long count = warm + (long) Math.max(1, perSecond * measured.toMillis() / 1000);
        Schedule schedule = new Schedule(System.nanoTime(), perSecond, count, 0);
        long fromNanos = schedule.dueNanos(warm);
        long untilNanos = schedule.dueNanos(count);
        MachineUse.Reading reading = null;
        AtomicLong begun = new AtomicLong();
        for (long k = 0; k < count; ) {
            long now = System.nanoTime();
            if (reading == null && now - fromNanos >= 0) {
                reading = MachineUse.start(settings.serverPid());
            }
            for (long due = schedule.dueBy(now); k < due; k++) {
                begun.incrementAndGet();
                askDue(meter, schedule.dueNanos(k), k >= warm, fromNanos, untilNanos);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(schedule.dueNanos(k) - System.nanoTime());
        }
        sleepUntil(untilNanos);
        MachineUse machine = (reading == null ? MachineUse.start(settings.serverPid()) : reading).untilNow();
        awaitEnded(meter, begun);
        return meter.step(perSecond, (count - warm) / perSecond, machine);
    }

    private void askDue(ReadMeter meter, long dueNanos, boolean measured, long fromNanos, long untilNanos) {
        long askedNanos = System.nanoTime();
        ask((ask, answer, failure) -> {
            long now = System.nanoTime();
            boolean within = now - fromNanos >= 0 && now - untilNanos < 0;
            if (meter.answered(ask, answer, failure, within) && measured) {
                meter.measured(now - dueNanos, askedNanos - dueNanos);
            }
        });
    }

    private interface Ended {
        void by(PageAsk ask, @Nullable HttpAnswer answer, @Nullable Throwable failure);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Its end completes `ended`.
    private void ask(Ended ended) {
        PageAsk ask = at.ask(lastSequence, settings.limit(), settings.seed(), next.getAndIncrement());
        String path = settings.path();
        reads.once(
                        path == null
                                ? ReadCall.page(settings.userId(), settings.conversationId(), ask)
                                : ReadCall.of(settings.userId(), settings.conversationId(), path))
                .whenComplete((answer, failure) -> ended.by(ask, answer, failure));
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    /// Bounded by the patience of a call, after which every read has ended by itself.
    private void awaitEnded(ReadMeter meter, AtomicLong begun) throws InterruptedException {
        long giveUpNanos = System.nanoTime() + 2 * settings.callPatience().toNanos();
        while (meter.ended() < begun.get() && System.nanoTime() - giveUpNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        meter.unanswered(Math.max(0, begun.get() - meter.ended()));
    }
}
