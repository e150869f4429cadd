package chat.milena.protocol.call;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.call.RulesBody.Reading;
import chat.milena.schemas.avro.ModerationRuleset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RulesBodyTest {
    private static final String RULES = "{\"rules\":["
            + "{\"name\":\"a\",\"kind\":\"words\",\"words\":[\"x\",\"é\"],\"action\":\"flag\"},"
            + "{\"name\":\"b\",\"kind\":\"pattern\",\"pattern\":\"\\\\d+\",\"action\":\"remove\"},"
            + "{\"name\":\"c\",\"kind\":\"links\",\"action\":\"flag\"},"
            + "{\"name\":\"d\",\"kind\":\"flood\",\"messages\":8,\"within\":\"5s\",\"action\":\"remove\"},"
            + "{\"name\":\"e\",\"kind\":\"repeats\",\"times\":3,\"within\":\"1500ms\",\"action\":\"flag\"}],"
            + "\"newAccounts\":\"24h\",\"defaults\":[\"spam\"]}";

    private static ModerationRuleset read(String json) {
        return ((Reading.Rules) RulesBody.read(json.getBytes(StandardCharsets.UTF_8))).rules();
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        ModerationRuleset rules = read(RULES);
        rules.setVersion(4L);

        String written = new String(RulesBody.write(rules), StandardCharsets.UTF_8);

        assertThat(written).isEqualTo("{\"version\":4," + RULES.substring(1));
        assertThat(read(written).getRules()).isEqualTo(rules.getRules());
    }

    @Test
    void classifierIsReadAndItsSecretIsNeverWritten() {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        String classifier =
                ",\"classifier\":{\"url\":\"https://c.example/m\",\"deadline\":\"1500ms\"," + "\"onFailure\":\"flag\"";
        String whole = RULES.substring(0, RULES.length() - 1) + classifier;

        ModerationRuleset rules = read(whole + ",\"secret\":\"" + secret + "\"}}");

        assertThat(rules.getClassifier().getSecret()).isEqualTo(secret);
        assertThat(rules.getClassifier().getDeadlineMillis()).isEqualTo(1_500);
        assertThat(new String(RulesBody.write(rules), StandardCharsets.UTF_8))
                .isEqualTo("{\"version\":0," + whole.substring(1) + "}}");
        ModerationRuleset least = read("{\"rules\":[],\"classifier\":{\"url\":\"https://c.example\"}}");
        assertThat(least.getClassifier().getOnFailure()).isEqualTo("pass");
        assertThat(least.getClassifier().getDeadlineMillis()).isEqualTo(2_000);
    }

    @Test
    void timesHaveAnyUnit() {
        assertThat(read(RULES.replace("24h", "1d")).getNewAccountsMillis()).isEqualTo(86_400_000);
        assertThat(read(RULES.replace("24h", "1440m")).getNewAccountsMillis()).isEqualTo(86_400_000);
    }
}
