package chat.milena.standalone.e2e;

import java.util.List;

/// A call or a frame about one conversation, and who may make it.
///
/// @param way the method of a call, or `FRAME`
/// @param what the path of a call below `/api/v1/conversations/`, or the type of a frame; in it and in the body,
/// `%s` is the conversation and `%u` who asks
/// @param body of a call, or the payload of a frame
record OutsiderAsk(String way, String what, String body, May may) {
    private static final String FRAME = "FRAME";

    /// Who may, of those who are in.
    enum May {
        MEMBERS,
        /// Members, unless only admins may post.
        POSTERS,
        ADMINS
    }

    private static final String CONTENT = "\"messageId\":\"m-%u\",\"content\":{\"type\":\"text\",\"text\":\"psst\"}";
    private static final String EDITED = "\"content\":{\"type\":\"text\",\"text\":\"other\"}";
    private static final String SECRET = ",\"messageId\":\"secret\"";
    private static final String MENTION =
            "\"messageId\":\"n-%u\",\"content\":{\"type\":\"text\",\"text\":\"psst\",\"mentions\":\"all\"}";
    private static final String REPLY = ",\"threadOf\":\"secret\"";
    private static final String QUOTE = ",\"replyTo\":\"secret\"";
    private static final String ABOUT = "\"conversationId\":\"%s\"";

    private static OutsiderAsk change(String way, String what, String body) {
        return new OutsiderAsk(way, what, body, May.ADMINS);
    }

    private OutsiderAsk asOf(May other) {
        return new OutsiderAsk(way, what, body, other);
    }

    private static OutsiderAsk read(String what) {
        return new OutsiderAsk("GET", what, "", May.MEMBERS);
    }

    private static OutsiderAsk ofMembers(String type, String payload) {
        return new OutsiderAsk(FRAME, type, payload, May.MEMBERS);
    }

    /// Changes of the conversation itself.
    static List<OutsiderAsk> changes() {
        return List.of(
                change("PATCH", "%s", "{\"name\":\"mine\"}"),
                change("PATCH", "%s", "{\"avatarUrl\":\"https://a.test/mine.png\",\"custom\":null}"),
                change("PATCH", "%s", "{\"settings\":{\"allowMemberInvites\":true,\"onlyAdminsCanPost\":false}}"),
                change("POST", "%s/members", "{\"userIds\":[\"somebody\"]}"),
                change("POST", "%s/members", "{\"userIds\":[\"%u\"]}"),
                change("DELETE", "%s/members/alice", ""),
                change("DELETE", "%s/members/carol", ""),
                change("DELETE", "%s/members/nobody", ""),
                new OutsiderAsk("DELETE", "%s/members/%u", "", May.MEMBERS),
                change("PATCH", "%s/members/%u", "{\"role\":\"admin\"}"),
                change("PATCH", "%s/members/alice", "{\"role\":\"member\"}"));
    }

    /// What is said and read in it by calls.
    static List<OutsiderAsk> calls() {
        return List.of(
                new OutsiderAsk("POST", "%s/messages", "{" + CONTENT + "}", May.POSTERS),
                new OutsiderAsk("POST", "%s/messages", "{" + MENTION + "}", May.POSTERS),
                new OutsiderAsk("POST", "%s/messages", "{" + CONTENT + REPLY + "}", May.POSTERS),
                read("%s/threads/secret/messages"),
                new OutsiderAsk("PUT", "%s/threads/secret/follow", "", May.MEMBERS),
                new OutsiderAsk("DELETE", "%s/threads/secret/follow", "", May.MEMBERS),
                new OutsiderAsk("POST", "%s/read", "{\"threadOf\":\"secret\",\"upToOrdinal\":1}", May.MEMBERS),
                new OutsiderAsk("POST", "%s/messages", "{" + CONTENT + QUOTE + "}", May.POSTERS),
                change("PATCH", "%s/messages/secret", "{" + EDITED + "}"),
                change("PATCH", "%s/messages/none", "{" + EDITED + "}").asOf(May.MEMBERS),
                change("DELETE", "%s/messages/secret", ""),
                change("DELETE", "%s/messages/secret?reason=spam", ""),
                change("DELETE", "%s/messages/none", "").asOf(May.MEMBERS),
                change("PUT", "%s/messages/secret/reactions/%F0%9F%91%8D", "").asOf(May.MEMBERS),
                change("PUT", "%s/messages/none/reactions/%F0%9F%91%8D", "").asOf(May.MEMBERS),
                change("DELETE", "%s/messages/secret/reactions/%F0%9F%91%8D", "")
                        .asOf(May.MEMBERS),
                change("PUT", "%s/messages/secret/pin", ""),
                change("PUT", "%s/messages/none/pin", ""),
                change("DELETE", "%s/messages/secret/pin", ""),
                new OutsiderAsk("POST", "%s/read", "{\"upToSequence\":1}", May.MEMBERS),
                new OutsiderAsk("POST", "%s/read", "{\"messageIds\":[\"secret\"]}", May.MEMBERS),
                new OutsiderAsk("PUT", "%s/mute", "{\"until\":4102444800000}", May.MEMBERS),
                new OutsiderAsk("PUT", "%s/notifications", "{\"level\":\"none\"}", May.MEMBERS),
                new OutsiderAsk("PUT", "%s/notifications", "{\"level\":null}", May.MEMBERS),
                read("%s/notifications"),
                new OutsiderAsk("POST", "%s/messages/secret/report", "{\"reason\":\"spam\"}", May.MEMBERS),
                new OutsiderAsk("POST", "%s/messages/none/report", "{\"reason\":\"spam\"}", May.MEMBERS),
                new OutsiderAsk("PATCH", "%s/personal", "{\"accepted\":true}", May.MEMBERS),
                new OutsiderAsk("PATCH", "%s/personal", "{\"archived\":true}", May.MEMBERS),
                new OutsiderAsk("PATCH", "%s/personal", "{}", May.MEMBERS),
                read("%s"),
                read("%s?limit=1"),
                read("%s/messages"),
                read("%s/messages?after=0"),
                read("%s/messages?before=seq_3&limit=1"),
                read("%s/messages/secret"),
                read("%s/messages/secret?sequenceNumber=2"),
                read("%s/messages/none"),
                read("%s/messages/secret/reactions"),
                read("%s/messages/secret/receipts"),
                read("%s/members"),
                read("%s/members?cursor=user_alice"),
                read("%s/pins"),
                read("%s/receipts"));
    }

    /// What is said in it by frames.
    static List<OutsiderAsk> frames() {
        return List.of(
                new OutsiderAsk(FRAME, "message.send", ABOUT + "," + CONTENT, May.POSTERS),
                new OutsiderAsk(FRAME, "message.send", ABOUT + "," + MENTION, May.POSTERS),
                new OutsiderAsk(FRAME, "message.send", ABOUT + "," + CONTENT + REPLY, May.POSTERS),
                new OutsiderAsk(FRAME, "message.send", ABOUT + "," + CONTENT + QUOTE, May.POSTERS),
                new OutsiderAsk(FRAME, "message.edit", ABOUT + SECRET + "," + EDITED, May.ADMINS),
                new OutsiderAsk(FRAME, "message.delete", ABOUT + SECRET, May.ADMINS),
                ofMembers("message.edit", ABOUT + ",\"messageId\":\"none\"," + EDITED),
                ofMembers("message.delete", ABOUT + ",\"messageId\":\"none\""),
                ofMembers("message.react", ABOUT + SECRET + ",\"emoji\":\"!\""),
                ofMembers("message.react", ABOUT + SECRET + ",\"emoji\":\"!\",\"remove\":true"),
                ofMembers("message.react", ABOUT + ",\"messageId\":\"none\",\"emoji\":\"!\""),
                new OutsiderAsk(FRAME, "message.pin", ABOUT + SECRET, May.ADMINS),
                new OutsiderAsk(FRAME, "message.pin", ABOUT + SECRET + ",\"remove\":true", May.ADMINS),
                ofMembers("message.delivered", ABOUT + ",\"upToSequence\":1"),
                ofMembers("message.delivered", ABOUT + ",\"messageIds\":[\"secret\"]"),
                ofMembers("message.read", ABOUT + ",\"upToSequence\":1"),
                ofMembers("message.read", ABOUT + ",\"messageIds\":[\"secret\"]"),
                ofMembers("message.read", ABOUT + ",\"threadOf\":\"secret\",\"upToOrdinal\":1"),
                ofMembers("typing.start", ABOUT),
                ofMembers("typing.stop", ABOUT));
    }

    /// The path of the call.
    String path(String conversationId, String userId) {
        return "/api/v1/conversations/" + filled(what, conversationId, userId);
    }

    /// The body of the call.
    String body(String conversationId, String userId) {
        return filled(body, conversationId, userId);
    }

    /// The text of the frame, whose id is `r`.
    String text(String conversationId, String userId) {
        return "{\"type\":\"" + what + "\",\"id\":\"r\",\"payload\":{" + filled(body, conversationId, userId) + "}}";
    }

    private static String filled(String template, String conversationId, String userId) {
        return template.replace("%s", conversationId).replace("%u", userId);
    }

    @Override
    public String toString() {
        return way + " " + what + " " + body;
    }
}
