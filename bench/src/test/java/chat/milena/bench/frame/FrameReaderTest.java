package chat.milena.bench.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final String MESSAGE_START = "{\"type\":\"message.new\",\"payload\":{\"messageId\":\"m\","
            + "\"conversationId\":\"c\",\"senderId\":\"bob\",";

    private final FrameReader reader = new FrameReader(true, new Words());

    @Test
    void readsTheFlatFirstFrame() {
        assertThat(read("{\"type\":\"connected\",\"connectionId\":\"conn_1\",\"serverTime\":17,"
                        + "\"heartbeatInterval\":30000,\"resumeToken\":\"x\",\"resumed\":true}"))
                .isEqualTo(new ServerFrame.Connected("conn_1", 17, Duration.ofSeconds(30), "x", true));
    }

    @Test
    void readsAMessageWhoseFieldsComeInAnyOrder() {
        assertThat(read(
                        "{\"payload\":{\"content\":{\"metadata\":{\"text\":\"no\"},\"type\":\"text\",\"text\":\"h\u00e9\"},"
                                + "\"timestamp\":5,\"sequenceNumber\":3,\"senderId\":\"bob\",\"conversationId\":\"c\","
                                + "\"messageId\":\"m\",\"later\":[1,{\"messageId\":\"z\"}]},\"type\":\"message.new\"}"))
                .isEqualTo(new ServerFrame.MessageNew("m", "c", "bob", 3, 5, "h\u00e9"));
    }

    @Test
    void readsWhatAMessageIsAbout() {
        String message = "{\"type\":\"message.new\",\"payload\":{%s,\"messageId\":\"m\",\"conversationId\":\"c\","
                + "\"senderId\":\"bob\",\"sequenceNumber\":3,\"timestamp\":5,\"content\":{\"type\":\"text\",\"text\":\"hi\"}}}";

        assertThat(read(message.formatted("\"replyTo\":{\"messageId\":\"q\",\"sequenceNumber\":2}")))
                .isEqualTo(new ServerFrame.MessageNew("m", "c", "bob", 3, 5, "hi", new About("q", false)));
        assertThat(read(message.formatted("\"threadOf\":\"r\",\"threadOrdinal\":1")))
                .isEqualTo(new ServerFrame.MessageNew("m", "c", "bob", 3, 5, "hi", new About("r", true, 1)));
    }

    @Test
    void leavesTheTextWhereNobodyWantsIt() {
        ServerFrame frame = read(
                new FrameReader(false, new Words()),
                "{\"type\":\"message.new\",\"payload\":{\"messageId\":\"m\",\"conversationId\":\"c\",\"senderId\":\"bob\","
                        + "\"sequenceNumber\":3,\"timestamp\":5,\"content\":{\"type\":\"text\",\"text\":\"hi\"}}}");

        assertThat(frame).isEqualTo(new ServerFrame.MessageNew("m", "c", "bob", 3, 5, null));
    }

    @Test
    void readsAnAck() {
        assertThat(read(
                        "{\"type\":\"message.ack\",\"id\":\"12\",\"payload\":{\"messageId\":\"m\",\"conversationId\":\"c\","
                                + "\"sequenceNumber\":3,\"timestamp\":5,\"duplicate\":true}}"))
                .isEqualTo(new ServerFrame.MessageAck("12", "m", "c", 3, 5, true));
    }

    @Test
    void readsAConversationWhosePayloadHasATypeOfItsOwn() {
        assertThat(read("{\"type\":\"conversation.created\",\"payload\":{\"conversationId\":\"c\",\"type\":\"group\","
                        + "\"name\":\"n\",\"participants\":[{\"userId\":\"a\",\"role\":\"admin\"}],\"memberCount\":1,"
                        + "\"settings\":{\"onlyAdminsCanPost\":false},\"lastSequence\":1,"
                        + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"sequenceNumber\":1}}"))
                .isEqualTo(new ServerFrame.ConversationCreated("c", "n", 1));
    }

    @Test
    void readsAnErrorAndKeepsNothingOfTheFrameBefore() {
        read("{\"type\":\"message.ack\",\"id\":\"12\",\"payload\":{\"messageId\":\"m\",\"conversationId\":\"c\","
                + "\"sequenceNumber\":3}}");

        assertThat(
                        read(
                                "{\"type\":\"error\",\"payload\":{\"error\":\"RATE_LIMITED\",\"message\":\"slow\",\"retryAfter\":2}}"))
                .isEqualTo(new ServerFrame.Refusal(null, "RATE_LIMITED", "slow", Duration.ofSeconds(2)));
        assertThat(read("{\"type\":\"message.ack\",\"payload\":{\"sequenceNumber\":3}}"))
                .isInstanceOf(ServerFrame.Malformed.class);
    }

    @Test
    void readsWhatConcernsTheConnection() {
        assertThat(read("{\"type\":\"resync\",\"payload\":{\"conversationIds\":[\"a\",\"b\"]}}"))
                .isEqualTo(new ServerFrame.Resync(List.of("a", "b")));
        assertThat(read("{\"type\":\"server.draining\",\"payload\":{\"reconnectAfterMs\":1500}}"))
                .isEqualTo(new ServerFrame.Draining(Duration.ofMillis(1500)));
        assertThat(read("{\"type\":\"heartbeat\",\"serverTime\":9,\"resumeToken\":\"t\"}"))
                .isEqualTo(new ServerFrame.Heartbeat(9, "t"));
        assertThat(read("{\"type\":\"heartbeat\",\"serverTime\":9}")).isEqualTo(new ServerFrame.Heartbeat(9, null));
        assertThat(read("{\"type\":\"typing.update\",\"payload\":{}}"))
                .isEqualTo(new ServerFrame.Other("typing.update"));
        assertThat(read("{\"type\":\"message.deleted\",\"payload\":{\"conversationId\":\"c\",\"sequenceNumber\":8}}"))
                .isEqualTo(new ServerFrame.TimelineChange("message.deleted", "c", List.of(8L), null, null));
        assertThat(read("{\"type\":\"message.new\",\"payload\":{\"conversationId\":\"c\",\"sequenceNumber\":8,"
                        + "\"timestamp\":5,\"hidden\":true}}"))
                .isEqualTo(new ServerFrame.TimelineChange("message.hidden", "c", List.of(8L), null, null));
        assertThat(read("{\"type\":\"message.updated\",\"payload\":{\"conversationId\":\"c\",\"sequenceNumber\":9,"
                        + "\"messageId\":\"m\",\"released\":true}}"))
                .isEqualTo(new ServerFrame.TimelineChange("message.released", "c", List.of(9L), "m", null));
        assertThat(read("{\"type\":\"message.reaction\",\"payload\":{\"conversationId\":\"c\",\"sequenceNumber\":9}}"))
                .isEqualTo(new ServerFrame.TimelineChange("message.reaction", "c", List.of(9L), null, null));
        assertThat(read("{\"type\":\"message.reaction\",\"payload\":{\"conversationId\":\"c\",\"sequenceNumber\":9,"
                        + "\"reactions\":[{\"emoji\":\"!\",\"count\":2}],\"sequenceNumbers\":[7,9]}}"))
                .isEqualTo(new ServerFrame.TimelineChange("message.reaction", "c", List.of(7L, 9L), null, null));
    }

    @Test
    void readsWhatWasMissed() {
        String payload = "\"payload\":{\"conversationId\":\"c\",\"messages\":["
                + "{\"sequenceNumber\":3,\"timestamp\":5,\"kind\":\"message\",\"messageId\":\"m\",\"senderId\":\"bob\","
                + "\"content\":{\"type\":\"text\",\"metadata\":{\"text\":\"no\"},\"text\":\"yes\"}},"
                + "{\"sequenceNumber\":4,\"timestamp\":6,\"kind\":\"role.changed\",\"actorId\":\"bob\"}],"
                + "\"expired\":[{\"from\":1,\"to\":2}]}";

        assertThat(read("{\"type\":\"messages.offline\"," + payload + "}"))
                .isEqualTo(new ServerFrame.Offline(
                        "c",
                        List.of(
                                new ServerFrame.Entry("message", 3, 5, "m", "bob", "yes"),
                                new ServerFrame.Entry("role.changed", 4, 6, null, null, null)),
                        List.of(new ServerFrame.Expired(1, 2))));
        assertThat(read("{" + payload.replace("\"m\"", "null") + ",\"type\":\"messages.offline\"}"))
                .isEqualTo(new ServerFrame.Malformed("messages.offline without a field it must have"));
        assertThat(read("{" + payload.replace("3,", "0,") + ",\"type\":\"messages.offline\"}"))
                .isInstanceOf(ServerFrame.Malformed.class);
    }

    /// Frames that the quick way reads, and frames that it must leave to the parser.
    @ParameterizedTest
    @ValueSource(
            strings = {
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":5}}",
                MESSAGE_START
                        + "\"sequenceNumber\":3,\"timestamp\":5,\"content\":{\"type\":\"text\",\"text\":\"hi\"}}}",
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":5,\"content\":{\"text\":\"\\\"é\\n\"}}}",
                MESSAGE_START
                        + "\"timestamp\":5,\"sequenceNumber\":3,\"later\":[1,{\"messageId\":\"z\"},[],{},null,true]}}",
                MESSAGE_START + "\"sequenceNumber\" : 3 , \"timestamp\":5, \"part\":1.5e3}}",
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":5,\"d\":[[[[[[[[[[[]]]]]]]]]]]}}",
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":5}",
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":5}}}",
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":5,}}",
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":05}}",
                MESSAGE_START + "\"sequenceNumber\":0,\"timestamp\":5}}",
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":5,\"t\":\"\u0001\"}}",
                MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":nul}}",
                "{\"type\":\"message.newer\",\"payload\":{}}",
                "{\"payload\":{\"messageId\":\"m\",\"conversationId\":\"c\",\"senderId\":\"b\",\"sequenceNumber\":3}}"
            })
    void aFrameReadTheQuickWayIsReadAsTheParserDoes(String json) {
        ServerFrame parsed = read(reader, json);
        ServerFrame expected = parsed instanceof ServerFrame.MessageNew m
                ? new ServerFrame.MessageNew(
                        m.messageId(), m.conversationId(), m.senderId(), m.sequenceNumber(), m.timestamp(), null)
                : parsed;

        assertThat(read(new FrameReader(false, new Words()), json)).isEqualTo(expected);
    }

    @Test
    void thePlainMessageIsReadTheQuickWay() {
        byte[] frame = (MESSAGE_START + "\"sequenceNumber\":3,\"timestamp\":5}}").getBytes(StandardCharsets.UTF_8);

        assertThat(new MessageScanner(new Words()).scan(frame, frame.length))
                .isEqualTo(new ServerFrame.MessageNew("m", "c", "bob", 3, 5, null));
    }

    @Test
    void anIdThatComesAgainIsTheSameString() {
        Words words = new Words();
        for (int i = 0; i < 20_000; i++) {
            byte[] id = ("{id-" + i % 7000 + "}").getBytes(StandardCharsets.US_ASCII);
            assertThat(words.of(id, 1, id.length - 1)).isEqualTo("id-" + i % 7000);
        }
        byte[] id = "id-1".getBytes(StandardCharsets.US_ASCII);
        assertThat(words.of(id, 0, 4)).isSameAs(words.of(id, 0, 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no",
                "[]",
                "{\"type\":",
                "{}",
                "{\"type\":5}",
                "{\"type\":\"ok\"}{}",
                "{\"type\":\"message.new\",\"payload\":{\"messageId\":\"m\",\"sequenceNumber\":0}}"
            })
    void whatIsNoFrameIsMalformed(String text) {
        assertThat(read(text)).isInstanceOf(ServerFrame.Malformed.class);
    }

    @Test
    void readsFramesLargerThanItsBuffer() {
        String text = "x".repeat(100_000);

        assertThat(read("{\"type\":\"message.new\",\"payload\":{\"messageId\":\"m\",\"conversationId\":\"c\","
                        + "\"senderId\":\"bob\",\"sequenceNumber\":3,\"timestamp\":5,\"content\":{\"text\":\"" + text
                        + "\"}}}"))
                .isEqualTo(new ServerFrame.MessageNew("m", "c", "bob", 3, 5, text));
    }

    private ServerFrame read(String json) {
        return read(reader, json);
    }

    private static ServerFrame read(FrameReader with, String json) {
        return with.read(Unpooled.copiedBuffer(json, StandardCharsets.UTF_8));
    }
}
