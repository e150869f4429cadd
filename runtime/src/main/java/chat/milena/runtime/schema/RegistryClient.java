package chat.milena.runtime.schema;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.limit.WholeAnswer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// The calls of Confluent's schema registry that we need. Each is bounded in time and size. Safe for all threads.
final class RegistryClient implements AutoCloseable {
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    /// The codes of what a registry does not have are 404 and two digits.
    private static final int CODES = 100;
    private static final int SERVER_FAILED = 500;
    private static final int TOO_MANY = 429;
    private static final int BYTES_MAX = 4 << 20;
    private static final int MESSAGE_CHARACTERS_MAX = 300;
    private static final JsonMapper JSON = new JsonMapper();

    private final URI url;
    private final @Nullable Secret login;
    private final Duration within;
    private final HttpClient http;

    /// @param login user and password, with a colon between them; null for none
    /// @param within for each call
    RegistryClient(URI url, @Nullable Secret login, Duration within) {
        this.url = url;
        this.login = login;
        this.within = within;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(within)
                .build();
    }

    /// The registry answers, and does not do what is asked. A retry does not help.
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /// Has a subject keep a compatibility from now on.
    ///
    /// @return the one that it keeps
    /// @throws IOException if a retry may help, also as another process does the same
    String keep(String subject, String compatibility) throws IOException, InterruptedException {
        HttpResponse<byte[]> kept = ask(
                "PUT", "/config/" + encoded(subject), JSON.writeValueAsBytes(Map.of("compatibility", compatibility)));
        if (kept.statusCode() == CONFLICT) {
            throw new IOException("another process changes " + subject + " at the schema registry at " + url);
        }
        if (kept.statusCode() != OK) {
            throw refused(subject + " cannot be made " + compatibility, kept);
        }
        return json(kept).path("compatibility").asText();
    }

    /// The id of a schema of this subject, which is registered if it is not.
    ///
    /// @throws RefusedException if the registry rejects the schema, for example as incompatible
    int register(String subject, Schema schema) throws IOException, InterruptedException {
        HttpResponse<byte[]> registered = ask("POST", "/subjects/" + encoded(subject) + "/versions", body(schema));
        if (registered.statusCode() != OK) {
            throw refused("a schema of " + subject + " cannot be registered", registered);
        }
        return id(registered);
    }

    /// The id of a schema of this subject; null if it is not registered.
    @Nullable
    Integer find(String subject, Schema schema) throws IOException, InterruptedException {
        HttpResponse<byte[]> known = ask("POST", "/subjects/" + encoded(subject), body(schema));
        if (known.statusCode() == NOT_FOUND) {
            return null;
        }
        if (known.statusCode() != OK) {
            throw refused(subject + " cannot be read", known);
        }
        return id(known);
    }

    private static byte[] body(Schema schema) throws IOException {
        return JSON.writeValueAsBytes(Map.of("schema", schema.toString()));
    }

    /// The schema of this id; null if the registry has none, or one that is not Avro.
    @Nullable
    Schema schemaOf(int id) throws IOException, InterruptedException {
        HttpResponse<byte[]> found = ask("GET", "/schemas/ids/" + id, null);
        if (found.statusCode() == NOT_FOUND) {
            return null;
        }
        if (found.statusCode() != OK) {
            throw refused("schema " + id + " cannot be read", found);
        }
        try {
            return new Schema.Parser().parse(json(found).path("schema").asText());
        } catch (AvroRuntimeException e) {
            return null;
        }
    }

    private HttpResponse<byte[]> ask(String method, String path, byte @Nullable [] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Accept", CONTENT_TYPE + ", application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.header("Content-Type", CONTENT_TYPE);
        }
        if (login != null) {
            byte[] bytes = login.value().getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        HttpResponse<byte[]> answer;
        try {
            answer = WholeAnswer.of(http, request.build(), within, BYTES_MAX);
        } catch (IOException e) {
            throw new IOException("the schema registry at " + url + " does not answer: " + e, e);
        }
        if (answer.statusCode() >= SERVER_FAILED || answer.statusCode() == TOO_MANY) {
            throw new IOException("the schema registry at " + url + " returned status " + answer.statusCode());
        }
        if (answer.statusCode() == NOT_FOUND && errorCode(answer) / CODES != NOT_FOUND) {
            throw new IOException("the schema registry at " + url + " returned status 404 without its error code:"
                    + " MILENA_SCHEMA_REGISTRY_URL may lack a path, or a proxy answered");
        }
        return answer;
    }

    /// Zero without one.
    private static int errorCode(HttpResponse<byte[]> answer) {
        try {
            return JSON.readTree(answer.body()).path("error_code").asInt();
        } catch (IOException e) {
            return 0;
        }
    }

    private int id(HttpResponse<byte[]> answer) throws IOException {
        JsonNode id = json(answer).path("id");
        if (!id.isInt()) {
            throw new RefusedException("the schema registry at " + url + " returned no id");
        }
        return id.asInt();
    }

    private JsonNode json(HttpResponse<byte[]> answer) throws RefusedException {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new RefusedException("the schema registry at " + url + " did not return JSON");
        }
    }

    private RefusedException refused(String what, HttpResponse<byte[]> answer) {
        String why = new String(answer.body(), StandardCharsets.UTF_8).replaceAll("\\s+", " ");
        return new RefusedException(what + " at the schema registry " + url + ": status " + answer.statusCode() + " "
                + why.substring(0, Math.min(why.length(), MESSAGE_CHARACTERS_MAX)));
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
