package chat.milena.runtime.schema;

import chat.milena.runtime.http.OperatorListener.Answer;
import chat.milena.runtime.http.OperatorListener.Calls;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.schemas.wire.ShippedSchemas.Version;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/// The read calls of Confluent's schema registry, answered for the shipped schemas, so that the usual
/// deserializers find the schemas of our topics. Each topic of the catalogue has a subject; the versions of a
/// subject are those of its record. Schemas of state stores are found by id only. Immutable, safe for all threads.
public final class RegistryAnswers implements Calls {
    /// What versions of a subject keep: each reads the values of all earlier ones.
    public static final String COMPATIBILITY = "BACKWARD_TRANSITIVE";

    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final String GET = "GET";
    private static final String POST = "POST";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNPROCESSABLE = 422;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LATEST = "latest";
    /// What some clients send for the latest version.
    private static final String LATEST_NUMBER = "-1";

    /// Errors of the registry's own documentation.
    private enum Fault {
        SUBJECT_NOT_FOUND(NOT_FOUND, 40_401, "Subject not found"),
        VERSION_NOT_FOUND(NOT_FOUND, 40_402, "Version not found"),
        SCHEMA_NOT_FOUND(NOT_FOUND, 40_403, "Schema not found"),
        INVALID_SCHEMA(UNPROCESSABLE, 42_201, "The body must hold an Avro schema in `schema`"),
        INVALID_VERSION(UNPROCESSABLE, 42_202, "The version must be a number from 1 on, or `latest`"),
        READ_ONLY(UNPROCESSABLE, 42_205, "The schemas of Milena are part of its release");

        private final int status;
        private final int code;
        private final String message;

        Fault(int status, int code, String message) {
            this.status = status;
            this.code = code;
            this.message = message;
        }

        Answer answer() {
            return json(status, Map.of("error_code", code, "message", message));
        }
    }

    private final Map<Integer, Version> byId = new TreeMap<>();
    private final Map<String, List<Version>> subjects = new TreeMap<>();

    /// Answers for the subjects of these topics.
    public RegistryAnswers(TopicCatalogue topics, ShippedSchemas schemas) {
        schemas.versions().forEach(version -> byId.put(version.id(), version));
        for (TopicSpec<?, ?> topic : topics.all()) {
            subjects.put(
                    topic.subject(), schemas.versions(topic.values().schema().getName()));
        }
    }

    @Override
    public @Nullable Answer answer(String method, String path, byte[] body) {
        String[] parts = path.substring(1).split("/", -1);
        boolean isRead = method.equals(GET);
        return switch (parts[0]) {
            case "subjects" -> subjects(parts, isRead, method, body);
            case "schemas" -> isRead ? schemas(parts) : Fault.READ_ONLY.answer();
            case "config" -> isRead ? setting(parts, "compatibilityLevel", COMPATIBILITY) : Fault.READ_ONLY.answer();
            case "mode" -> isRead ? setting(parts, "mode", "READONLY") : Fault.READ_ONLY.answer();
            default -> null;
        };
    }

    private @Nullable Answer subjects(String[] parts, boolean isRead, String method, byte[] body) {
        if (parts.length == 1 && isRead) {
            return found(subjects.keySet());
        }
        boolean isLookup = parts.length == 2 && method.equals(POST);
        if (!isRead && !isLookup) {
            return Fault.READ_ONLY.answer();
        }
        List<Version> versions = parts.length == 1 ? null : subjects.get(parts[1]);
        if (versions == null) {
            return Fault.SUBJECT_NOT_FOUND.answer();
        }
        if (isLookup) {
            return lookup(parts[1], versions, body);
        }
        if (parts.length < 3 || parts.length > 5 || !parts[2].equals("versions")) {
            return null;
        }
        if (parts.length == 3) {
            return found(versions.stream().map(Version::version).toList());
        }
        return version(parts, versions);
    }

    private static @Nullable Answer version(String[] parts, List<Version> versions) {
        boolean isLatest = parts[3].equals(LATEST) || parts[3].equals(LATEST_NUMBER);
        int number = isLatest ? versions.getLast().version() : number(parts[3]);
        if (number < 1) {
            return Fault.INVALID_VERSION.answer();
        }
        for (Version version : versions) {
            if (version.version() == number && parts.length == 4) {
                return found(described(parts[1], version));
            }
            if (version.version() == number) {
                return parts[4].equals("schema") ? raw(version) : null;
            }
        }
        return Fault.VERSION_NOT_FOUND.answer();
    }

    /// Which version of a subject a schema is: a read, although it is sent by POST.
    private static Answer lookup(String subject, List<Version> versions, byte[] body) {
        Schema asked;
        try {
            JsonNode schema = JSON.readTree(body).path("schema");
            asked = new Schema.Parser().parse(schema.asText());
        } catch (IOException | RuntimeException e) {
            // Avro's parser fails in many ways.
            return Fault.INVALID_SCHEMA.answer();
        }
        String form = SchemaNormalization.toParsingForm(asked);
        for (Version version : versions) {
            if (SchemaNormalization.toParsingForm(version.schema()).equals(form)) {
                return found(described(subject, version));
            }
        }
        return Fault.SCHEMA_NOT_FOUND.answer();
    }

    private @Nullable Answer schemas(String[] parts) {
        if (parts.length == 2 && parts[1].equals("types")) {
            return found(List.of("AVRO"));
        }
        if (parts.length < 3 || parts.length > 4 || !parts[1].equals("ids")) {
            return null;
        }
        Version version = byId.get(number(parts[2]));
        if (version == null) {
            return Fault.SCHEMA_NOT_FOUND.answer();
        }
        if (parts.length == 3) {
            return found(Map.of("schema", version.schema().toString()));
        }
        return switch (parts[3]) {
            case "schema" -> raw(version);
            case "subjects" -> found(of(version));
            case "versions" ->
                found(of(version).stream()
                        .map(subject -> Map.of("subject", subject, "version", version.version()))
                        .toList());
            default -> null;
        };
    }

    private List<String> of(Version version) {
        List<String> of = new ArrayList<>();
        subjects.forEach((subject, versions) -> {
            if (versions.contains(version)) {
                of.add(subject);
            }
        });
        return of;
    }

    /// The same for all subjects, and for each of them.
    private @Nullable Answer setting(String[] parts, String name, String value) {
        if (parts.length > 2) {
            return null;
        }
        return parts.length == 2 && !subjects.containsKey(parts[1])
                ? Fault.SUBJECT_NOT_FOUND.answer()
                : found(Map.of(name, value));
    }

    private static Map<String, Object> described(String subject, Version version) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("subject", subject);
        described.put("version", version.version());
        described.put("id", version.id());
        described.put("schema", version.schema().toString());
        return described;
    }

    /// -1 for what is no number.
    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static Answer raw(Version version) {
        return new Answer(OK, CONTENT_TYPE, version.schema().toString());
    }

    private static Answer found(Object value) {
        return json(OK, value);
    }

    private static Answer json(int status, Object value) {
        try {
            return new Answer(status, CONTENT_TYPE, JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts, numbers and lists are always written", e);
        }
    }
}
