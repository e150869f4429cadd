package chat.milena.push.pending;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far one device has come with the messages of one conversation.
///
/// At most one intent is outstanding. It covers the numbers from behind `settledUpTo`, as that was when the intent was
/// made, up to its own.
///
/// @param settledUpTo up to which number nothing is to be sent any longer
/// @param shown the notification that the device shows, as far as is known; null if it shows none
/// @param dueAt when the next intent is made; null if there is nothing to send, or while one is outstanding
/// @param attempt the attempt that the outstanding intent is, or the next one
/// @param outstanding the intent whose result is awaited; null if there is none
/// @param readDueAt when an intent of kind read may be made; null for never
public record Progress(
        String deviceId,
        String platform,
        long settledUpTo,
        @Nullable Mark shown,
        @Nullable Instant dueAt,
        int attempt,
        @Nullable Mark outstanding,
        @Nullable Instant readDueAt) {

    /// The newest message that something covers, and since when it does.
    public record Mark(long upTo, Instant since) {}

    static Progress beginning(Target target, long settledUpTo) {
        return new Progress(target.deviceId(), target.platform(), settledUpTo, null, null, 1, null, null);
    }

    boolean isIdle() {
        return shown == null && dueAt == null && outstanding == null && readDueAt == null;
    }

    /// When an intent of kind read is made. It waits for the messages: one that is shown brings the badge, too.
    @Nullable
    Instant readAt() {
        return outstanding == null && dueAt == null ? readDueAt : null;
    }

    Progress on(String newPlatform) {
        return new Progress(deviceId, newPlatform, settledUpTo, shown, dueAt, attempt, outstanding, readDueAt);
    }

    Progress settled(long upTo) {
        return new Progress(
                deviceId, platform, Math.max(settledUpTo, upTo), shown, dueAt, attempt, outstanding, readDueAt);
    }

    Progress shown(@Nullable Mark now) {
        return new Progress(deviceId, platform, settledUpTo, now, dueAt, attempt, outstanding, readDueAt);
    }

    /// Nothing is outstanding; the next intent, if any, is this attempt.
    Progress due(@Nullable Instant at, int nextAttempt) {
        return new Progress(deviceId, platform, settledUpTo, shown, at, nextAttempt, null, readDueAt);
    }

    /// An intent up to this number was made.
    Progress sent(long upTo, Instant now) {
        return new Progress(deviceId, platform, settledUpTo, shown, null, attempt, new Mark(upTo, now), readDueAt);
    }

    Progress readDue(@Nullable Instant at) {
        return new Progress(deviceId, platform, settledUpTo, shown, dueAt, attempt, outstanding, at);
    }
}
