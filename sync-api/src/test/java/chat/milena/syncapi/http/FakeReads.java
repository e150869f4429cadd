package chat.milena.syncapi.http;

import chat.milena.syncapi.FakeViews;
import chat.milena.syncapi.read.ConversationReader;
import chat.milena.syncapi.read.MembershipReader;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import chat.milena.syncapi.route.ReadCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Answers from views in memory, every read and answer forwarded once; can be held back, and be away.
final class FakeReads implements Reads {
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Duration HELD_AT_MOST = Duration.ofSeconds(60);

    final FakeViews views = new FakeViews();
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger inside = new AtomicInteger();
    volatile @Nullable CountDownLatch held;
    volatile @Nullable Duration retryAfter;
    /// Reads whose views lag.
    volatile Predicate<Read<?>> away = read -> false;
    volatile boolean broken;
    private final ConversationReader conversations = new ConversationReader(tenant -> RETENTION);
    private final MembershipReader memberships = new MembershipReader();
    private final ReentrantLock lock = new ReentrantLock();
    private final Clock clock;

    FakeReads(Clock clock) {
        this.clock = clock;
    }

    @Override
    public List<ReadAnswer<?>> askAny(List<? extends Read<?>> reads) throws ReadsUnavailableException {
        asked.incrementAndGet();
        inside.incrementAndGet();
        try {
            hold();
            Duration lag = reads.stream().anyMatch(away) ? Duration.ofSeconds(1) : retryAfter;
            if (lag != null) {
                throw new ReadsUnavailableException("the views lag", lag);
            }
            if (broken) {
                throw new IllegalStateException("broken");
            }
            return answers(reads);
        } finally {
            inside.decrementAndGet();
        }
    }

    private void hold() {
        CountDownLatch latch = held;
        try {
            if (latch != null && !latch.await(HELD_AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Held for too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ReadAnswer<?>> answers(List<? extends Read<?>> reads) {
        lock.lock();
        try {
            List<ReadAnswer<?>> answers = new ArrayList<>();
            for (Read<?> read : ReadCodec.readReads(ReadCodec.writeReads(reads))) {
                answers.add(
                        switch (read) {
                            case Read.OfConversation<?> one -> conversations.answer(views, one, clock.instant());
                            case Read.OfUser<?> own -> memberships.answer(views, own, clock.instant());
                        });
            }
            return ReadCodec.readAnswers(ReadCodec.writeAnswers(answers), reads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
