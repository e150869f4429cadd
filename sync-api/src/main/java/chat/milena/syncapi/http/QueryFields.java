package chat.milena.syncapi.http;

import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The query parameters of one call, read one by one. The first problem counts: it is kept, and every further read
/// returns a harmless stand-in. For one thread.
final class QueryFields {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-");

    private final HttpCall call;
    private @Nullable Rejection first;

    QueryFields(HttpCall call) {
        this.call = call;
    }

    /// The first problem, if there is one.
    @Nullable
    Rejection rejection() {
        return first;
    }

    /// The requested number: from 1 to `max`.
    int limit(int otherwise, int max) {
        String text = text("limit");
        if (text == null) {
            return otherwise;
        }
        int limit = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > max) {
            refuse("limit", "must be a whole number from 1 to " + max);
            return otherwise;
        }
        return limit;
    }

    /// `true` or `false`, the default.
    boolean flag(String name) {
        String text = text(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            refuse(name, "must be true or false");
        }
        return "true".equals(text);
    }

    /// Ids of users, comma separated, each once; at least one is required.
    ///
    /// @param max maximum number
    List<String> ids(String name, int max) {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            refuse(name, "is required");
            return List.of();
        }
        List<String> ids = Arrays.stream(text.split(",", max + 2)).distinct().toList();
        if (ids.size() > max) {
            refuse(ErrorCode.TOO_LARGE, name, "must be at most " + max);
        } else if (!ids.stream().allMatch(Ids::isValid)) {
            refuse(name, "must be ids of users, comma separated");
        }
        return ids;
    }

    /// The end of an earlier page; empty without one.
    <T> Optional<T> cursor(String name, Function<String, Optional<T>> parse) {
        String text = text(name);
        if (text == null) {
            return Optional.empty();
        }
        Optional<T> place = parse.apply(text);
        if (place.isEmpty()) {
            refuse(name, "must be a nextCursor of this call");
        }
        return place;
    }

    /// Whether the parameter is given.
    boolean has(String name) {
        return call.parameterCount(name) > 0;
    }

    /// A moment with its zone, as RFC 3339 writes it; empty if the parameter is no moment.
    Optional<Instant> moment(String name) {
        String text = call.parameter(name);
        if (text == null || !DATE.matcher(text).lookingAt()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            refuse(name, "must be a time with its zone, such as 2026-01-31T12:00:00Z");
            return Optional.empty();
        }
    }

    /// A sequence number, or the cursor of one; empty without one.
    OptionalLong sequence(String name, Function<String, OptionalLong> parse) {
        String text = text(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        OptionalLong sequence = parse.apply(text);
        if (sequence.isEmpty()) {
            refuse(name, "must be a sequence number or a nextCursor of this call");
        }
        return sequence;
    }

    /// One of these words; the first of them by default.
    String word(String name, List<String> words) {
        String text = text(name);
        if (text == null) {
            return words.getFirst();
        }
        if (!words.contains(text)) {
            refuse(name, "must be " + String.join(" or ", words));
            return words.getFirst();
        }
        return text;
    }

    /// A text that is not empty; null without one.
    ///
    /// @param max its code points
    @Nullable
    String text(String name, int max) {
        String text = text(name);
        if (text != null && (text.isEmpty() || text.codePointCount(0, text.length()) > max)) {
            refuse(name, "must be 1 to " + max + " characters");
        }
        return text;
    }

    /// Notes a problem.
    void refuse(String name, String reason) {
        refuse(ErrorCode.INVALID_REQUEST, name, reason);
    }

    private void refuse(ErrorCode code, String name, String reason) {
        if (first == null) {
            first = new Rejection(code, name + ": " + reason);
        }
    }

    private @Nullable String text(String name) {
        if (call.parameterCount(name) > 1) {
            refuse(name, "must be given once");
            return null;
        }
        return call.parameter(name);
    }
}
