package chat.milena.gateway.resume;

import chat.milena.gateway.resume.RecentDeliveries.NotRead;
import chat.milena.gateway.resume.RecentDeliveries.NotYet;
import chat.milena.gateway.resume.RecentDeliveries.Nothing;
import chat.milena.gateway.resume.RecentDeliveries.OnlyFrom;
import chat.milena.gateway.resume.RecentDeliveries.Upto;
import java.time.Duration;

/// Collects the missed deliveries of a client from its position up to now: from the buffer, and before that from
/// the log. Safe for all threads, which may wait; the shard must be leased during the call.
///
/// All or nothing: a resume that cannot be complete does not start.
final class CatchUp {
    /// Deliveries taken under the lock, which the reader waits for.
    private static final int AT_ONCE_MAX = 4_096;

    private static final int SCANS_MAX = 3;

    private final RecentDeliveries recent;
    private final LogScan log;
    private final Duration within;

    CatchUp(RecentDeliveries recent, LogScan log, Duration within) {
        this.recent = recent;
        this.log = log;
        this.within = within;
    }

    /// The missed deliveries of a client are collected, and the client is attached after them.
    ///
    /// @param from where they were found
    /// @param liveFrom the offset from which on the client gets deliveries live
    record CaughtUp(ResumeResult from, long liveFrom) {}

    /// Collects the missed deliveries of a subscriber, and attaches it.
    CaughtUp run(ResumePosition position, Missed missed, LiveSubscriber subscriber)
            throws NotResumableException, InterruptedException {
        long deadlineNanos = System.nanoTime() + within.toNanos();
        int shard = position.shard();
        long at = position.offset();
        int scans = 0;
        while (System.nanoTime() < deadlineNanos) {
            switch (recent.attach(shard, at, AT_ONCE_MAX, subscriber)) {
                case Nothing(var liveFrom) -> {
                    return new CaughtUp(scans == 0 ? ResumeResult.RECENT : ResumeResult.LOG, liveFrom);
                }
                case Upto(var deliveries, var next) -> {
                    for (BufferedDelivery delivery : deliveries) {
                        missed.add(log.decoded(delivery));
                        missed.check();
                    }
                    at = next;
                }
                case OnlyFrom(var ignored) -> {
                    if (++scans > SCANS_MAX) {
                        throw new NotResumableException(ResumeResult.BUSY);
                    }
                    LogScan.Piece earlier = log.readBefore(recent, shard, at, deadlineNanos);
                    missed.add(earlier.deliveries());
                    missed.check();
                    at = earlier.to();
                }
                case NotYet() -> {
                    if (!recent.awaitPosition(shard, at, Duration.ofNanos(deadlineNanos - System.nanoTime()))) {
                        throw new NotResumableException(ResumeResult.TOO_OLD);
                    }
                }
                case NotRead() -> throw new NotResumableException(ResumeResult.FAILED);
            }
        }
        throw new NotResumableException(ResumeResult.BUSY);
    }
}
