package chat.milena.schemas.word;

/// What a command asks for.
public enum CommandKind implements Word {
    MESSAGE_SEND("message.send"),
    MESSAGE_DELIVERED("message.delivered"),
    MESSAGE_READ("message.read"),
    CONVERSATION_CREATE("conversation.create"),
    CONVERSATION_UPDATE("conversation.update"),
    MEMBER_ADD("member.add"),
    MEMBER_REMOVE("member.remove"),
    MEMBER_ROLE("member.role"),
    MEMBER_MUTE("member.mute"),
    MEMBER_ACCEPT("member.accept");

    private final String word;

    CommandKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
