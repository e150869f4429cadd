package chat.milena.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.config.Secret;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class GroupIdsTest {
    private static final UserKey ALICE = new UserKey("default", "alice");
    private final GroupIds ids = new GroupIds(new Secret("a secret of this installation"));

    @Test
    void keyMakesTheSameIdForTheSameUserOnly() {
        String id = ids.of(ALICE, "k1");

        assertThat(id).matches("grp_[0-9a-f]{32}").isEqualTo(ids.of(ALICE, "k1"));
        assertThat(id).isNotEqualTo(ids.of(ALICE, "k2"));
        assertThat(id).isNotEqualTo(ids.of(new UserKey("default", "bob"), "k1"));
        assertThat(id).isNotEqualTo(ids.of(new UserKey("acme", "alice"), "k1"));
        assertThat(Ids.isValid(id)).isTrue();
    }

    @Test
    void idsFollowFromTheSecret() {
        GroupIds samePlace = new GroupIds(new Secret("a secret of this installation"));
        GroupIds elsewhere = new GroupIds(new Secret("a secret of another one"));

        assertThat(samePlace.of(ALICE, "k1")).isEqualTo(ids.of(ALICE, "k1"));
        assertThat(elsewhere.of(ALICE, "k1")).isNotEqualTo(ids.of(ALICE, "k1"));
    }

    /// With a plain hash, a user can try keys at home until an id sorts before all others.
    @Test
    void idIsNoPlainHashOfUserAndKey() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(String.join("\0", "default", "alice", "k1").getBytes(StandardCharsets.UTF_8));

        assertThat(ids.of(ALICE, "k1")).isNotEqualTo("grp_" + HexFormat.of().formatHex(hash, 0, 16));
    }

    @Test
    void randomIdsDiffer() {
        assertThat(ids.random()).matches("grp_[0-9a-f]{32}").isNotEqualTo(ids.random());
    }
}
