package chat.milena.runtime.schema;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.http.OperatorListener.Answer;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.schemas.wire.ShippedSchemas.Version;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAnswersTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MESSAGES = "/subjects/chat.messages.v1-value";

    private final ShippedSchemas schemas = ShippedSchemas.load();
    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, schemas);
    private final RegistryAnswers registry = new RegistryAnswers(topics, schemas);

    @Test
    void everyShippedSchemaIsFoundByTheIdOfTheRecords() throws IOException {
        for (Version version : schemas.versions()) {
            String schema = get("/schemas/ids/" + version.id()).path("schema").asText();
            assertThat(new Schema.Parser().parse(schema)).isEqualTo(version.schema());
        }
    }

    @Test
    void everyTopicHasASubjectWithAllVersionsOfItsRecord() throws IOException {
        List<String> subjects = new ArrayList<>();
        get("/subjects").forEach(subject -> subjects.add(subject.asText()));

        assertThat(subjects)
                .containsExactlyInAnyOrderElementsOf(
                        topics.all().stream().map(TopicSpec::subject).toList());
        for (TopicSpec<?, ?> topic : topics.all()) {
            JsonNode latest = get("/subjects/" + topic.subject() + "/versions/latest");
            assertThat(latest.path("id").asInt())
                    .isEqualTo(schemas.idOf(topic.values().schema()));
            assertThat(latest.path("version").asInt())
                    .isEqualTo(get("/subjects/" + topic.subject() + "/versions").size());
        }
    }

    @Test
    void versionOfASubjectIsDescribed() throws IOException {
        JsonNode second = get(MESSAGES + "/versions/2");

        assertThat(second.path("subject").asText()).isEqualTo("chat.messages.v1-value");
        assertThat(second.path("version").asInt()).isEqualTo(2);
        assertThat(second.path("id").asInt()).isEqualTo(16);
        assertThat(get(MESSAGES + "/versions/2/schema"))
                .isEqualTo(JSON.readTree(second.path("schema").asText()));
        assertThat(get("/schemas/ids/16/schema"))
                .isEqualTo(JSON.readTree(second.path("schema").asText()));
        assertThat(get(MESSAGES + "/versions/-1")).isEqualTo(get(MESSAGES + "/versions/latest"));
        assertThat(get("/schemas/ids/16/versions"))
                .isEqualTo(JSON.readTree("[{\"subject\":\"chat.messages.v1-value\",\"version\":2}]"));
        // Two topics have its values.
        assertThat(get("/schemas/ids/4/subjects"))
                .isEqualTo(JSON.readTree("[\"chat.members.v1-value\",\"chat.memberships.v1-value\"]"));
    }

    @Test
    void schemaIsLookedUpByItsFields() throws IOException {
        Answer known = answer("POST", MESSAGES, schemaBody(TimelineEvent.SCHEMA$));
        Answer other = answer("POST", "/subjects/chat.members.v1-value", schemaBody(TimelineEvent.SCHEMA$));

        assertThat(known.status()).isEqualTo(200);
        assertThat(JSON.readTree(known.body()).path("id").asInt()).isEqualTo(schemas.idOf(TimelineEvent.SCHEMA$));
        assertThat(other.status()).isEqualTo(404);
        assertThat(JSON.readTree(other.body()).path("error_code").asInt()).isEqualTo(40_403);
    }

    @Test
    void settingsSayThatNothingIsWrittenAndOldValuesStayReadable() throws IOException {
        assertThat(get("/config").path("compatibilityLevel").asText()).isEqualTo("BACKWARD_TRANSITIVE");
        assertThat(get("/config/chat.messages.v1-value")
                        .path("compatibilityLevel")
                        .asText())
                .isEqualTo("BACKWARD_TRANSITIVE");
        assertThat(get("/mode").path("mode").asText()).isEqualTo("READONLY");
        assertThat(get("/schemas/types")).isEqualTo(JSON.readTree("[\"AVRO\"]"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        GET,    /subjects/nosuch/versions,                      404, 40401
        POST,   /subjects/nosuch,                               404, 40401
        GET,    /config/nosuch,                                 404, 40401
        GET,    /subjects/chat.messages.v1-value/versions/9999, 404, 40402
        GET,    /subjects/chat.messages.v1-value/versions/0,    422, 42202
        GET,    /subjects/chat.messages.v1-value/versions/one,  422, 42202
        GET,    /schemas/ids/9999,                              404, 40403
        GET,    /schemas/ids/one,                               404, 40403
        POST,   /subjects/chat.messages.v1-value,               422, 42201
        POST,   /subjects/chat.messages.v1-value/versions,      422, 42205
        PUT,    /config,                                        422, 42205
        DELETE, /subjects/chat.messages.v1-value,               422, 42205
        """)
    void faultsHaveTheCodesOfTheRegistry(String method, String path, int status, int code) throws IOException {
        Answer answer = answer(method, path, new byte[0]);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error_code").asInt()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"schema\":7}", "{\"schema\":\"{\\\"type\\\":\\\"record\\\"}\"}"})
    void bodyWithoutASchemaIsInvalid(String body) throws IOException {
        Answer answer = answer("POST", MESSAGES, body.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("error_code").asInt()).isEqualTo(42_201);
    }

    @ParameterizedTest
    @CsvSource({"/", "/nosuch", "/schemas", "/schemas/ids", "/schemas/ids/1/x", "/subjects/chat.messages.v1-value/x"})
    void otherPathsAreNotItsOwn(String path) {
        assertThat(registry.answer("GET", path, new byte[0])).isNull();
    }

    private static byte[] schemaBody(Schema schema) throws IOException {
        return JSON.writeValueAsBytes(Map.of("schema", schema.toString()));
    }

    private JsonNode get(String path) throws IOException {
        Answer answer = answer("GET", path, new byte[0]);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
        return JSON.readTree(answer.body());
    }

    private Answer answer(String method, String path, byte[] body) {
        return Objects.requireNonNull(registry.answer(method, path, body), path);
    }
}
