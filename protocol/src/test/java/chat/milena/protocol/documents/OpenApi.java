package chat.milena.protocol.documents;

import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.json.ProtocolJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// The OpenAPI 3.1 document of all REST calls.
final class OpenApi {
    private static final String PREFIX = "#/components/schemas/";

    private final ObjectNode document = Schemas.JSON.createObjectNode();
    private final Schemas schemas;

    private OpenApi(SourceDocs docs) {
        this.schemas = new Schemas(docs, PREFIX);
    }

    static ObjectNode document(SourceDocs docs) {
        return new OpenApi(docs).made();
    }

    private ObjectNode made() {
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Milena")
                .put("version", "v1")
                .put("summary", "REST calls for clients. What holds for all of them is in protocol.md.");
        document.putArray("servers").addObject().put("url", "http://localhost:8080");
        document.putArray("security").addObject().putArray("token");
        ObjectNode paths = document.putObject("paths");
        for (Call call : Call.ALL) {
            ObjectNode path =
                    paths.withObject("/" + call.path().replace("~", "~0").replace("/", "~1"));
            path.set(call.method().toLowerCase(Locale.ROOT), operation(call));
        }
        ObjectNode components = document.putObject("components");
        ObjectNode token = components.putObject("securitySchemes").putObject("token");
        token.put("type", "http").put("scheme", "bearer").put("bearerFormat", "JWT");
        ObjectNode refused = components.putObject("responses").putObject("Refused");
        refused.put("description", "Refused; `error` says why.");
        refused.set("content", content(schemas.of(CallRefused.class)));
        components.set("schemas", schemas.definitions());
        return document;
    }

    private ObjectNode operation(Call call) {
        ObjectNode operation = Schemas.JSON.createObjectNode().put("summary", call.summary());
        operation.put("operationId", operationId(call));
        if (call.isOpen()) {
            operation.putArray("security");
        }
        for (String name : List.of("id", "messageId", "emoji", "userId")) {
            if (call.path().contains("{" + name + "}")) {
                parameter(operation, name, "path").put("required", true);
            }
        }
        new TreeMap<>(call.query())
                .forEach((name, meaning) -> parameter(operation, name, "query").put("description", meaning));
        if (call.path().equals("/api/v1/groups")) {
            parameter(operation, "Idempotency-Key", "header")
                    .put("description", "1 to 255 characters; the same user and key give the same group");
        }
        Record example = call.example();
        if (example != null) {
            ObjectNode body = operation.putObject("requestBody").put("required", true);
            ObjectNode content = content(schemas.of(example.getClass()));
            ((ObjectNode) content.get("application/json")).set("example", json(example));
            body.set("content", content);
        }
        ObjectNode responses = operation.putObject("responses");
        new TreeMap<>(call.statuses()).forEach((status, when) -> {
            ObjectNode response = responses.putObject(status.toString()).put("description", when);
            if (call.answer() != null) {
                response.set("content", content(schemas.of(call.answer())));
            }
        });
        responses.putObject("default").put("$ref", "#/components/responses/Refused");
        return operation;
    }

    private static String operationId(Call call) {
        String path = call.path().replace("/api/v1/", "").replaceAll("[{}]", "");
        return call.method().toLowerCase(Locale.ROOT) + "-" + path.replace('/', '-');
    }

    private static ObjectNode parameter(ObjectNode operation, String name, String in) {
        ObjectNode parameter = operation.withArray("parameters").addObject();
        parameter.put("name", name).put("in", in);
        parameter.putObject("schema").put("type", name.equals("limit") ? "integer" : "string");
        return parameter;
    }

    private static ObjectNode content(JsonNode schema) {
        ObjectNode content = Schemas.JSON.createObjectNode();
        content.putObject("application/json").set("schema", schema);
        return content;
    }

    /// What is sent for a record.
    static JsonNode json(Record value) {
        try {
            return Schemas.JSON.readTree(ProtocolJson.bytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
