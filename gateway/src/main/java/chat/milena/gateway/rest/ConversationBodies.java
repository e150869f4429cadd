package chat.milena.gateway.rest;

import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.conversation.NameRules;
import chat.milena.protocol.frame.Limits;
import chat.milena.protocol.frame.ProfileReader;
import chat.milena.protocol.json.Fields;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.Role;
import chat.milena.schemas.word.Word;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads creations and changes of conversations from the bodies of calls. Pure; the result is meaningless if the
/// fields have a rejection afterwards.
///
/// A group's name follows [NameRules]. Users are named by different valid ids; naming the creator of a new group
/// does no harm.
final class ConversationBodies {
    private static final String PARTICIPANTS = "participantIds";
    private static final String USER_IDS = "userIds";
    private static final String SLOW_MODE = "slowModeSeconds";

    /// A day.
    private static final int SLOW_MODE_SECONDS_MAX = 86_400;

    private static final String PREMODERATION = "premoderation";

    private final Limits limits;
    private final int featureLevel;

    /// @param featureLevel the level that clients are sent
    ConversationBodies(Limits limits, int featureLevel) {
        this.limits = limits;
        this.featureLevel = featureLevel;
    }

    /// A direct conversation.
    CreateConversation direct(Fields fields, String creatorId) {
        if (!fields.text("type").equals(ConversationType.DIRECT.word())) {
            fields.refuse("type", "must be direct; groups have a call of their own");
        }
        List<String> participants = userIds(fields, PARTICIPANTS, 1);
        if (participants.size() != 1) {
            fields.refuse(PARTICIPANTS, "must be one other user");
        } else if (participants.getFirst().equals(creatorId)) {
            fields.refuse(PARTICIPANTS, "must be another user");
        }
        return new CreateConversation(ConversationType.DIRECT.word(), null, participants, null);
    }

    /// A group.
    CreateConversation group(Fields fields, String creatorId) {
        String name = name(fields);
        List<String> participants = new ArrayList<>(userIds(fields, PARTICIPANTS, limits.membersMax()));
        participants.remove(creatorId);
        if (participants.size() >= limits.membersMax()) {
            fields.refuse(ErrorCode.TOO_LARGE, PARTICIPANTS, "a group has at most " + limits.membersMax() + " members");
        }
        ConversationSettings settings = new ConversationSettings(false, false, true, false, 0, false);
        if (fields.has("settings")) {
            Fields wanted = fields.object("settings");
            settings = new ConversationSettings(
                    wanted.flag("onlyAdminsCanPost", false),
                    wanted.flag("allowMemberInvites", false),
                    wanted.flag("historyVisibleToNewMembers", true),
                    wanted.flag("onlyAdminsMentionAll", false),
                    Objects.requireNonNullElse(slowMode(wanted), 0),
                    Boolean.TRUE.equals(premoderation(wanted)));
        }
        return new CreateConversation(ConversationType.GROUP.word(), name, participants, settings);
    }

    /// The change of a group; only nulls if nothing is named.
    UpdateConversation update(Fields fields) {
        UpdateConversation update = new UpdateConversation();
        if (fields.has("name")) {
            update.setName(name(fields));
        }
        ProfileReader.readInto(update, fields);
        if (fields.has("settings")) {
            Fields wanted = fields.object("settings");
            update.setOnlyAdminsCanPost(wanted.optionalFlag("onlyAdminsCanPost"));
            update.setAllowMemberInvites(wanted.optionalFlag("allowMemberInvites"));
            update.setHistoryVisibleToNewMembers(wanted.optionalFlag("historyVisibleToNewMembers"));
            update.setOnlyAdminsMentionAll(wanted.optionalFlag("onlyAdminsMentionAll"));
            update.setSlowModeSeconds(slowMode(wanted));
            update.setPremoderation(premoderation(wanted));
        }
        return update;
    }

    /// The new members.
    List<String> newcomers(Fields fields) {
        List<String> userIds = userIds(fields, USER_IDS, limits.membersMax());
        if (userIds.isEmpty()) {
            fields.refuse(USER_IDS, "must name a user");
        }
        return userIds;
    }

    /// The word of a role.
    String role(Fields fields) {
        String word = fields.text("role");
        if (Word.parse(Role.class, word).isEmpty()) {
            fields.refuse("role", "must be admin or member");
        }
        return word;
    }

    private static @Nullable Integer slowMode(Fields settings) {
        Long seconds = settings.optionalInteger(SLOW_MODE);
        if (seconds == null) {
            return null;
        }
        if (seconds < 0 || seconds > SLOW_MODE_SECONDS_MAX) {
            settings.refuse(SLOW_MODE, "must be from 0 to " + SLOW_MODE_SECONDS_MAX);
            return null;
        }
        return Math.toIntExact(seconds);
    }

    /// Below its level there may be processes of an older version, which would show what is held.
    private @Nullable Boolean premoderation(Fields settings) {
        Boolean wanted = settings.optionalFlag(PREMODERATION);
        if (Boolean.TRUE.equals(wanted) && featureLevel < ServerInfo.HELD_MESSAGES_LEVEL) {
            settings.refuse(PREMODERATION, "must be false below feature level " + ServerInfo.HELD_MESSAGES_LEVEL);
        }
        return wanted;
    }

    private static String name(Fields fields) {
        String name = fields.text("name");
        String fault = NameRules.fault(name);
        if (fault != null) {
            fields.refuse("name", fault);
        }
        return name;
    }

    private static List<String> userIds(Fields fields, String name, int max) {
        Set<String> userIds = new LinkedHashSet<>();
        JsonNode array = fields.array(name);
        if (array.size() > max) {
            ErrorCode code = max == 1 ? ErrorCode.INVALID_REQUEST : ErrorCode.TOO_LARGE;
            fields.refuse(code, name, "must be at most " + max);
            return List.of();
        }
        for (int i = 0; i < array.size(); i++) {
            JsonNode id = array.get(i);
            String field = name + "[" + i + "]";
            if (!id.isTextual() || !Ids.isValidUser(id.textValue())) {
                fields.refuse(field, "must be a user id");
            } else if (!userIds.add(id.textValue())) {
                fields.refuse(field, "appears twice");
            }
        }
        return List.copyOf(userIds);
    }
}
