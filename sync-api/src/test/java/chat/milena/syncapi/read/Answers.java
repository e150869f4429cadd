package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.json.Json;
import chat.milena.protocol.json.ProtocolJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/// Answers as clients see them.
public final class Answers {
    private Answers() {}

    /// The JSON of an answer that is no refusal.
    public static JsonNode json(ReadAnswer<?> answer) {
        assertThat(answer).isInstanceOf(ReadAnswer.Answered.class);
        return json(((ReadAnswer.Answered<?>) answer).value());
    }

    /// The JSON of a record.
    public static JsonNode json(Record value) {
        return Json.parse(new String(ProtocolJson.bytes(value), StandardCharsets.UTF_8))
                .orElseThrow();
    }
}
