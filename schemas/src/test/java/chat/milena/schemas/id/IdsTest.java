package chat.milena.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    @Test
    void directConversationIsTheSameWhoeverAsks() {
        assertThat(Ids.directConversation("t", "alice", "bob"))
                .isEqualTo(Ids.directConversation("t", "bob", "alice"))
                .isNotEqualTo(Ids.directConversation("other", "alice", "bob"))
                .isNotEqualTo(Ids.directConversation("t", "alic", "ebob"))
                .satisfies(id -> assertThat(Ids.isValid(id)).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\0b", "é", "a/b", "a:b", "a\n"})
    void otherCharactersNameNobody(String id) {
        assertThat(Ids.isValid(id)).isFalse();
    }

    @Test
    void lengthEndsAt64() {
        assertThat(Ids.isValid("a".repeat(64))).isTrue();
        assertThat(Ids.isValid("a".repeat(65))).isFalse();
        assertThat(Ids.isValidMessageId("a:".repeat(32))).isTrue();
        assertThat(Ids.isValidMessageId("a".repeat(65))).isFalse();
    }
}
