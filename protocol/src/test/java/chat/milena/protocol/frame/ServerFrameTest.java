package chat.milena.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerFrameTest {
    @Test
    void anEventOfAStreamMayBeDroppedWhereItsFrameMay() {
        ServerFrame lasting = ServerFrame.droppable(new FromServer.ConversationLeft("conv_1", 5), "conv_1");
        ServerFrame fleeting = ServerFrame.fleeting(new FromServer.TypingUpdate("conv_1", "alice", true));

        assertThat(lasting.asEvent("id").isFleeting()).isFalse();
        assertThat(lasting.asEvent("id").conversationId()).isEqualTo("conv_1");
        assertThat(fleeting.asEvent(null).isFleeting()).isTrue();
    }
}
