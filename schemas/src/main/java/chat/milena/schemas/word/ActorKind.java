package chat.milena.schemas.word;

/// The role of an author, which determines their rights.
public enum ActorKind implements Word {
    /// A user, with the rights of their memberships.
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
