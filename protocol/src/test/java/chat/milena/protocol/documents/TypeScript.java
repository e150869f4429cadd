package chat.milena.protocol.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// TypeScript types of JSON Schemas, as far as [Schemas] makes them.
final class TypeScript {
    private TypeScript() {}

    /// All definitions as exported types.
    static String types(ObjectNode definitions) {
        StringBuilder text = new StringBuilder("// The types of the protocol, made from its records. Do not edit.\n");
        for (Map.Entry<String, JsonNode> definition : definitions.properties()) {
            text.append('\n');
            comment(text, "", definition.getValue());
            JsonNode members = definition.getValue().path("anyOf");
            if (members.isArray()) {
                text.append("export type ").append(definition.getKey()).append(" =\n  | ");
                text.append(all(members).stream()
                        // With it, no `kind` would tell which of the others an entry is.
                        .filter(member -> !member.equals("UnknownEntry"))
                        .collect(Collectors.joining("\n  | ")));
                text.append(";\n");
            } else {
                text.append("export interface ").append(definition.getKey()).append(' ');
                text.append(object("", definition.getValue())).append('\n');
            }
        }
        return text.toString();
    }

    private static void comment(StringBuilder text, String indent, JsonNode schema) {
        if (schema.has("description")) {
            text.append(indent)
                    .append("/** ")
                    .append(schema.path("description").asText())
                    .append(" */\n");
        }
    }

    private static String object(String indent, JsonNode schema) {
        if (schema.has("additionalProperties")) {
            return "Record<string, " + type(indent, schema.path("additionalProperties")) + ">";
        }
        if (!schema.has("properties")) {
            return "Record<string, unknown>";
        }
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        StringBuilder text = new StringBuilder("{\n");
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
            comment(text, indent + "  ", field.getValue());
            text.append(indent).append("  ").append(field.getKey());
            text.append(required.contains(field.getKey()) ? ": " : "?: ");
            text.append(type(indent + "  ", field.getValue())).append(";\n");
        }
        return text.append(indent).append('}').toString();
    }

    private static String type(String indent, JsonNode schema) {
        if (schema.has("$ref")) {
            String reference = schema.path("$ref").asText();
            return reference.substring(reference.lastIndexOf('/') + 1);
        }
        if (schema.has("const")) {
            return schema.path("const").toString();
        }
        if (schema.has("anyOf")) {
            return String.join(" | ", all(schema.path("anyOf")));
        }
        if (schema.has("enum")) {
            List<String> words = new ArrayList<>();
            schema.path("enum").forEach(word -> words.add(word.toString()));
            return String.join(" | ", words);
        }
        return switch (schema.path("type").asText()) {
            case "array" -> {
                String items = type(indent, schema.path("items"));
                yield (items.contains(" ") ? "(" + items + ")" : items) + "[]";
            }
            case "integer" -> "number";
            case "object" -> object(indent, schema);
            default -> schema.path("type").asText();
        };
    }

    private static List<String> all(JsonNode members) {
        List<String> types = new ArrayList<>();
        members.forEach(member -> types.add(type("", member)));
        return types;
    }
}
