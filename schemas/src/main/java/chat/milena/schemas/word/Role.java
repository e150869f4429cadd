package chat.milena.schemas.word;

/// The role of a member.
public enum Role implements Word {
    ADMIN("admin"),
    MEMBER("member");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
