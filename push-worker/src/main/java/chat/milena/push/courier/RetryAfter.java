package chat.milena.push.courier;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
public final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);

    private RetryAfter() {}

    /// The moment that it names, up to `most` from now; null for none, for one in the past, and for what cannot be
    /// read.
    public static @Nullable Instant parse(@Nullable String head, Instant now, Duration most) {
        if (head == null) {
            return null;
        }
        String text = head.strip();
        Instant last = now.plus(most);
        Instant moment = SECONDS.matcher(text).matches() ? seconds(text, now, most) : date(text);
        if (moment == null || !moment.isAfter(now)) {
            return null;
        }
        return moment.isAfter(last) ? last : moment;
    }

    private static Instant seconds(String text, Instant now, Duration most) {
        return now.plusSeconds(Math.min(Long.parseLong(text), most.toSeconds() + 1));
    }

    private static @Nullable Instant date(String text) {
        try {
            TemporalAccessor date = DATE.parse(text);
            return Instant.from(date);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
