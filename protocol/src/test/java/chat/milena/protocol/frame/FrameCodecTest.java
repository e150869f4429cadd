package chat.milena.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import chat.milena.protocol.frame.ClientFrame.Heartbeat;
import chat.milena.protocol.frame.ClientFrame.Malformed;
import chat.milena.protocol.frame.ClientFrame.MessageSend;
import chat.milena.protocol.frame.ClientFrame.Receipt;
import chat.milena.protocol.frame.ClientFrame.Rejected;
import chat.milena.protocol.frame.ClientFrame.TokenRefresh;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.SyncQuestion;
import chat.milena.protocol.timeline.MentionList;
import chat.milena.protocol.timeline.MessageContent;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
    private static final String TEXT = "{\"type\":\"text\",\"text\":\"hi\"}";

    private final FrameCodec codec = new FrameCodec(Limits.DEFAULT);

    private ClientFrame decode(String text) {
        return codec.decode(text, NOW);
    }

    private static String send(String fields) {
        return "{\"type\":\"message.send\",\"id\":\"r1\",\"payload\":{" + fields + "}}";
    }

    private static String withContent(String content) {
        return send("\"messageId\":\"m1\",\"conversationId\":\"c1\",\"content\":" + content);
    }

    private Content accepted(String content) {
        ClientFrame frame = decode(withContent(content));
        assertThat(frame).as(content).isInstanceOf(MessageSend.class);
        return ((MessageSend) frame).message().getContent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hi",
                "{",
                "{\"type\":\"heartbeat\"",
                "{\"type\":\"heartbeat\"}}",
                "{\"type\":\"heartbeat\"} {}",
                "{\"type\":\"heartbeat\",\"type\":\"heartbeat\"}",
                "{'type':'heartbeat'}",
                "{\"type\":NaN}",
                "[]",
                "\"heartbeat\"",
                "1",
                "null",
                "{}",
                "{\"type\":null}",
                "{\"type\":1}",
                "{\"type\":{}}",
                "{\"Type\":\"heartbeat\"}",
                "{\"type\":\"heartbeat\",\"\\ud800\":1}",
            })
    void whatIsNoFrameIsMalformed(String text) {
        assertThat(decode(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void nestingAndNumbersAreBounded() {
        String deep = "{\"type\":\"heartbeat\",\"x\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}";
        String longNumber = "{\"type\":\"heartbeat\",\"x\":" + "9".repeat(1_000) + "}";

        assertThat(decode(deep)).isInstanceOf(Malformed.class);
        assertThat(decode(longNumber)).isInstanceOf(Malformed.class);
    }

    @Test
    void heartbeatsAndTokensAreRead() {
        assertThat(decode("{\"type\":\"heartbeat\",\"timestamp\":1,\"other\":[]}"))
                .isEqualTo(new Heartbeat(null));
        assertThat(decode("{\"type\":\"heartbeat\",\"id\":null}")).isEqualTo(new Heartbeat(null));
        assertThat(decode("{\"type\":\"token.refresh\",\"id\":\"a\",\"payload\":{\"token\":\"t\"}}"))
                .isEqualTo(new TokenRefresh("a", "t"));
        assertThat(decode("{\"type\":\"token.refresh\",\"id\":\"a\",\"payload\":{\"token\":7}}"))
                .isEqualTo(new Rejected("a", ErrorCode.INVALID_REQUEST, "payload.token: must be a string"));
        assertThat(decode("{\"type\":\"token.refresh\"}"))
                .isEqualTo(new Rejected(null, ErrorCode.INVALID_REQUEST, "payload: an object is required"));
    }

    @Test
    void tokensAreNotShown() {
        assertThat(new TokenRefresh("a", "secret").toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "{}", "[]", "true", "\"\\ud800\""})
    void oddRequestIdsAreRefusedWithoutAnEcho(String id) {
        assertThat(decode("{\"type\":\"heartbeat\",\"id\":" + id + "}"))
                .isInstanceOfSatisfying(Rejected.class, rejected -> {
                    assertThat(rejected.id()).isNull();
                    assertThat(rejected.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(rejected.reason()).startsWith("id: ");
                });
    }

    @Test
    void requestIdsMayHave128Characters() {
        assertThat(decode("{\"type\":\"heartbeat\",\"id\":\"" + "x".repeat(128) + "\"}"))
                .isInstanceOf(Heartbeat.class);
        assertThat(decode("{\"type\":\"heartbeat\",\"id\":\"" + "x".repeat(129) + "\"}"))
                .isInstanceOf(Rejected.class);
    }

    @Test
    void syncKeepsItsBodyForWhoAnswersIt() {
        assertThat(decode("{\"type\":\"sync\",\"id\":\"a\",\"payload\":{\"limit\":7}}"))
                .isInstanceOfSatisfying(
                        ClientFrame.Sync.class,
                        sync -> assertThat(sync.body().get("limit").asInt()).isEqualTo(7));
        assertThat(decode("{\"type\":\"sync\",\"payload\":[]}")).isInstanceOf(ClientFrame.Rejected.class);
    }

    @Test
    void framesOfTheMomentAreReadFieldForField() {
        assertThat(decode("{\"type\":\"typing.stop\",\"id\":\"a\",\"payload\":{\"conversationId\":\"c1\"}}"))
                .isEqualTo(new ClientFrame.Typing("a", "c1", false));
        assertThat(decode("{\"type\":\"presence.subscribe\",\"payload\":{\"userIds\":[\"bob\",\"eve\",\"bob\"]}}"))
                .isEqualTo(new ClientFrame.PresenceSubscribe(null, List.of("bob", "eve")));
        assertThat(decode("{\"type\":\"presence.unsubscribe\",\"payload\":{\"userIds\":[]}}"))
                .isEqualTo(new ClientFrame.PresenceUnsubscribe(null, List.of()));
        assertThat(decode("{\"type\":\"presence.set\",\"payload\":{\"status\":\"away\",\"deviceType\":\"tv\"}}"))
                .isEqualTo(new ClientFrame.PresenceSet(null, PresenceStatus.AWAY, "tv"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":\"offline\"}",
                "{\"status\":\"busy\"}",
                "{\"status\":\"away\",\"deviceType\":\"a b\"}",
                "{\"status\":\"away\",\"deviceType\":\"a23456789012345678901234567890123\"}"
            })
    void presenceThatNobodyCanHaveIsRefused(String payload) {
        assertThat(decode("{\"type\":\"presence.set\",\"payload\":" + payload + "}"))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    }

    @Test
    void receiptsAreReadFieldForField() {
        assertThat(decode("{\"type\":\"message.read\",\"payload\":{\"conversationId\":\"c1\",\"upToSequence\":7}}"))
                .isEqualTo(new Receipt(null, "c1", ReceiptKind.READ, new MarkReceipt(7L, List.of(), null, null, null)));
        assertThat(decode("{\"type\":\"message.delivered\",\"id\":\"a\",\"payload\":{\"conversationId\":\"c1\","
                        + "\"messageIds\":[\"m1\",\"m:2\",\"m1\"],\"other\":1}}"))
                .isEqualTo(new Receipt(
                        "a",
                        "c1",
                        ReceiptKind.DELIVERED,
                        new MarkReceipt(null, List.of("m1", "m:2"), null, null, null)));
        assertThat(receipt("\"upToSequence\":0,\"messageIds\":null")).isInstanceOf(Receipt.class);
    }

    static Stream<Arguments> refusedReceipts() {
        String tooMany = "\"m\",".repeat(100) + "\"m\"";
        return Stream.of(
                arguments("\"a\":1", ErrorCode.INVALID_REQUEST, "upToSequence: is required"),
                arguments("\"messageIds\":[]", ErrorCode.INVALID_REQUEST, "upToSequence: is required"),
                arguments("\"upToSequence\":-1", ErrorCode.INVALID_REQUEST, "upToSequence: must not be negative"),
                arguments("\"upToSequence\":1.5", ErrorCode.INVALID_REQUEST, "upToSequence: must be a whole number"),
                arguments("\"upToSequence\":\"7\"", ErrorCode.INVALID_REQUEST, "upToSequence: must be a whole number"),
                arguments("\"messageIds\":\"m1\"", ErrorCode.INVALID_REQUEST, "messageIds: must be an array"),
                arguments("\"messageIds\":[\"m1\",7]", ErrorCode.INVALID_REQUEST, "messageIds[1]: must be the id"),
                arguments("\"messageIds\":[\"a b\"]", ErrorCode.INVALID_REQUEST, "messageIds[0]: must be the id"),
                arguments("\"messageIds\":[" + tooMany + "]", ErrorCode.TOO_LARGE, "messageIds: must be at most 100"));
    }

    @ParameterizedTest
    @MethodSource("refusedReceipts")
    void wrongFieldsOfReceiptsAreNamed(String fields, ErrorCode code, String reason) {
        assertThat(receipt(fields)).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.id()).isEqualTo("r1");
            assertThat(rejected.code()).isEqualTo(code);
            assertThat(rejected.reason()).startsWith("payload." + reason);
        });
    }

    private ClientFrame receipt(String fields) {
        return decode(
                "{\"type\":\"message.read\",\"id\":\"r1\",\"payload\":{\"conversationId\":\"c1\"," + fields + "}}");
    }

    @Test
    void unknownTypesAreRefused() {
        assertThat(decode("{\"type\":\"MESSAGE.SEND\",\"id\":\"a\"}"))
                .isEqualTo(new Rejected("a", ErrorCode.INVALID_REQUEST, "type: unknown"));
    }

    @Test
    void messageIsReadFieldForField() {
        ClientFrame frame =
                decode(send("\"messageId\":\"a.b:c-d_9\",\"conversationId\":\"grp_1\",\"expiresAt\":1000001,\"new\":1,"
                        + "\"content\":{\"type\":\"image\",\"text\":\"cap\",\"mediaUrl\":\"https://x.org/a?b#c\","
                        + "\"metadata\":{\"w\":1.50,\"n\":[1e400,null]}}"));

        assertThat(frame).isInstanceOfSatisfying(MessageSend.class, send -> {
            assertThat(send.id()).isEqualTo("r1");
            assertThat(send.conversationId()).isEqualTo("grp_1");
            assertThat(send.message().getMessageId()).isEqualTo("a.b:c-d_9");
            assertThat(send.message().getExpiresAt()).isEqualTo(Instant.ofEpochMilli(1_000_001));
            Content content = send.message().getContent();
            assertThat(content.getType()).isEqualTo("image");
            assertThat(content.getText()).isEqualTo("cap");
            assertThat(content.getMediaUrl()).isEqualTo("https://x.org/a?b#c");
            assertThat(content.getMetadata()).isEqualTo("{\"w\":1.50,\"n\":[1E+400,null]}");
        });
    }

    @Test
    void textIsKeptCodePointForCodePoint() {
        assertThat(accepted("{\"type\":\"text\",\"text\":\"\\u0000e\\u0301\\ud83d\\ude00 \"}")
                        .getText())
                .isEqualTo("\0e\u0301\uD83D\uDE00 ");
    }

    @Test
    void textIsCountedInCodePoints() {
        accepted("{\"type\":\"text\",\"text\":\"" + "\uD83D\uDE00".repeat(4_000) + "\"}");

        assertThat(decode(withContent("{\"type\":\"text\",\"text\":\"" + "\uD83D\uDE00".repeat(4_001) + "\"}")))
                .isEqualTo(new Rejected(
                        "r1", ErrorCode.TOO_LARGE, "payload.content.text: must be at most 4000 characters"));
    }

    @Test
    void metadataIsCountedInBytes() {
        String fits = "{\"a\":\"" + "\u00e9".repeat((4_096 - 8) / 2) + "\"}";
        String over = "{\"a\":\"" + "\u00e9".repeat((4_096 - 8) / 2 + 1) + "\"}";

        accepted("{\"type\":\"text\",\"text\":\"x\",\"metadata\":" + fits + "}");
        assertThat(decode(withContent("{\"type\":\"text\",\"text\":\"x\",\"metadata\":" + over + "}")))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    @Test
    void eachTypeIsAcceptedWithWhatItNeeds() {
        accepted(TEXT);
        accepted("{\"type\":\"text\",\"text\":\"hi\",\"mediaUrl\":null,\"metadata\":null}");
        accepted("{\"type\":\"image\",\"mediaUrl\":\"http://x.org\"}");
        accepted("{\"type\":\"file\",\"mediaUrl\":\"HTTPS://x.org/a.pdf\",\"text\":\"caption\"}");
        accepted("{\"type\":\"location\",\"metadata\":{\"latitude\":-90,\"longitude\":180.0,\"name\":\"x\"}}");
    }

    static Stream<Arguments> refusedPayloads() {
        String ids = "\"conversationId\":\"c1\",\"messageId\":\"m1\",";
        String content = ",\"content\":" + TEXT;
        return Stream.of(
                arguments("\"messageId\":\"m1\"" + content, "payload.conversationId: is required"),
                arguments("\"conversationId\":null,\"messageId\":\"m1\"" + content, "payload.conversationId: is req"),
                arguments("\"conversationId\":7,\"messageId\":\"m1\"" + content, "payload.conversationId: must be a s"),
                arguments(
                        "\"conversationId\":\"\",\"messageId\":\"m1\"" + content, "payload.conversationId: must be 1"),
                arguments("\"conversationId\":\"a:b\",\"messageId\":\"m1\"" + content, "payload.conversationId: must"),
                arguments(
                        "\"conversationId\":\"" + "c".repeat(65) + "\",\"messageId\":\"m1\"" + content,
                        "payload.conversationId: must be 1"),
                arguments("\"conversationId\":\"c1\"" + content, "payload.messageId: is required"),
                arguments("\"conversationId\":\"c1\",\"messageId\":null" + content, "payload.messageId: is required"),
                arguments(
                        "\"conversationId\":\"c1\",\"messageId\":[]" + content, "payload.messageId: must be a string"),
                arguments("\"conversationId\":\"c1\",\"messageId\":\"\"" + content, "payload.messageId: must be 1"),
                arguments("\"conversationId\":\"c1\",\"messageId\":\"a b\"" + content, "payload.messageId: must be 1"),
                arguments(
                        "\"conversationId\":\"c1\",\"messageId\":\"" + "m".repeat(65) + "\"" + content,
                        "payload.messageId: must be 1"),
                arguments("\"conversationId\":\"c1\",\"messageId\":\"m1\"", "payload.content: is required"),
                arguments(ids + "\"content\":null", "payload.content: is required"),
                arguments(ids + "\"content\":\"hi\"", "payload.content: must be an object"),
                arguments(ids + "\"content\":[]", "payload.content: must be an object"),
                arguments(ids + "\"expiresAt\":999999" + content, "payload.expiresAt: must be in the future"),
                arguments(ids + "\"expiresAt\":1000000" + content, "payload.expiresAt: must be in the future"),
                arguments(ids + "\"expiresAt\":1000000.5" + content, "payload.expiresAt: must be a whole number"),
                arguments(ids + "\"expiresAt\":\"1\"" + content, "payload.expiresAt: must be a whole number"),
                arguments(
                        ids + "\"expiresAt\":99999999999999999999" + content,
                        "payload.expiresAt: must be a whole number"));
    }

    @ParameterizedTest
    @MethodSource("refusedPayloads")
    void wrongFieldsAreNamed(String payload, String reason) {
        assertThat(decode(send(payload))).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.id()).isEqualTo("r1");
            assertThat(rejected.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(rejected.reason()).startsWith(reason);
        });
    }

    static Stream<Arguments> refusedContents() {
        String image = "{\"type\":\"image\",\"mediaUrl\":";
        String location = "{\"type\":\"location\",\"metadata\":";
        return Stream.of(
                arguments("{}", "type: is required"),
                arguments("{\"type\":7}", "type: must be a string"),
                arguments("{\"type\":\"video\",\"text\":\"hi\"}", "type: must be text, image, file or location"),
                arguments("{\"type\":\"\",\"text\":\"hi\"}", "type: must be text, image, file or location"),
                arguments("{\"type\":\"text\"}", "text: is required for type text"),
                arguments("{\"type\":\"text\",\"text\":null}", "text: is required for type text"),
                arguments("{\"type\":\"text\",\"text\":7}", "text: must be a string"),
                arguments("{\"type\":\"text\",\"text\":\"\"}", "text: must not be empty"),
                arguments("{\"type\":\"text\",\"text\":\"a\\ud800b\"}", "text: must not hold lone surrogates"),
                arguments("{\"type\":\"text\",\"text\":\"\\udc00\"}", "text: must not hold lone surrogates"),
                arguments("{\"type\":\"text\",\"text\":\"\\ude00\\ud83d\"}", "text: must not hold lone surrogates"),
                arguments("{\"type\":\"image\"}", "mediaUrl: is required for type image"),
                arguments("{\"type\":\"file\",\"text\":\"x\"}", "mediaUrl: is required for type file"),
                arguments(
                        "{\"type\":\"image\",\"mediaUrl\":\"http://x.org\",\"text\":\"\"}", "text: must not be empty"),
                arguments(image + "7}", "mediaUrl: must be a string"),
                arguments(image + "\"\"}", "mediaUrl: must be an absolute http or https URL"),
                arguments(image + "\"/a.png\"}", "mediaUrl: must be an absolute http or https URL"),
                arguments(image + "\"ftp://x.org/a\"}", "mediaUrl: must be an absolute http or https URL"),
                arguments(image + "\"javascript:alert(1)\"}", "mediaUrl: must be an absolute http or https URL"),
                arguments(image + "\"http://\"}", "mediaUrl: must be an absolute http or https URL"),
                arguments(image + "\"http:x\"}", "mediaUrl: must be an absolute http or https URL"),
                arguments(image + "\"http://x .org/a\"}", "mediaUrl: must be an absolute http or https URL"),
                arguments(image + "\"http://x.org/" + "a".repeat(2_048) + "\"}", "mediaUrl: must be at most 2048"),
                arguments("{\"type\":\"text\",\"text\":\"x\",\"metadata\":[]}", "metadata: must be an object"),
                arguments("{\"type\":\"text\",\"text\":\"x\",\"metadata\":\"{}\"}", "metadata: must be an object"),
                arguments(
                        "{\"type\":\"text\",\"text\":\"x\",\"metadata\":{\"a\":[{\"b\":\"\\ud800\"}]}}",
                        "metadata: must not hold lone surrogates"),
                arguments("{\"type\":\"location\"}", "metadata: is required for type location"),
                arguments(location + "{}}", "metadata.latitude: is required"),
                arguments(location + "{\"latitude\":\"1\",\"longitude\":1}}", "metadata.latitude: must be a number"),
                arguments(location + "{\"latitude\":90.1,\"longitude\":1}}", "metadata.latitude: must be a number"),
                arguments(location + "{\"latitude\":1,\"longitude\":1e99999}}", "metadata.longitude: must be a num"),
                arguments(location + "{\"latitude\":1}}", "metadata.longitude: is required"));
    }

    @ParameterizedTest
    @MethodSource("refusedContents")
    void wrongContentIsNamed(String content, String reason) {
        assertThat(decode(withContent(content))).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(rejected.reason()).startsWith("payload.content." + reason);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"message.send\"}", "{\"type\":\"message.send\",\"payload\":[]}"})
    void payloadMustBeAnObject(String text) {
        assertThat(decode(text))
                .isEqualTo(new Rejected(null, ErrorCode.INVALID_REQUEST, "payload: an object is required"));
    }

    private static Stream<FromClient> everyFrame() {
        return Stream.of(
                new FromClient.MessageSend(
                        "c1",
                        "m1",
                        new MessageContent("text", "hi", null, null, new MentionList(List.of("bob"), false)),
                        null,
                        "m0",
                        "m2",
                        true),
                new FromClient.MessageEdit(
                        "c1",
                        "m1",
                        new MessageContent("text", "hello", null, null, new MentionList(List.of(), true)),
                        0L),
                new FromClient.MessageDelete("c1", "m1", "a mistake"),
                new FromClient.MessageReact("c1", "m1", "\uD83D\uDC4D", true),
                new FromClient.MessagePin("c1", "m1", null),
                new FromClient.MessageDelivered("c1", 5L, null),
                new FromClient.MessageRead("c1", null, List.of("m1"), null, null),
                new FromClient.Sync(new SyncQuestion(List.of(new SyncQuestion.Known("c1", 41)), 100, null)),
                new FromClient.Heartbeat(),
                new FromClient.TokenRefresh("token"),
                new FromClient.TypingStart("c1"),
                new FromClient.TypingStop("c1"),
                new FromClient.PresenceSubscribe(List.of("bob")),
                new FromClient.PresenceUnsubscribe(List.of("bob")),
                new FromClient.PresenceSet(PresenceStatus.AWAY, "tv"));
    }

    @ParameterizedTest
    @MethodSource("everyFrame")
    void frameOfTheProtocolIsRead(FromClient frame) {
        String payload = new String(ProtocolJson.bytes((Record) frame), StandardCharsets.UTF_8);

        ClientFrame decoded = decode("{\"type\":\"" + frame.type().word() + "\",\"payload\":" + payload + "}");

        assertThat(decoded).isNotInstanceOfAny(Rejected.class, Malformed.class);
    }

    @Test
    void allFramesOfTheProtocolAreAmongThem() {
        assertThat(everyFrame().map(FromClient::type)).containsExactlyInAnyOrder(ClientFrameType.values());
    }
}
