package chat.milena.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeyTextTest {
    private static final ConversationKey PLANS = new ConversationKey("default", "grp_plans");

    private final KeyText keys = new KeyText();

    @Test
    void partsAreShownOneAfterTheOther() {
        assertThat(keys.deserialize("chat.messages.v1", new EventKey(PLANS, 1L << 32).toBytes()))
                .isEqualTo("default grp_plans 4294967296");
        assertThat(keys.deserialize("chat.members.v1", new MemberKey(PLANS, "bob").toBytes()))
                .isEqualTo("default grp_plans bob");
        assertThat(keys.deserialize("chat.users.v1", new UserKey("shop", "bob").toBytes()))
                .isEqualTo("shop bob");
        assertThat(keys.deserialize("chat.deliveries.v1", new ShardKey(7).toBytes()))
                .isEqualTo("7");
        assertThat(keys.deserialize(
                        "chat.reports.v1", new ReportKey("default", false, 12, "grp_plans", "lunch").toBytes()))
                .isEqualTo("default false 12 grp_plans lunch");
    }

    @Test
    void otherKeysAreShownByTheirDigits() {
        assertThat(keys.deserialize("elsewhere", new byte[] {1, -1})).isEqualTo("01ff");
        assertThat(keys.deserialize("chat.messages.v1", new byte[] {1})).isEqualTo("01");
        assertThat(keys.deserialize("chat.dead-letters.v1", "a".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("61");
        assertThat(keys.deserialize("chat.messages.v1", null)).isNull();
    }
}
