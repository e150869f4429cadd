package chat.milena.testsupport;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.jspecify.annotations.Nullable;

/// A registry outside, as Confluent documents it: one id for a schema in all subjects, versions that must be compatible
/// with all earlier ones of their subject. Like Apicurio's, it answers below a path, and elsewhere with a 404 of
/// another
/// form. Its ids begin far from ours.
public final class RegistryPeer implements AutoCloseable {
    private static final String PATH = "/apis/ccompat/v7";
    private static final int FIRST_ID = 4_001;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final List<Schema> byId = new ArrayList<>();
    private final Map<String, List<Schema>> subjects = new LinkedHashMap<>();
    private final Map<String, String> compatibility = new LinkedHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger conflicts = new AtomicInteger();
    private final AtomicInteger registered = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private @Nullable String login;

    public RegistryPeer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
    }

    /// Answers 503 to the next calls.
    public void failNext(int calls) {
        failures.set(calls);
    }

    /// Answers the next change of a subject's compatibility as Apicurio's does while another one is made.
    public void conflictNext() {
        conflicts.set(1);
    }

    /// Accepts only this value of the head `Authorization`.
    public synchronized void require(String authorization) {
        login = authorization;
    }

    /// How many calls came.
    public int calls() {
        return calls.get();
    }

    /// How many versions were registered.
    public int registered() {
        return registered.get();
    }

    /// The schemas of a subject, oldest first.
    public synchronized List<Schema> versions(String subject) {
        return List.copyOf(subjects.getOrDefault(subject, List.of()));
    }

    public synchronized @Nullable String compatibility(String subject) {
        return compatibility.get(subject);
    }

    /// The id of a schema, which is registered if it is not.
    public synchronized int register(String subject, Schema schema) {
        if (!byId.contains(schema)) {
            byId.add(schema);
        }
        subjects.computeIfAbsent(subject, made -> new ArrayList<>()).add(schema);
        return id(schema);
    }

    private int id(Schema schema) {
        return FIRST_ID + byId.indexOf(schema);
    }

    private void handle(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                    ? new Answer(503, Map.of("error_code", 50_001, "message", "no leader"))
                    : answer(exchange, body);
            byte[] bytes = JSON.writeValueAsBytes(answer.body());
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private record Answer(int status, Map<String, Object> body) {}

    private synchronized Answer answer(HttpExchange exchange, byte[] body) throws IOException {
        if (login != null && !login.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return new Answer(401, Map.of("error_code", 401, "message", "Unauthorized"));
        }
        String whole = exchange.getRequestURI().getPath();
        if (!whole.startsWith(PATH + "/")) {
            return new Answer(404, Map.of("status", 404, "title", "Could not find resource for full path: " + whole));
        }
        String[] path = whole.substring(PATH.length() + 1).split("/", -1);
        String call = exchange.getRequestMethod() + " " + path[0] + " " + path.length;
        return switch (call) {
            case "POST subjects 2" -> lookup(path[1], schema(body));
            case "POST subjects 3" -> add(path[1], schema(body));
            case "PUT config 2" -> {
                if (conflicts.getAndSet(0) > 0) {
                    yield new Answer(
                            409, Map.of("error_code", 0, "message", "A rule named 'COMPATIBILITY' already exists."));
                }
                compatibility.put(
                        path[1], JSON.readTree(body).path("compatibility").asText());
                yield new Answer(200, Map.of("compatibility", compatibility.get(path[1])));
            }
            case "GET schemas 3" -> {
                int at = Integer.parseInt(path[2]) - FIRST_ID;
                yield at < 0 || at >= byId.size()
                        ? new Answer(404, Map.of("error_code", 40_403, "message", "Schema not found"))
                        : new Answer(200, Map.of("schema", byId.get(at).toString()));
            }
            default -> new Answer(405, Map.of("error_code", 405, "message", call));
        };
    }

    private static Schema schema(byte[] body) throws IOException {
        String text = JSON.readTree(new String(body, StandardCharsets.UTF_8))
                .path("schema")
                .asText();
        return new Schema.Parser().parse(text);
    }

    private Answer lookup(String subject, Schema schema) {
        int version = subjects.getOrDefault(subject, List.of()).indexOf(schema);
        return version < 0
                ? new Answer(404, Map.of("error_code", 40_403, "message", "Schema not found"))
                : new Answer(200, Map.of("subject", subject, "version", version + 1, "id", id(schema)));
    }

    private Answer add(String subject, Schema schema) {
        List<Schema> newestFirst = versions(subject).reversed();
        try {
            new SchemaValidatorBuilder().canReadStrategy().validateAll().validate(schema, newestFirst);
        } catch (SchemaValidationException e) {
            return new Answer(409, Map.of("error_code", 409, "message", "Schema being registered is incompatible"));
        }
        registered.incrementAndGet();
        return new Answer(200, Map.of("id", register(subject, schema)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
