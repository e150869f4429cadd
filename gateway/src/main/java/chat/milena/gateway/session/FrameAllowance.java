package chat.milena.gateway.session;

import java.time.Duration;

/// How many frames of any kind one connection may send: a rate on average, with a burst of ten seconds' worth,
/// since a client that reconnects may have receipts of all its conversations. For one thread.
///
/// It stores no tokens, only the time at which the allowance will be full again: each frame moves that time
/// forward by the worth of one frame, and a frame that moves it too far is rejected.
final class FrameAllowance {
    private static final long BURST_MICROS = Duration.ofSeconds(10).toMillis() * 1_000;
    private static final long SECOND_MICROS = 1_000_000;

    private final long frameMicros;
    private long wholeAtMicros;

    /// @param perSecond 0 is no limit
    FrameAllowance(int perSecond) {
        this.frameMicros = perSecond == 0 ? 0 : SECOND_MICROS / perSecond;
    }

    /// Counts a frame, if it is within the rate.
    boolean take(long nowMillis) {
        long nowMicros = nowMillis * 1_000;
        long from = Math.clamp(wholeAtMicros, nowMicros, nowMicros + BURST_MICROS);
        boolean allowed = from + frameMicros <= nowMicros + BURST_MICROS;
        wholeAtMicros = allowed ? from + frameMicros : from;
        return allowed;
    }
}
