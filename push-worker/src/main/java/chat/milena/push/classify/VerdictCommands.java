package chat.milena.push.classify;

import chat.milena.protocol.call.ClassifierBody;
import chat.milena.push.classify.ClassifierAnswer.Answered;
import chat.milena.push.classify.ClassifierAnswer.Failed;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.RuleAction;
import org.jspecify.annotations.Nullable;

/// Makes the command of the actor `moderation` that an outcome leads to. Pure.
final class VerdictCommands {
    /// The label of a message that is flagged since there was no answer.
    static final String UNANSWERED = "unanswered";

    private static final String NOBODY = "";

    private VerdictCommands() {}

    /// The command; null if the message passes.
    static @Nullable InboundCommand of(Question question, ClassifierAnswer outcome) {
        return switch (outcome) {
            case Answered(RuleAction action, String label) -> action == null ? null : command(question, action, label);
            case Failed _ ->
                question.classifier().flagsOnFailure() ? command(question, RuleAction.FLAG, UNANSWERED) : null;
        };
    }

    private static InboundCommand command(Question question, RuleAction action, @Nullable String label) {
        Question.Asked message = question.message();
        InboundCommand command = new InboundCommand();
        command.setTenant(question.tenant());
        command.setConversationId(message.conversation().conversationId());
        command.setUserId(Ids.MODERATION);
        command.setActorKind(ActorKind.MODERATION.word());
        command.setKind(CommandKind.MESSAGE_FLAG.word());
        command.setOrigin(new CommandOrigin(NOBODY, NOBODY, 0L));
        command.setAcceptedAt(message.writtenAt());
        FlagMessage found = new FlagMessage();
        found.setMessageId(message.messageId());
        found.setRevision(message.revision());
        found.setRule(ClassifierBody.RULE);
        found.setVersion(question.classifier().version());
        found.setAction(action.word());
        found.setLabel(label);
        if (action == RuleAction.FLAG) {
            found.setCopy(new MessageCopy(message.content(), message.revision(), message.writtenAt()));
        }
        command.setFlag(found);
        return command;
    }
}
