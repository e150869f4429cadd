package chat.milena.push.provider;

import chat.milena.push.provider.Notification.Alert;
import chat.milena.push.provider.Notification.Handling;
import chat.milena.push.provider.Notification.Message;
import chat.milena.push.provider.Notification.Preview;
import chat.milena.push.provider.Notification.Read;
import chat.milena.push.provider.Notification.Subject;
import java.time.Duration;
import java.time.Instant;

/// Notifications for the tests.
final class Notifications {
    static final String COLLAPSE_KEY = "c29tZS1jb252ZXJzYXRpb24x";

    private Notifications() {}

    static Message message(Instant now) {
        return message(now, "Ann", "See you at 5?");
    }

    static Message message(Instant now, String name, String text) {
        return new Message(
                "bob",
                new Subject("g_team", "group", "m1", 42, 1_700_000_000_000L, null),
                new Preview("ann", name, "Team", text),
                new Alert(name, text, "en", "https://chat.example/#/c/g_team"),
                3,
                7,
                new Handling(COLLAPSE_KEY, true, now.plus(Duration.ofHours(24))));
    }

    static Message withoutPreview(Instant now) {
        return new Message(
                "bob",
                new Subject("g_team", "group", "m1", 42, 1_700_000_000_000L, "m0"),
                Preview.NONE,
                new Alert("Milena", "New message", null, null),
                1,
                1,
                new Handling(COLLAPSE_KEY, false, now.plusSeconds(60)));
    }

    static Read read(Instant now) {
        return new Read("bob", "g_team", 42, 2, now.plusSeconds(3_600));
    }
}
