package chat.milena.protocol.frame;

import chat.milena.protocol.frame.ClientFrame.PresenceSet;
import chat.milena.protocol.frame.ClientFrame.PresenceSubscribe;
import chat.milena.protocol.frame.ClientFrame.PresenceUnsubscribe;
import chat.milena.protocol.frame.ClientFrame.Typing;
import chat.milena.protocol.json.Fields;
import chat.milena.schemas.id.Ids;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads frames of presence and typing. Pure; the result is meaningless if the fields have a rejection afterwards.
final class LiveReader {
    private static final String USERS = "userIds";
    private static final String STATUS = "status";
    private static final String DEVICE_TYPE = "deviceType";
    private static final int DEVICE_TYPE_CHARS_MAX = 32;

    private LiveReader() {}

    static Typing typing(@Nullable String id, Fields fields, boolean starts) {
        return new Typing(id, fields.id("conversationId"), starts);
    }

    static PresenceSubscribe subscribe(@Nullable String id, Fields fields) {
        return new PresenceSubscribe(id, userIds(fields));
    }

    static PresenceUnsubscribe unsubscribe(@Nullable String id, Fields fields) {
        return new PresenceUnsubscribe(id, userIds(fields));
    }

    static PresenceSet set(@Nullable String id, Fields fields) {
        PresenceStatus status = PresenceStatus.parse(fields.text(STATUS))
                .filter(known -> known != PresenceStatus.OFFLINE)
                .orElse(null);
        if (status == null) {
            fields.refuse(STATUS, "must be online or away");
        }
        String deviceType = fields.optionalText(DEVICE_TYPE);
        if (deviceType != null && (deviceType.length() > DEVICE_TYPE_CHARS_MAX || !Ids.isValid(deviceType))) {
            fields.refuse(DEVICE_TYPE, "must be 1 to " + DEVICE_TYPE_CHARS_MAX + " of A-Z a-z 0-9 _ . -");
        }
        return new PresenceSet(id, status == null ? PresenceStatus.ONLINE : status, deviceType);
    }

    /// As many as a frame holds; the caller, which knows what a connection watches, enforces the limit.
    private static List<String> userIds(Fields fields) {
        JsonNode array = fields.array(USERS);
        Set<String> userIds = new LinkedHashSet<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode id = array.get(i);
            if (!id.isTextual() || !Ids.isValid(id.textValue())) {
                fields.refuse(USERS + "[" + i + "]", "must be a user id");
                return List.of();
            }
            userIds.add(id.textValue());
        }
        return List.copyOf(userIds);
    }
}
