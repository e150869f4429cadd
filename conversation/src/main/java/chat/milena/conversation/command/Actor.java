package chat.milena.conversation.command;

import chat.milena.schemas.word.ActorKind;

/// Who acts, and as what; from a verified token. The rules see it as they see the command.
public record Actor(String userId, ActorKind kind) {

    /// A user with no right but those that their memberships give.
    public static Actor member(String userId) {
        return new Actor(userId, ActorKind.MEMBER);
    }

    /// Whether they moderate all conversations of their tenant, also those that they are not in.
    public boolean moderates() {
        return switch (kind) {
            case MODERATOR, HOST, MODERATION -> true;
            case MEMBER, SYSTEM -> false;
        };
    }
}
