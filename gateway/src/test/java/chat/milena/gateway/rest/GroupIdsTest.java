package chat.milena.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import org.junit.jupiter.api.Test;

class GroupIdsTest {
    private static final UserKey ALICE = new UserKey("default", "alice");

    @Test
    void keyMakesTheSameIdForTheSameUserOnly() {
        String id = GroupIds.of(ALICE, "k1");

        assertThat(id).matches("grp_[0-9a-f]{32}").isEqualTo(GroupIds.of(ALICE, "k1"));
        assertThat(id).isNotEqualTo(GroupIds.of(ALICE, "k2"));
        assertThat(id).isNotEqualTo(GroupIds.of(new UserKey("default", "bob"), "k1"));
        assertThat(id).isNotEqualTo(GroupIds.of(new UserKey("acme", "alice"), "k1"));
        assertThat(Ids.isValid(id)).isTrue();
    }

    @Test
    void randomIdsDiffer() {
        assertThat(GroupIds.random()).matches("grp_[0-9a-f]{32}").isNotEqualTo(GroupIds.random());
    }
}
