package chat.milena.push.courier;

import java.util.Set;

/// Words for what went wrong, the same for all carriers.
public final class Reasons {
    /// No connection, or one that broke.
    public static final String UNREACHABLE = "unreachable";

    /// No whole answer in time.
    public static final String TIMEOUT = "timeout";

    /// The other side says that the trouble is its own.
    public static final String SERVER_ERROR = "server_error";

    /// An answer that is none of the protocol.
    public static final String NONSENSE = "nonsense";

    /// The other side takes no more for now.
    public static final String THROTTLED = "throttled";

    /// The other side rejects a key of ours: the operator has to act.
    public static final String KEY = "key";

    /// The parcel does not fit.
    public static final String TOO_LARGE = "too_large";

    /// The host is not one that may be called.
    public static final String ADDRESS = "address";

    /// The other side sends elsewhere. It is never followed.
    public static final String REDIRECT = "redirect";

    /// Without an attempt: the audience has asked to wait.
    static final String HELD = "held";

    /// Without an attempt: the last attempts at this audience failed.
    static final String BREAKER = "breaker";

    /// Without an attempt: as many are in flight as may be, at this audience, at its host or in all.
    static final String BUSY = "busy";

    /// Without an attempt: this process stops.
    public static final String CLOSING = "closing";

    /// The attempt itself failed, by a fault of ours.
    public static final String FAULT = "fault";

    /// The audience is there and works, although it did not take this.
    private static final Set<String> HEALTHY = Set.of(THROTTLED, KEY);

    private static final Set<String> ALL = Set.of(
            UNREACHABLE,
            TIMEOUT,
            SERVER_ERROR,
            NONSENSE,
            THROTTLED,
            KEY,
            TOO_LARGE,
            ADDRESS,
            REDIRECT,
            HELD,
            BREAKER,
            BUSY,
            CLOSING,
            FAULT);

    private Reasons() {}

    /// All of these words.
    public static Set<String> all() {
        return ALL;
    }

    /// Whether this says that the audience is in trouble. One destination with a wrong key must not close the way
    /// for all others of its audience.
    static boolean isTrouble(Verdict verdict) {
        return verdict instanceof Verdict.Retry retry && !HEALTHY.contains(retry.reason());
    }
}
