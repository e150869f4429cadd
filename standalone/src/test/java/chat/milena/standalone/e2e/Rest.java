package chat.milena.standalone.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// REST calls as they come, bad ones too: nothing is checked before or tried again, and answers are held to the
/// documents. Safe for all threads.
final class Rest implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// What a call was answered with; `body` is a missing node when it was no JSON.
    record Answer(int status, JsonNode body, String text) {
        String error() {
            return body.path("error").asText("");
        }

        String message() {
            return body.path("message").asText("");
        }

        String conversationId() {
            return body.path("conversationId").asText("");
        }
    }

    Rest(URI server) {
        this.server = server;
    }

    Answer post(String path, String token, String body, String... headers) throws IOException, InterruptedException {
        return call("POST", path, token, body, headers);
    }

    /// @param token empty for none
    /// @param headers names and values in turn
    Answer call(String method, String path, String token, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        Answer answer = new Answer(response.statusCode(), parse(response.body()), response.body());
        ProtocolSchema.checkAnswer(method, path, answer);
        return answer;
    }

    static JsonNode parse(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /// The text as a JSON string, quotes included.
    static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
