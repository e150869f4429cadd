package chat.milena.gateway.device;

import chat.milena.protocol.json.Fields;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.avro.QuietHours;
import chat.milena.schemas.word.NotificationLevel;
import chat.milena.schemas.word.PushPreview;
import chat.milena.schemas.word.Word;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads settings of notifications. Pure.
public final class NotificationsReader {
    private static final Pattern TIME = Pattern.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]");
    private static final String LEVEL = "level";
    private static final String OF_USER = "";

    private NotificationsReader() {}

    /// The settings of a user; meaningless if the fields have a rejection afterwards.
    public static NotificationSettings read(Fields fields) {
        String level = fields.optionalText(LEVEL);
        String preview = fields.optionalText("preview");
        checkLevel(fields, level);
        if (preview != null && Word.parse(PushPreview.class, preview).isEmpty()) {
            fields.refuse("preview", "must be full, sender or none");
        }
        return new NotificationSettings(
                level == null ? NotificationLevel.ALL.word() : level,
                preview == null ? PushPreview.FULL.word() : preview,
                fields.has("quietHours") ? quietHours(fields.object("quietHours")) : null);
    }

    /// The level of a conversation, which must be named; empty for the user's own settings.
    public static String level(Fields fields) {
        if (fields.isNull(LEVEL)) {
            return OF_USER;
        }
        String level = fields.text(LEVEL);
        checkLevel(fields, level);
        return level;
    }

    private static void checkLevel(Fields fields, @Nullable String level) {
        if (level != null && Word.parse(NotificationLevel.class, level).isEmpty()) {
            fields.refuse(LEVEL, "must be all, mentions or none");
        }
    }

    private static QuietHours quietHours(Fields fields) {
        String from = time(fields, "from");
        String to = time(fields, "to");
        if (from.equals(to)) {
            fields.refuse("to", "must be another time than from");
        }
        String timeZone = fields.optionalText("timeZone");
        if (timeZone != null && !TimeZones.isKnown(timeZone)) {
            fields.refuse("timeZone", "must be a time zone such as Europe/Prague");
        }
        return new QuietHours(from, to, timeZone);
    }

    private static String time(Fields fields, String name) {
        String time = fields.text(name);
        if (!TIME.matcher(time).matches()) {
            fields.refuse(name, "must be a time such as 22:00");
        }
        return time;
    }
}
