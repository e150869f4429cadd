package chat.milena.standalone.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client of the stream of events, as a browser's `EventSource` is one. For one thread.
final class EventReader implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final HttpClient http;
    private final HttpResponse<InputStream> answer;
    private final BufferedReader lines;
    private final ExecutorService reading = Executors.newSingleThreadExecutor();
    private String lastEventId = "";

    /// @param lastEventId null for none
    EventReader(URI server, String token, @Nullable String lastEventId) throws IOException, InterruptedException {
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/events"))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    int status() {
        return answer.statusCode();
    }

    String contentType() {
        return answer.headers().firstValue("Content-Type").orElse("");
    }

    /// The id of the last event, which stands until another one comes.
    String lastEventId() {
        return lastEventId;
    }

    /// The next frame.
    JsonNode next() throws Exception {
        Callable<JsonNode> read = this::read;
        return reading.submit(read).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private JsonNode read() throws IOException {
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                lastEventId = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !data.isEmpty()) {
                return Rest.JSON.readTree(data);
            }
        }
        throw new AssertionError("the stream has ended");
    }

    @Override
    public void close() {
        http.shutdownNow();
        reading.shutdownNow();
    }
}
