package chat.milena.push;

import chat.milena.push.pending.CandidateRules.Times;
import chat.milena.push.policy.PreviewRules;
import chat.milena.push.policy.PushPolicy;
import chat.milena.runtime.config.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How devices are notified. Immutable.
///
/// @param title stands in the place of names that are not shown
public record PushConfig(Times times, PreviewRules previews, String title) {
    private static final Duration READ_EVERY = Duration.ofSeconds(30);
    private static final int TITLE_CHARS_MAX = 100;

    /// Reads the settings, and notes errors there.
    public static PushConfig of(Settings settings) {
        return new PushConfig(
                new Times(
                        settings.duration(
                                "MILENA_PUSH_HOLD",
                                Duration.ofSeconds(2),
                                Duration.ofMillis(100),
                                Duration.ofMinutes(5)),
                        settings.duration(
                                "MILENA_PUSH_COLLAPSE",
                                Duration.ofSeconds(5),
                                Duration.ofMillis(100),
                                Duration.ofMinutes(10)),
                        settings.duration(
                                "MILENA_PUSH_LIFE", Duration.ofHours(24), Duration.ofMinutes(1), Duration.ofDays(2)),
                        READ_EVERY),
                PreviewRules.of(settings),
                settings.read("MILENA_PUSH_TITLE", "Milena", PushConfig::title));
    }

    private static String title(String text) {
        if (text.isBlank() || text.length() > TITLE_CHARS_MAX) {
            throw new IllegalArgumentException("must be a text of up to " + TITLE_CHARS_MAX + " characters");
        }
        return text;
    }

    /// The policy.
    ///
    /// @param navigate what a click opens, with `{conversationId}` in it; null for nothing
    PushPolicy policy(@Nullable String navigate) {
        return new PushPolicy(new PushPolicy.Rules(previews, title, times.life(), navigate));
    }
}
