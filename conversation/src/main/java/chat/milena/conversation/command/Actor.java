package chat.milena.conversation.command;

import chat.milena.schemas.word.ActorKind;

/// The author of a command and their role; from a verified token. The rules see it as part of the command.
public record Actor(String userId, ActorKind kind) {

    /// A user with only the rights of their memberships.
    public static Actor member(String userId) {
        return new Actor(userId, ActorKind.MEMBER);
    }

    /// Whether they moderate all conversations of their tenant, even as a non-member.
    public boolean moderates() {
        return switch (kind) {
            case MODERATOR, HOST, MODERATION -> true;
            case MEMBER, SYSTEM -> false;
        };
    }
}
