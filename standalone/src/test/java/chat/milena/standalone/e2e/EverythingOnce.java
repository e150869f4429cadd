package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/// Uses each feature once, so that each part of a cluster does all that it ever does.
record EverythingOnce(Tenant home) {
    private static final String MODERATION = "/api/v1/moderation/";

    /// Returns the direct conversation of alice and bob.
    String run() throws Exception {
        String direct = home.direct("alice", "bob");
        says("alice", direct, "first");
        says("bob", direct, "second");
        messages(direct);
        people(direct);
        String group = home.group("alice", "bob", "carol", "dave");
        says("alice", group, "many");
        call("DELETE", "/api/v1/conversations/" + group + "/members/dave", "alice", "");
        moderation(group);
        devices(direct);
        return direct;
    }

    private void messages(String talk) throws Exception {
        String first = "/api/v1/conversations/" + talk + "/messages/first";
        call("PATCH", first, "alice", "{\"content\":{\"type\":\"text\",\"text\":\"edited\"}}");
        call("PUT", first + "/reactions/%F0%9F%91%8D", "bob", "");
        call("PUT", first + "/pin", "bob", "");
        send(
                "bob",
                talk,
                "reply",
                "{\"type\":\"text\",\"text\":\"a reply\",\"mentions\":[\"alice\"]}",
                ",\"threadOf\":\"first\"");
        call("POST", "/api/v1/conversations/" + talk + "/read", "alice", "{\"upToSequence\":3}");
        call("DELETE", "/api/v1/conversations/" + talk + "/messages/second", "bob", "");
        for (String read : List.of("/messages", "/members", "/receipts", "/pins")) {
            call("GET", "/api/v1/conversations/" + talk + read, "alice", "");
        }
        call("GET", "/api/v1/conversations", "alice", "");
        call("GET", "/api/v1/unread", "alice", "");
    }

    private void people(String talk) throws Exception {
        call("PATCH", "/api/v1/conversations/" + talk + "/personal", "alice", "{\"draft\":{\"text\":\"soon\"}}");
        call("PUT", "/api/v1/users/me", "alice", "{\"name\":\"Alice\"}");
        call("PUT", "/api/v1/users/me/notifications", "alice", "{\"level\":\"all\"}");
        home.direct("alice", "eve");
        call("PUT", "/api/v1/blocks/eve", "alice", "");
    }

    private void moderation(String group) throws Exception {
        says("bob", group, "bad");
        says("carol", group, "worse");
        says("carol", group, "casino");
        for (String message : List.of("bad", "worse")) {
            call(
                    "POST",
                    "/api/v1/conversations/" + group + "/messages/" + message + "/report",
                    "alice",
                    "{\"reason\":\"spam\"}");
        }
        moderate("POST", "decisions", decision(group, "bad", "warn"));
        moderate("POST", "decisions", decision(group, "worse", "ban"));
        moderate("PUT", "bans/frank", "{\"reason\":\"spam\"}");
        moderate("GET", "reports", "");
        moderate("GET", "bans", "");
    }

    private static String decision(String talk, String messageId, String action) {
        return "{\"conversationId\":\"%s\",\"messageId\":\"%s\",\"action\":\"%s\"}".formatted(talk, messageId, action);
    }

    /// Bob's phone is notified of a message.
    private void devices(String talk) throws Exception {
        call("PUT", "/api/v1/devices/phone", "bob", "{\"platform\":\"fcm\",\"token\":\"token-of-bob\"}");
        says("alice", talk, "pushed");
    }

    private void says(String userId, String talk, String messageId) throws Exception {
        send(userId, talk, messageId, "{\"type\":\"text\",\"text\":\"this is " + messageId + "\"}", "");
    }

    private void send(String userId, String talk, String messageId, String content, String further) throws Exception {
        call(
                "POST",
                "/api/v1/conversations/" + talk + "/messages",
                userId,
                "{\"messageId\":\"" + messageId + "\",\"content\":" + content + further + "}");
    }

    private void call(String method, String path, String userId, String body) throws Exception {
        succeeded(home.rest().call(method, path, home.tokenOf(userId), body));
    }

    private void moderate(String method, String path, String body) throws Exception {
        succeeded(home.rest().call(method, MODERATION + path, home.moderator("mia"), body));
    }

    private static void succeeded(Rest.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
    }
}
