package chat.milena.syncapi.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Answers which conversations a user is in. Pure but for reading the views; safe for all threads that bring views of
/// their own.
public final class MembershipReader {
    private static final String CONVERSATION_IDS = "conversationIds";

    /// Answers one read. Everybody may know their own; who asks has been authenticated as this user.
    public ReadAnswer answer(MembershipViews views, Read.Memberships read) {
        ObjectNode json = ReadCodec.object();
        ArrayNode ids = json.putArray(CONVERSATION_IDS);
        views.memberships(read.user(), read.afterConversationId(), read.limit())
                .forEach(member -> ids.add(member.getConversationId()));
        return new ReadAnswer.Answered(json);
    }

    /// The ids in an answer, in order.
    public static List<String> conversationIds(ObjectNode answer) {
        List<String> ids = new ArrayList<>();
        for (JsonNode id : answer.path(CONVERSATION_IDS)) {
            ids.add(id.textValue());
        }
        return ids;
    }
}
