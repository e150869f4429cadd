package chat.milena.push.provider;

import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.config.VapidKeys;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The settings of Web Push.
///
/// @param subject whom the push service may write to: `mailto:` or `https://`
/// @param keys what authenticates to push services
/// @param endpoints the hosts that may be called
public record WebPushConfig(String subject, VapidKeys keys, OutsideEndpoints endpoints) {
    private static final String SUBJECT = "MILENA_VAPID_SUBJECT";
    private static final String KEYS_FILE = "MILENA_VAPID_KEYS_FILE";

    /// Reads the settings and notes errors there. Null if Web Push is not set up, or not well.
    ///
    /// @param fresh where the key is made if the settings name no file; null if it must be named
    public static @Nullable WebPushConfig of(Settings settings, @Nullable Path fresh) {
        OutsideEndpoints endpoints = OutsideEndpoints.of(settings);
        String subject = settings.optionalText(SUBJECT);
        String file = settings.optionalText(KEYS_FILE);
        if (subject == null) {
            if (file != null) {
                settings.refuse(KEYS_FILE + " is set without " + SUBJECT);
            }
            return null;
        }
        if (!subject.matches("(mailto:[^@\\s]+@[^@\\s]+|https://\\S+)")) {
            settings.refuse(SUBJECT + " must be mailto:NAME@HOST or https://…: whom push services may write to");
            return null;
        }
        try {
            if (file != null) {
                return new WebPushConfig(subject, VapidKeys.load(Path.of(file)), endpoints);
            }
            if (fresh != null) {
                return new WebPushConfig(subject, VapidKeys.loadOrCreate(fresh), endpoints);
            }
            settings.refuse(KEYS_FILE + " must be set, because " + SUBJECT + " is");
            return null;
        } catch (IOException | InvalidPathException e) {
            settings.refuse(KEYS_FILE + " names a file that is not good: " + e.getMessage());
            return null;
        }
    }
}
