package chat.milena.protocol.documents;

import chat.milena.protocol.frame.FromClient;
import chat.milena.protocol.frame.FromServer;
import chat.milena.protocol.json.JsonText;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.MentionList;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// JSON Schemas of records: what [chat.milena.protocol.json.ProtocolJson] writes. Types are defined once, by name.
final class Schemas {
    static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> IDS =
            Set.of("userId", "conversationId", "senderId", "actorId", "readBy", "deliveredTo");
    private static final String ID = "^[A-Za-z0-9_.-]{1,64}$";
    private static final String MESSAGE_ID = "^[A-Za-z0-9_.:-]{1,64}$";

    private final ObjectNode definitions = JSON.createObjectNode();
    private final SourceDocs docs;
    private final String prefix;

    /// @param prefix of references to definitions
    Schemas(SourceDocs docs, String prefix) {
        this.docs = docs;
        this.prefix = prefix;
    }

    /// All that was asked for, and what that is made of.
    ObjectNode definitions() {
        return definitions;
    }

    /// A reference to what a record or a sealed interface looks like.
    ObjectNode of(Class<?> type) {
        String name = name(type);
        if (!definitions.has(name)) {
            // Before it is made, so that it stands before what it is made of.
            ObjectNode definition = definitions.putObject(name);
            definition.setAll(type.isRecord() ? record(type) : union(type));
        }
        return JSON.createObjectNode().put("$ref", prefix + name);
    }

    /// The name of a type in all documents. Frames carry who sends them in it, since some types go both ways.
    static String name(Class<?> type) {
        if (FromServer.class.isAssignableFrom(type) && type != FromServer.class) {
            return type == FromServer.ServerDraining.class ? type.getSimpleName() : "Server" + type.getSimpleName();
        }
        if (FromClient.class.isAssignableFrom(type) && type != FromClient.class) {
            return "Client" + type.getSimpleName();
        }
        return Entry.class.isAssignableFrom(type) && type != Entry.class
                ? type.getSimpleName() + "Entry"
                : type.getSimpleName();
    }

    private ObjectNode union(Class<?> type) {
        ObjectNode union =
                JSON.createObjectNode().put("description", docs.of(type).text());
        ArrayNode members = union.putArray("anyOf");
        for (Class<?> member : leaves(type)) {
            members.add(of(member));
        }
        return union;
    }

    /// The records of a sealed interface.
    static List<Class<?>> leaves(Class<?> type) {
        List<Class<?>> leaves = new ArrayList<>();
        for (Class<?> member : type.getPermittedSubclasses()) {
            if (member.isRecord()) {
                leaves.add(member);
            } else {
                leaves.addAll(leaves(member));
            }
        }
        return leaves;
    }

    private ObjectNode record(Class<?> type) {
        ObjectNode schema = object(docs.of(type).text());
        if (Frames.isFrame(type)) {
            fill(schema, "type", JSON.createObjectNode().put("const", Frames.word(type)), true);
            fill(
                    schema,
                    "id",
                    string("what the client calls the frame, and its answer").put("maxLength", 128),
                    false);
            if (Frames.isFlat(type)) {
                fields(schema, type, true);
            } else if (type.getRecordComponents().length > 0) {
                ObjectNode payload = JSON.createObjectNode().put("type", "object");
                fields(payload, type, true);
                fill(schema, "payload", payload, true);
            }
            return schema;
        }
        String kind = Frames.kind(type);
        if (kind != null) {
            fill(schema, "kind", JSON.createObjectNode().put("const", kind), true);
        }
        fields(schema, type, true);
        if (type == Entry.Unknown.class) {
            ArrayNode known = schema.withObject("/properties/kind/not").putArray("enum");
            leaves(Entry.class).stream()
                    .map(Frames::kind)
                    .filter(Objects::nonNull)
                    .forEach(known::add);
        }
        return schema;
    }

    private static ObjectNode object(String description) {
        return JSON.createObjectNode().put("type", "object").put("description", description);
    }

    /// @param whole whether what the record holds is always there
    private void fields(ObjectNode schema, Class<?> type, boolean whole) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(JsonUnwrapped.class)
                    || component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                boolean absent = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
                fields(schema, component.getType(), whole && !absent);
                continue;
            }
            AnnotatedType declared = component.getAnnotatedType();
            JsonNode field = field(component.getName(), declared);
            boolean nullable = declared.isAnnotationPresent(Nullable.class);
            boolean always = component.getAccessor().isAnnotationPresent(JsonInclude.class);
            if (nullable && always) {
                ObjectNode either = JSON.createObjectNode();
                either.putArray("anyOf").add(field).addObject().put("type", "null");
                field = either;
            }
            String said = docs.of(type).components().get(component.getName());
            if (said != null) {
                ((ObjectNode) field).put("description", said);
            }
            fill(schema, component.getName(), field, whole && (!nullable || always));
        }
    }

    private static void fill(ObjectNode schema, String name, JsonNode field, boolean required) {
        schema.withObject("/properties").set(name, field);
        if (required) {
            schema.withArray("/required").add(name);
        }
    }

    private JsonNode field(String name, AnnotatedType type) {
        if (type instanceof AnnotatedParameterizedType map
                && ((ParameterizedType) map.getType()).getRawType() == Map.class) {
            ObjectNode object = JSON.createObjectNode().put("type", "object");
            object.set("additionalProperties", field("", map.getAnnotatedActualTypeArguments()[1]));
            return object;
        }
        if (type instanceof AnnotatedParameterizedType list) {
            ObjectNode array = JSON.createObjectNode().put("type", "array");
            String one = name.endsWith("Ids") ? name.substring(0, name.length() - 1) : name;
            array.set(
                    "items",
                    field(one.equals("participantId") ? "userId" : one, list.getAnnotatedActualTypeArguments()[0]));
            return array;
        }
        Class<?> raw = (Class<?>) type.getType();
        if (raw == String.class) {
            ObjectNode string = JSON.createObjectNode().put("type", "string");
            if (IDS.contains(name)) {
                string.put("pattern", ID);
            } else if (name.equals("messageId")) {
                string.put("pattern", MESSAGE_ID);
            }
            return string;
        }
        if (raw == long.class || raw == Long.class || raw == int.class || raw == Integer.class) {
            return JSON.createObjectNode().put("type", "integer");
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return JSON.createObjectNode().put("type", "boolean");
        }
        if (raw == JsonText.class) {
            return JSON.createObjectNode().put("type", "object");
        }
        if (raw == MentionList.class) {
            ObjectNode either = JSON.createObjectNode();
            ArrayNode ways = either.putArray("anyOf");
            ObjectNode ids = ways.addObject().put("type", "array").put("maxItems", 50);
            ids.putObject("items").put("type", "string").put("pattern", ID);
            ways.addObject().put("const", MentionList.ALL);
            return either;
        }
        if (raw.isEnum()) {
            ObjectNode word = JSON.createObjectNode().put("type", "string");
            ArrayNode words = word.putArray("enum");
            for (Object constant : raw.getEnumConstants()) {
                words.add(JSON.valueToTree(constant));
            }
            return word;
        }
        return of(raw);
    }

    private static ObjectNode string(String description) {
        return JSON.createObjectNode().put("type", "string").put("description", description);
    }
}
