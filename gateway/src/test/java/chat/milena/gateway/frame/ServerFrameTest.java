package chat.milena.gateway.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ServerFrameTest {
    private static final byte[] JSON = "{}".getBytes(StandardCharsets.UTF_8);

    @Test
    void anEventOfAStreamMayBeDroppedWhereItsFrameMay() {
        ServerFrame lasting = new ServerFrame(ServerFrameType.MESSAGE_NEW, JSON, "conv_1");
        ServerFrame fleeting = ServerFrame.fleeting(ServerFrameType.TYPING_UPDATE, JSON);

        assertThat(lasting.asEvent("id").isFleeting()).isFalse();
        assertThat(lasting.asEvent("id").conversationId()).isEqualTo("conv_1");
        assertThat(fleeting.asEvent(null).isFleeting()).isTrue();
    }
}
