package chat.milena.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;

class TopicAccessTest {
    private static final TopicAccess ACCESS = TopicAccess.of(Set.of("a", "b"), Set.of("b", "c"));

    @Test
    void eachMissingPermissionIsOneLine() {
        Set<AclOperation> describes = Set.of(AclOperation.DESCRIBE);

        assertThat(ACCESS.missing("a", describes)).containsExactly("no permission to read a");
        assertThat(ACCESS.missing("b", describes))
                .containsExactly("no permission to read b", "no permission to write to b");
        assertThat(ACCESS.missing("b", Set.of(AclOperation.READ))).containsExactly("no permission to write to b");
        assertThat(ACCESS.missing("d", describes)).isEmpty();
    }

    @Test
    void everythingPermittedOrNotReportedLacksNothing() {
        assertThat(ACCESS.missing("b", Set.of(AclOperation.READ, AclOperation.WRITE)))
                .isEmpty();
        assertThat(ACCESS.missing("b", Set.of(AclOperation.ALL))).isEmpty();
        assertThat(ACCESS.missing("b", null)).isEmpty();
    }
}
