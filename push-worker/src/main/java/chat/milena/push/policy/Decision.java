package chat.milena.push.policy;

import chat.milena.push.provider.Notification;
import java.util.Locale;

/// What becomes of an intent.
public sealed interface Decision {
    /// It is sent.
    record Send(Notification notification) implements Decision {}

    /// It is not sent.
    record Cancel(Reason reason) implements Decision {}

    /// Why it is not sent.
    enum Reason {
        CONNECTED,
        READ,
        DELETED,
        EXPIRED,
        HIDDEN,
        MUTED,
        LEVEL,
        QUIET_HOURS,
        BLOCKED,
        NOT_MEMBER,
        THREAD_NOT_FOLLOWED,
        NO_REGISTRATION,
        UNKNOWN_KEY,
        TOO_OLD;

        private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /// The word in records and metrics.
        public String word() {
            return word;
        }
    }
}
