package chat.milena.schemas.word;

/// As what somebody acts, and so what they may do.
public enum ActorKind implements Word {
    /// A user, with the rights that their memberships give.
    MEMBER("member"),
    /// A user who moderates all conversations of their tenant.
    MODERATOR("moderator"),
    /// The tenant's host application.
    HOST("host"),
    /// The system itself.
    SYSTEM("system"),
    /// The rules of moderation.
    MODERATION("moderation");

    private final String word;

    ActorKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
