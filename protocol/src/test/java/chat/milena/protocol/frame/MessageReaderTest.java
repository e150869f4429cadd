package chat.milena.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.word.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
    private final MessageReader messages = new MessageReader(Limits.DEFAULT);

    private static Fields fields(String mentions) {
        String body = "{\"content\":{\"type\":\"text\",\"text\":\"hi\"" + mentions + "}}";
        return Fields.of(Json.parse(body).orElseThrow(), ErrorCode.INVALID_MESSAGE);
    }

    private @Nullable Mentions mentions(String mentions) {
        Fields fields = fields(mentions);
        Mentions read = messages.content(fields).getMentions();
        assertThat(fields.rejection()).isNull();
        return read;
    }

    @Test
    void usersOrAllAreMentioned() {
        assertThat(mentions(",\"mentions\":[\"bob\",\"eve\",\"bob\"]"))
                .isEqualTo(new Mentions(List.of("bob", "eve"), false));
        assertThat(mentions(",\"mentions\":\"all\"")).isEqualTo(new Mentions(List.of(), true));
    }

    /// So that the two are the same content, and an edit from one to the other is a duplicate.
    @Test
    void emptyMentionsAreNone() {
        assertThat(mentions(",\"mentions\":[]")).isNull();
        assertThat(mentions("")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALL", "bob", ""})
    void anotherWordIsAnsweredWithTheWordForAllMembers(String word) {
        Fields fields = fields(",\"mentions\":\"" + word + "\"");

        messages.content(fields);

        assertThat(fields.rejection())
                .isEqualTo(new Fields.Rejection(
                        ErrorCode.INVALID_MESSAGE, "content.mentions: must be an array of ids of users, or \"all\""));
    }
}
