package chat.milena.push.provider;

import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A notification for APNs that ends with its attempt. pushy would write it again for as long as its stream is reset,
/// and write it late when a connection is there at last; the caller may have sent another one by then. Both fail when
/// pushy asks for the token, which it does for each write.
final class ApnsAttempt extends SimpleApnsPushNotification {
    private static final int WRITES_MAX = 3;

    private final AtomicInteger writes = new AtomicInteger();

    ApnsAttempt(
            String token,
            String topic,
            String payload,
            Instant expiresAt,
            DeliveryPriority priority,
            @Nullable String collapseId) {
        super(token, topic, payload, expiresAt, priority, PushType.ALERT, collapseId);
    }

    /// No write begins any more.
    void end() {
        writes.set(WRITES_MAX);
    }

    @Override
    public String getToken() {
        if (writes.getAndUpdate(before -> Math.min(before + 1, WRITES_MAX)) >= WRITES_MAX) {
            throw new IllegalStateException("The attempt has ended");
        }
        return super.getToken();
    }

    /// Neither token nor text may reach a log of pushy's.
    @Override
    public String toString() {
        return "ApnsAttempt[hidden]";
    }
}
