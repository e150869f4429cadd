package chat.milena.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.word.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerFrameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "messageId: there is no such message | payload.messageId: there is no such message",
                "content.mentions: only admins       | payload.content.mentions: only admins",
                "userIds[1]: not an id               | payload.userIds[1]: not an id",
                "only admins post in this group      | only admins post in this group"
            })
    void rejectionsOfTheSequencerNameFieldsByTheirPathInTheFrame(String reason, String message) {
        assertThat(ServerFrames.rejected("a", ErrorCode.INVALID_MESSAGE, reason, new CommandOutcome()))
                .hasToString("{\"type\":\"error\",\"id\":\"a\",\"payload\":{\"error\":\"INVALID_MESSAGE\","
                        + "\"message\":\"" + message + "\"}}");
    }

    @Test
    void anEventOfAStreamMayBeDroppedWhereItsFrameMay() {
        ServerFrame lasting = ServerFrame.droppable(new FromServer.ConversationLeft("conv_1", 5), "conv_1");
        ServerFrame fleeting = ServerFrame.fleeting(new FromServer.TypingUpdate("conv_1", "alice", true));

        assertThat(lasting.asEvent("id").isFleeting()).isFalse();
        assertThat(lasting.asEvent("id").conversationId()).isEqualTo("conv_1");
        assertThat(fleeting.asEvent(null).isFleeting()).isTrue();
    }
}
