package chat.milena.gateway.edge;

import static chat.milena.schemas.word.ErrorCode.INVALID_MESSAGE;
import static chat.milena.schemas.word.ErrorCode.INVALID_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.SyncResults;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The malformed half of the table of bad input: every field of every call and frame × every bad value. Each cell gets
/// the right code with the field named and appends nothing, or is right after all and appends one command; and the
/// connection lives on.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTableIT {
    private static final Duration OVER_A_MINUTE = Duration.ofSeconds(61);
    private static final int TRIES = 20;
    private static final String CALLER = "alice~1000000!";

    private final JsonMapper json = new JsonMapper();
    private Gateway gateway;
    private Client alice;
    private int cells;

    /// A field of a call or a frame.
    ///
    /// @param path how an error names it
    record Field(String path, FieldKind kind, ErrorCode code) {
        private String name() {
            return path.substring(path.lastIndexOf('.') + 1);
        }

        /// How the reason of this refusal begins.
        private String named(BadValue value, ErrorCode refusal) {
            boolean ofAll = refusal == ErrorCode.TOO_LARGE || value == BadValue.LONE_SURROGATE;
            boolean parent = kind == FieldKind.LATITUDE && ofAll;
            return parent ? path.substring(0, path.lastIndexOf('.')) : path;
        }
    }

    @BeforeAll
    void start() throws Exception {
        gateway = new Gateway();
        gateway.sync = (user, body, bytesMax) -> SyncResults.denying();
        alice = gateway.connect(CALLER);
    }

    @AfterAll
    void stop() {
        gateway.close();
        System.out.printf("The table of malformed input has %d cells%n", cells);
    }

    private static Field message(String path, FieldKind kind) {
        return new Field(path, kind, INVALID_MESSAGE);
    }

    private static Field request(String path, FieldKind kind) {
        return new Field(path, kind, INVALID_REQUEST);
    }

    private static final String TEXT =
            "{\"type\":@\"text\"@,\"text\":@\"hi\"@,\"mediaUrl\":@\"https://x.org/a\"@,\"metadata\":@{}@}";
    private static final String IMAGE = "{\"type\":\"image\",\"text\":@\"hi\"@,\"mediaUrl\":@\"https://x.org/a\"@}";
    private static final String PLACE = "{\"type\":\"location\",\"metadata\":{\"latitude\":@1@,\"longitude\":@2@}}";

    private static Stream<Arguments> contents(String prefix) {
        return Stream.of(
                arguments(TEXT, message(prefix + "content.type", FieldKind.WORD)),
                arguments(TEXT, message(prefix + "content.text", FieldKind.NEEDED_TEXT)),
                arguments(TEXT, message(prefix + "content.mediaUrl", FieldKind.ADDRESS)),
                arguments(TEXT, message(prefix + "content.metadata", FieldKind.METADATA)),
                arguments(IMAGE, message(prefix + "content.text", FieldKind.TEXT)),
                arguments(IMAGE, message(prefix + "content.mediaUrl", FieldKind.NEEDED_ADDRESS)),
                arguments(PLACE, message(prefix + "content.metadata.latitude", FieldKind.LATITUDE)),
                arguments(PLACE, message(prefix + "content.metadata.longitude", FieldKind.LATITUDE)));
    }

    static Stream<Arguments> calls() {
        String messages = "POST /api/v1/conversations/c1/messages";
        String message = "{\"messageId\":@\"m1\"@,\"expiresAt\":@9999999999999@,\"content\":@{\"type\":\"text\","
                + "\"text\":\"hi\"}@}";
        String direct = "{\"type\":@\"direct\"@,\"participantIds\":@[\"bob\"]@}";
        String group = "{\"name\":@\"n\"@,\"participantIds\":@[\"bob\"]@,\"settings\":@{}@}";
        String settings = "\"settings\":{\"onlyAdminsCanPost\":@true@,\"allowMemberInvites\":@true@,"
                + "\"historyVisibleToNewMembers\":@true@,\"onlyAdminsMentionAll\":@true@,\"slowModeSeconds\":@7@,"
                + "\"premoderation\":@true@}";
        String groupWithSettings = "{\"name\":\"n\",\"participantIds\":[]," + settings + "}";
        String update = "{\"name\":@\"n\"@,\"pad\":1,\"settings\":@{\"onlyAdminsCanPost\":true}@}";
        String updateSettings = "{\"name\":\"n\"," + settings + "}";
        String profile = "{\"name\":\"n\",\"avatarUrl\":@\"https://x.org/a\"@,\"custom\":@{}@}";
        String conversation = "PATCH /api/v1/conversations/c1";
        String read = "POST /api/v1/conversations/c1/read";
        String receipt = "{\"upToSequence\":@7@,\"messageIds\":@[\"m1\"]@}";
        String ban = "PUT /api/v1/moderation/bans/bob";
        String report = "POST /api/v1/conversations/c1/messages/m1/report";
        String reported = "{\"reason\":@\"spam\"@,\"text\":@\"look\"@}";
        String decide = "POST /api/v1/moderation/decisions";
        String decided = "{\"conversationId\":@\"c1\"@,\"messageId\":@\"m1\"@,\"action\":@\"ban\"@,"
                + "\"until\":@9999999999999@,\"scope\":@\"tenant\"@,\"reason\":@\"spam\"@,\"note\":@\"n\"@,\"revision\":@0@}";
        String warned = "{\"conversationId\":\"c1\",\"messageId\":\"m1\",\"action\":\"warn\",\"text\":@\"t\"@}";
        String banned = "{\"conversationId\":@\"c1\"@,\"until\":@9999999999999@,\"reason\":@\"spam\"@}";
        Stream<Arguments> own = Stream.of(
                arguments(messages, message, message("messageId", FieldKind.WORD)),
                arguments(messages, message, message("expiresAt", FieldKind.MOMENT)),
                arguments(messages, message, message("content", FieldKind.OBJECT)),
                arguments("POST /api/v1/conversations", direct, request("type", FieldKind.WORD)),
                arguments("POST /api/v1/conversations", direct, request("participantIds", FieldKind.SOMEBODY)),
                arguments("POST /api/v1/groups", group, request("name", FieldKind.NAME)),
                arguments("POST /api/v1/groups", group, request("participantIds", FieldKind.PEOPLE)),
                arguments("POST /api/v1/groups", group, request("settings", FieldKind.SETTINGS)),
                arguments(
                        "POST /api/v1/groups",
                        groupWithSettings,
                        request("settings.slowModeSeconds", FieldKind.WATERMARK)),
                arguments(conversation, updateSettings, request("settings.slowModeSeconds", FieldKind.WATERMARK)),
                arguments(
                        "POST /api/v1/conversations/c1/members",
                        "{\"userIds\":@[\"bob\"]@}",
                        request("userIds", FieldKind.SOMEBODY)),
                arguments(
                        "PATCH /api/v1/conversations/c1/members/bob",
                        "{\"role\":@\"admin\"@}",
                        request("role", FieldKind.WORD)),
                arguments(conversation, update, request("settings", FieldKind.SETTINGS)),
                arguments(conversation, profile, request("avatarUrl", FieldKind.ADDRESS)),
                arguments(conversation, profile, request("custom", FieldKind.METADATA)),
                arguments(
                        "PUT /api/v1/conversations/c1/mute",
                        "{\"until\":@9999999999999@}",
                        request("until", FieldKind.MOMENT)),
                arguments(ban, banned, request("conversationId", FieldKind.OPTIONAL_WORD)),
                arguments(ban, banned, request("until", FieldKind.MOMENT)),
                arguments(ban, banned, request("reason", FieldKind.NEEDED_TEXT)),
                arguments(report, reported, request("reason", FieldKind.WORD)),
                arguments(report, reported, request("text", FieldKind.TEXT)),
                arguments(decide, decided, request("conversationId", FieldKind.WORD)),
                arguments(decide, decided, request("messageId", FieldKind.WORD)),
                arguments(decide, decided, request("until", FieldKind.MOMENT)),
                arguments(decide, decided, request("scope", FieldKind.OPTIONAL_WORD)),
                arguments(decide, decided, request("reason", FieldKind.TEXT)),
                arguments(decide, decided, request("note", FieldKind.TEXT)),
                arguments(decide, decided, request("revision", FieldKind.WATERMARK)),
                arguments(decide, warned, request("text", FieldKind.TEXT)),
                arguments(read, receipt, request("upToSequence", FieldKind.WATERMARK)),
                arguments(read, receipt, request("messageIds", FieldKind.MESSAGES)));
        Stream<Arguments> flags = Stream.of(
                        "onlyAdminsCanPost",
                        "allowMemberInvites",
                        "historyVisibleToNewMembers",
                        "onlyAdminsMentionAll",
                        "premoderation")
                .map(name -> request("settings." + name, FieldKind.FLAG))
                .flatMap(flag -> Stream.of(
                        arguments("POST /api/v1/groups", groupWithSettings, flag),
                        arguments(conversation, updateSettings, flag)));
        Stream<Arguments> contents = contents("")
                .map(of -> arguments(messages, "{\"messageId\":\"m1\",\"content\":" + of.get()[0] + "}", of.get()[1]));
        return Stream.of(own, flags, contents).flatMap(some -> some);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void everyFieldOfEveryCallWithEveryBadValue(String call, String template, Field field) throws Exception {
        for (BadValue value : BadValue.values()) {
            cells++;
            String body = plain(value.in(template, field.name()));
            ErrorCode expected = field.kind().refusal(value, field.code());
            HttpResponse<String> answer =
                    answered(call, CALLER, body.getBytes(StandardCharsets.UTF_8), expected == null);
            String cell = call + " with " + field.path() + " " + value + " was answered " + answer.body();
            if (expected == null) {
                assertThat(answer.statusCode()).as(cell).isBetween(200, 204);
            } else {
                String named = value.spoilsTheText() ? "body" : field.named(value, expected);
                assertRefused(cell, answer, expected, named);
            }
        }
    }

    static Stream<Arguments> frames() {
        String send = "{\"type\":\"message.send\",\"id\":\"r\",\"payload\":{\"conversationId\":@\"c1\"@,"
                + "\"messageId\":@\"m1\"@,\"expiresAt\":@9999999999999@,\"content\":@{\"type\":\"text\",\"text\":\"x\"}@}}";
        String whole = "{\"type\":@\"message.send\"@,\"id\":@\"r\"@,\"payload\":@{\"conversationId\":\"c1\","
                + "\"messageId\":\"m1\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}@}";
        String refresh = "{\"type\":\"token.refresh\",\"id\":\"r\",\"payload\":{\"token\":@\"alice~1000000!\"@}}";
        String presence = "{\"type\":\"presence.set\",\"id\":\"r\",\"payload\":{\"status\":@\"away\"@,"
                + "\"deviceType\":@\"phone\"@}}";
        Stream<Arguments> own = Stream.of(
                arguments(whole, request("type", FieldKind.WORD)),
                arguments(whole, request("id", FieldKind.REQUEST_ID)),
                arguments(whole, request("payload", FieldKind.OBJECT)),
                arguments(send, message("payload.conversationId", FieldKind.WORD)),
                arguments(send, message("payload.messageId", FieldKind.WORD)),
                arguments(send, message("payload.expiresAt", FieldKind.MOMENT)),
                arguments(send, message("payload.content", FieldKind.OBJECT)),
                arguments(refresh, request("payload.token", FieldKind.TOKEN)),
                arguments(presence, request("payload.status", FieldKind.WORD)),
                arguments(presence, request("payload.deviceType", FieldKind.OPTIONAL_WORD)),
                arguments(withPayload("sync"), request("payload", FieldKind.FORWARDED)));
        Stream<Arguments> payloads = Stream.of(
                        "message.delivered",
                        "message.read",
                        "token.refresh",
                        "typing.start",
                        "typing.stop",
                        "presence.subscribe",
                        "presence.unsubscribe",
                        "presence.set")
                .map(type -> arguments(withPayload(type), request("payload", FieldKind.OBJECT)));
        Stream<Arguments> typing = Stream.of("typing.start", "typing.stop")
                .map(type -> "{\"type\":\"" + type + "\",\"id\":\"r\",\"payload\":{\"conversationId\":@\"c1\"@}}")
                .map(frame -> arguments(frame, request("payload.conversationId", FieldKind.WORD)));
        Stream<Arguments> people = Stream.of("presence.subscribe", "presence.unsubscribe")
                .map(type -> "{\"type\":\"" + type + "\",\"id\":\"r\",\"payload\":{\"userIds\":@[\"bob\"]@}}")
                .map(frame -> arguments(frame, request("payload.userIds", FieldKind.PEOPLE)));
        Stream<Arguments> receipts = Stream.of("message.delivered", "message.read")
                .map(type -> "{\"type\":\"" + type + "\",\"id\":\"r\",\"payload\":{\"conversationId\":@\"c1\"@,"
                        + "\"upToSequence\":@7@,\"messageIds\":@[\"m1\"]@}}")
                .flatMap(receipt -> Stream.of(
                        arguments(receipt, request("payload.conversationId", FieldKind.WORD)),
                        arguments(receipt, request("payload.upToSequence", FieldKind.WATERMARK)),
                        arguments(receipt, request("payload.messageIds", FieldKind.MESSAGES))));
        Stream<Arguments> contents = contents("payload.")
                .map(of -> arguments(
                        "{\"type\":\"message.send\",\"id\":\"r\",\"payload\":{\"conversationId\":\"c1\","
                                + "\"messageId\":\"m1\",\"content\":" + of.get()[0] + "}}",
                        of.get()[1]));
        return Stream.of(own, payloads, typing, people, receipts, contents).flatMap(some -> some);
    }

    /// A frame with a payload that is never right.
    private static String withPayload(String type) {
        return "{\"type\":\"" + type + "\",\"id\":\"r\",\"payload\":@{}@}";
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyFieldOfEveryFrameWithEveryBadValue(String template, Field field) throws Exception {
        for (BadValue value : BadValue.values()) {
            cells++;
            // Frames that are none are struck, ten a minute.
            gateway.clock.advance(OVER_A_MINUTE);
            ErrorCode expected = field.kind().refusal(value, field.code());
            alice.send(plain(value.in(template, field.name())));
            String cell = field.path() + " " + value + " in " + template;
            if (expected == null) {
                assertTaken(cell, template);
            } else {
                JsonNode error = alice.next("error").get("payload");
                // An object as a payload is one whose own fields are missing.
                boolean empty = field.path().equals("payload") && value.isObject();
                ErrorCode code = empty && template.contains("message.send") ? INVALID_MESSAGE : expected;
                assertThat(error.get("error").asText()).as(cell).isEqualTo(code.word());
                String named = value.spoilsTheText() ? "not JSON" : field.named(value, expected);
                assertThat(error.get("message").asText()).as(cell).startsWith(named);
            }
            assertLives(cell);
        }
    }

    private void assertTaken(String cell, String template) throws Exception {
        if (template.contains("\"typing.") || template.contains("\"presence.")) {
            assertThat(gateway.liveFrames.poll(10, TimeUnit.SECONDS)).as(cell).isNotNull();
        } else if (template.contains("\"sync\"")) {
            alice.next("sync.result");
        } else if (template.contains("upToSequence")) {
            await().until(() -> gateway.windows.open() > 0);
            gateway.windows.end();
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 7, "bob"));
            alice.next("ok");
        } else {
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 7, "bob"));
            alice.next("message.ack");
        }
    }

    static Stream<byte[]> spoiltTexts() {
        return Stream.of(
                bytes(""),
                bytes(" "),
                bytes("hello"),
                bytes("{"),
                bytes("[]"),
                bytes("null"),
                bytes("7"),
                bytes("\"text\""),
                bytes("{}{}"),
                bytes("{'name':1}"),
                bytes("{\"a\":1,}"),
                bytes("{\"a\":NaN}"),
                bytes("{\"a\":01}"),
                bytes("{\"a\" \"b\"}"),
                bytes("/* */{}"),
                new byte[] {0},
                new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xe2, (byte) 0x82});
    }

    @Test
    void everyCallWithEverySpoiltText() throws Exception {
        for (String call : callsWithBodies()) {
            for (byte[] body : spoiltTexts().toList()) {
                cells++;
                HttpResponse<String> answer = answered(call, CALLER, body, false);
                assertRefused(
                        call + " with " + new String(body, StandardCharsets.ISO_8859_1),
                        answer,
                        INVALID_REQUEST,
                        "body");
            }
            cells++;
            byte[] large = bytes("{\"pad\":\"" + "x".repeat(80 * 1024) + "\"}");
            assertRefused(call, heard(call, large), ErrorCode.TOO_LARGE, "body");
        }
    }

    /// The server need not take all of a body that is too large, and who writes on may not hear why.
    private HttpResponse<String> heard(String call, byte[] large) throws Exception {
        CompletionException unheard = new CompletionException(null);
        for (int i = 0; i < TRIES; i++) {
            try {
                return answered(call, CALLER, large, false);
            } catch (CompletionException e) {
                unheard = e;
            }
        }
        throw unheard;
    }

    @Test
    void everyCallWithEveryBadIdInItsPath() throws Exception {
        List<String> ids = List.of(
                "%20", "a%20b", "a:b", "%00", "%F0%9F%98%80", "a%0ab", "x".repeat(65), "a%2Fb", "..%2f..", "%25");
        for (String id : ids) {
            for (String call : List.of(
                    "PATCH %s",
                    "POST %s/messages",
                    "POST %s/read",
                    "POST %s/members",
                    "PATCH %s/members/bob",
                    "DELETE %s/members/bob")) {
                cells++;
                String at = call.replace("%s", "/api/v1/conversations/" + id);
                assertRefused(
                        at, answered(at, CALLER, bytes(bodyOf(call)), false), ErrorCode.CONVERSATION_NOT_FOUND, "");
            }
            for (String call : List.of("PATCH", "DELETE")) {
                cells++;
                String at = call + " /api/v1/conversations/c1/members/" + id;
                assertRefused(
                        at, answered(at, CALLER, bytes("{\"role\":\"admin\"}"), false), INVALID_REQUEST, "userId");
            }
        }
    }

    @Test
    void everyCallWithEveryUnfitToken() throws Exception {
        for (String call : callsWithBodies()) {
            for (String token : List.of("", " ", "bad", "bad~0")) {
                cells++;
                HttpResponse<String> answer = answered(call, token, bytes("{}"), false);
                assertRefused(call + " as '" + token + "'", answer, ErrorCode.UNAUTHORIZED, "");
            }
        }
    }

    private static List<String> callsWithBodies() {
        return List.of(
                "POST /api/v1/conversations",
                "POST /api/v1/groups",
                "POST /api/v1/conversations/c1/messages",
                "POST /api/v1/conversations/c1/read",
                "POST /api/v1/conversations/c1/members",
                "PATCH /api/v1/conversations/c1/members/bob",
                "PATCH /api/v1/conversations/c1");
    }

    private static String bodyOf(String call) {
        if (call.endsWith("/messages")) {
            return "{\"messageId\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}";
        }
        return "{\"userIds\":[\"bob\"],\"role\":\"admin\",\"name\":\"n\"}";
    }

    /// @param call method and path
    /// @param done whether the call will get to the log, where it is accepted
    private HttpResponse<String> answered(String call, String token, byte[] body, boolean done) throws Exception {
        String[] parts = call.split(" ", 2);
        HttpRequest request = HttpRequest.newBuilder(gateway.uri(parts[1]))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + token)
                .method(parts[0], BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<HttpResponse<String>> answer = gateway.http.sendAsync(request, BodyHandlers.ofString());
        if (done) {
            gateway.deliver(Deliveries.accepted(gateway.log.take(), 7));
        }
        answer.join();
        assertThat(gateway.log.size()).as("appended by " + call).isZero();
        return answer.join();
    }

    private void assertRefused(String cell, HttpResponse<String> answer, ErrorCode code, String named)
            throws Exception {
        JsonNode body = json.readTree(answer.body());
        assertThat(body.path("error").asText()).as(cell).isEqualTo(code.word());
        assertThat(body.path("message").asText()).as(cell).startsWith(named);
        assertThat(answer.statusCode()).as(cell).isBetween(400, 499);
    }

    private void assertLives(String cell) throws Exception {
        assertThat(gateway.log.size()).as(cell).isZero();
        assertThat(gateway.liveFrames).as(cell).isEmpty();
        alice.send("{\"type\":\"heartbeat\",\"id\":\"alive\"}");
        assertThat(alice.next("heartbeat").get("id").asText()).as(cell).isEqualTo("alive");
    }

    /// Without the marks of right values.
    private static String plain(String template) {
        return template.replace("@", "");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
