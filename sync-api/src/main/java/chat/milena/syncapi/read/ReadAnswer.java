package chat.milena.syncapi.read;

import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a read is answered. [ReadCodec] carries it between instances.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "answer")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReadAnswer.Answered.class, name = "answered"),
    @JsonSubTypes.Type(value = ReadAnswer.Refused.class, name = "refused")
})
public sealed interface ReadAnswer {

    /// The answer; its reader owns the object.
    record Answered(ObjectNode json) implements ReadAnswer {}

    /// The asker may not know, or there is nothing to know.
    record Refused(ErrorCode code, String reason) implements ReadAnswer {
        /// What is said of whatever the asker must not know to exist, word for word the same.
        public static final Refused NO_SUCH_CONVERSATION =
                new Refused(ErrorCode.CONVERSATION_NOT_FOUND, "conversationId: there is no such conversation");
    }
}
