package chat.milena.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.wire.ShippedSchemas;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/// `docs/analytics.md` says what the catalogue and the schemas say. Its tables are made afresh with
/// `-Dmilena.docs=apply`.
class AnalyticsDocumentTest {
    private static final boolean APPLY = "apply".equals(System.getProperty("milena.docs"));
    private static final Path DOCUMENT = Path.of("..", "docs", "analytics.md");
    private static final Pattern SECTION =
            Pattern.compile("^### (chat\\.\\S+)\n(?:(?!###).*\n)*?```json\n((?:(?!```).*\n)*)```", Pattern.MULTILINE);
    private static final int PARTITIONS = 997;

    private final ShippedSchemas schemas = ShippedSchemas.load();
    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED.withPartitions(PARTITIONS), schemas);

    @Test
    void tablesAreThoseOfTheCatalogue() throws IOException {
        String text = Files.readString(DOCUMENT);
        String made = new AnalyticsDocument(schemas).refreshed(text);
        if (APPLY) {
            Files.writeString(DOCUMENT, made);
        }

        assertThat(DOCUMENT)
                .as("make it afresh with: mvn -q -pl schemas test -Dtest=AnalyticsDocumentTest -Dmilena.docs=apply")
                .hasContent(made);
    }

    @Test
    void everyTopicHasAnExampleOfItsRecord() throws IOException {
        Map<String, JsonNode> examples = new LinkedHashMap<>();
        for (var section : SECTION.matcher(Files.readString(DOCUMENT)).results().toList()) {
            examples.put(section.group(1), new JsonMapper().readTree(section.group(2)));
        }

        assertThat(examples.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        topics.all().stream().map(TopicSpec::name).toList());
        topics.all()
                .forEach(topic -> check(
                        topic.name(), topic.values().schema(), Objects.requireNonNull(examples.get(topic.name()))));
    }

    @Test
    void keysAndPartitionsAreAsDescribed() {
        for (TopicSpec<?, ?> topic : topics.all()) {
            List<String> parts = AnalyticsDocument.KEYS.get(topic.name());
            if (parts != null) {
                check(topic, bytes(parts));
            }
        }
        assertThat(AnalyticsDocument.KEYS).hasSize(topics.all().size() - 3);
    }

    private static <K extends LogKey> void check(TopicSpec<K, ?> topic, byte[] bytes) {
        K key = topic.keys().deserializer().deserialize(topic.name(), bytes);

        assertThat(key.toBytes()).as(topic.name()).isEqualTo(bytes);
        String[] first = new String(bytes, StandardCharsets.UTF_8).split("\0", -1);
        // The bans of a tenant and its queue are with its audit.
        boolean isOfTenant = List.of("chat.bans.v1", "chat.reports.v1").contains(topic.name());
        String second = isOfTenant ? "moderation" : first[1];
        assertThat(topic.partitionOf(key))
                .as("partition of %s", topic.name())
                .isEqualTo(new ConversationKey(first[0], second).partition(topic.partitions()));
    }

    private static byte[] bytes(List<String> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String part : parts) {
            if (bytes.size() > 0) {
                bytes.write(0);
            }
            bytes.writeBytes(
                    part.endsWith("#")
                            ? ByteBuffer.allocate(Long.BYTES).putLong(258).array()
                            : part.replace("`", "").getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /// Every field of the example is one of the record, and no needed one is missing.
    private static void check(String path, Schema schema, JsonNode value) {
        boolean fits = switch (schema.getType()) {
            case RECORD -> {
                List<String> known =
                        schema.getFields().stream().map(Schema.Field::name).collect(Collectors.toList());
                assertThat(value.fieldNames()).toIterable().as(path).isSubsetOf(known);
                for (Schema.Field field : schema.getFields()) {
                    JsonNode part = value.get(field.name());
                    assertThat(part != null || field.hasDefaultValue())
                            .as("%s has %s", path, field.name())
                            .isTrue();
                    if (part != null) {
                        check(path + "." + field.name(), field.schema(), part);
                    }
                }
                yield true;
            }
            case UNION -> {
                check(path, schema.getTypes().get(1), value);
                yield true;
            }
            case ARRAY -> {
                value.forEach(part -> check(path + "[]", schema.getElementType(), part));
                yield value.isArray();
            }
            case STRING -> value.isTextual();
            case INT, LONG -> value.isIntegralNumber();
            case BOOLEAN -> value.isBoolean();
            default -> false;
        };
        assertThat(fits).as("%s is %s, not %s", path, schema.getType(), value).isTrue();
    }
}
