package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.standalone.SourceFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Holds what a server says to the documents that are committed. A field that they do not name is a fault. Safe for all
/// threads.
final class ProtocolSchema {
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final ProtocolSchema FRAMES = new ProtocolSchema("protocol.schema.json");
    private static final ProtocolSchema CALLS = new ProtocolSchema("openapi.json");

    private final JsonNode document;
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    private ProtocolSchema(String name) {
        document = document(name);
        close(document);
    }

    /// A document of the protocol.
    static JsonNode document(String name) {
        try {
            return Rest.JSON.readTree(
                    Files.readString(SourceFiles.ROOT.resolve("docs").resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A frame of the server.
    static void checkFrame(JsonNode frame) {
        FRAMES.check("/$defs/FromServer", frame, "frame");
    }

    /// The answer to a call; passed over where there is no such call, as the answers of proxies and listeners are.
    static void checkAnswer(String method, String path, Rest.Answer answer) {
        String call = method + " " + path;
        if (!path.startsWith("/api/v1/") || answer.body().isMissingNode() || method.equals("HEAD")) {
            return;
        }
        if (answer.status() >= 400) {
            CALLS.check("/components/schemas/CallRefused", answer.body(), call);
            return;
        }
        JsonNode schema = operation(method, path)
                .path("responses")
                .path(Integer.toString(answer.status()))
                .at("/content/application~1json/schema/$ref");
        assertThat(schema.isTextual())
                .as("%s may be answered %d", call, answer.status())
                .isTrue();
        CALLS.check(schema.asText().substring(1), answer.body(), call);
    }

    private static JsonNode operation(String method, String path) {
        String plain = path.replaceAll("\\?.*", "");
        for (Map.Entry<String, JsonNode> template : CALLS.document.path("paths").properties()) {
            if (plain.matches(template.getKey().replaceAll("\\{\\w+}", "[^/]+"))) {
                return template.getValue().path(method.toLowerCase(Locale.ROOT));
            }
        }
        throw new AssertionError(path + " is not documented");
    }

    private void check(String pointer, JsonNode value, String what) {
        JsonSchema schema = schemas.computeIfAbsent(pointer, at -> {
            ObjectNode root = document.deepCopy();
            root.put("$ref", "#" + at);
            return SCHEMAS.getSchema(root);
        });
        assertThat(schema.validate(value)).as("%s: %s", what, value).isEmpty();
    }

    /// Clients pass over fields that they do not know; here there must be none.
    private static void close(JsonNode schema) {
        if (schema.isObject() && schema.path("properties").isObject()) {
            ((ObjectNode) schema).put("additionalProperties", false);
        }
        schema.forEach(ProtocolSchema::close);
    }
}
