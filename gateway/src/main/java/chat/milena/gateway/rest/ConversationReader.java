package chat.milena.gateway.rest;

import chat.milena.gateway.frame.Fields;
import chat.milena.gateway.frame.Limits;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads what is to be created from the bodies of the two calls that create. Pure.
///
/// A group's name is 1 to 200 characters, not blank, without control characters. Participants are different valid ids;
/// naming the creator among a group's does no harm.
final class ConversationReader {
    private static final int NAME_CODE_POINTS_MAX = 200;
    private static final String PARTICIPANTS = "participantIds";

    private final Limits limits;

    ConversationReader(Limits limits) {
        this.limits = limits;
    }

    /// A direct conversation; meaningless when the fields have a rejection afterwards.
    CreateConversation direct(Fields fields, String creatorId) {
        if (!fields.text("type").equals(ConversationType.DIRECT.word())) {
            fields.refuse("type", "must be direct; groups have a call of their own");
        }
        List<String> participants = participants(fields, 1);
        if (participants.size() != 1) {
            fields.refuse(PARTICIPANTS, "must be one other user");
        } else if (participants.getFirst().equals(creatorId)) {
            fields.refuse(PARTICIPANTS, "must be somebody else");
        }
        return new CreateConversation(ConversationType.DIRECT.word(), null, participants, null);
    }

    /// A group; meaningless when the fields have a rejection afterwards.
    CreateConversation group(Fields fields, String creatorId) {
        String name = fields.text("name");
        if (name.isBlank() || name.codePointCount(0, name.length()) > NAME_CODE_POINTS_MAX) {
            fields.refuse("name", "must be 1 to " + NAME_CODE_POINTS_MAX + " characters, not blank");
        } else if (name.codePoints().anyMatch(ConversationReader::isUnfit)) {
            fields.refuse("name", "must not hold control characters or lone surrogates");
        }
        List<String> participants = new ArrayList<>(participants(fields, limits.membersMax()));
        participants.remove(creatorId);
        if (participants.size() >= limits.membersMax()) {
            fields.refuse(ErrorCode.TOO_LARGE, PARTICIPANTS, "a group has at most " + limits.membersMax() + " members");
        }
        ConversationSettings settings = new ConversationSettings(false, false, true);
        if (fields.has("settings")) {
            Fields wanted = fields.object("settings");
            settings = new ConversationSettings(
                    wanted.flag("onlyAdminsCanPost", false),
                    wanted.flag("allowMemberInvites", false),
                    wanted.flag("historyVisibleToNewMembers", true));
        }
        return new CreateConversation(ConversationType.GROUP.word(), name, participants, settings);
    }

    private static List<String> participants(Fields fields, int max) {
        Set<String> participants = new LinkedHashSet<>();
        JsonNode array = fields.array(PARTICIPANTS);
        if (array.size() > max) {
            ErrorCode code = max == 1 ? ErrorCode.INVALID_REQUEST : ErrorCode.TOO_LARGE;
            fields.refuse(code, PARTICIPANTS, "must be at most " + max);
            return List.of();
        }
        for (int i = 0; i < array.size(); i++) {
            JsonNode id = array.get(i);
            String field = PARTICIPANTS + "[" + i + "]";
            if (!id.isTextual() || !Ids.isValid(id.textValue())) {
                fields.refuse(field, "must be a user id");
            } else if (!participants.add(id.textValue())) {
                fields.refuse(field, "appears twice");
            }
        }
        return List.copyOf(participants);
    }

    private static boolean isUnfit(int codePoint) {
        boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return surrogate || Character.isISOControl(codePoint);
    }
}
