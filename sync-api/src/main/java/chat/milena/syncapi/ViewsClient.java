package chat.milena.syncapi;

import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.Secret;
import chat.milena.syncapi.route.InternalApi;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One instance of the sync API, for an operator's tool. Safe for all threads; waits.
public final class ViewsClient {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
    /// The start of a version first rebalances its group.
    private static final Duration STEP_WITHIN = Duration.ofMinutes(2);

    private final URI url;
    private final Secret secret;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_WITHIN).build();

    /// @param url its internal address
    /// @param secret shared by all instances
    public ViewsClient(URI url, Secret secret) {
        this.url = url;
        this.secret = secret;
    }

    /// The instance rejects a request; the message is its reason.
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /// The versions of an instance, the serving one first.
    public record Status(List<Version> versions) {}

    /// One version, as far as this instance has it.
    ///
    /// @param partitions the partitions of the log that it has here
    /// @param lag its lag in records; -1 if unknown
    public record Version(String views, int partitions, long lag) {
        /// One line for people.
        public String text() {
            return views + "  " + partitions + " partitions  " + (lag < 0 ? "starting" : lag + " behind");
        }
    }

    /// Its internal address.
    public URI url() {
        return url;
    }

    /// Its versions.
    public Status status() throws IOException, RefusedException, InterruptedException {
        return ask(request("/views").GET());
    }

    /// Takes one step of a rebuild: `begin`, `switch` or `retire`.
    Status step(String step) throws IOException, RefusedException, InterruptedException {
        return ask(request("/views/" + step).POST(BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(InternalApi.PREFIX + path))
                .timeout(STEP_WITHIN)
                .header("Authorization", "Bearer " + secret.value());
    }

    private Status ask(HttpRequest.Builder request) throws IOException, RefusedException, InterruptedException {
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IOException(url + " cannot be reached: " + e.getClass().getSimpleName(), e);
        }
        JsonNode json = Json.parse(response.body()).orElse(null);
        if (response.statusCode() != 200 || json == null) {
            String message = json == null ? "" : json.path("message").asText();
            throw new RefusedException(
                    url + " returned status " + response.statusCode() + (message.isEmpty() ? "" : ": " + message));
        }
        List<Version> versions = new ArrayList<>();
        for (JsonNode version : json.path("versions")) {
            versions.add(new Version(
                    version.path("views").asText(),
                    version.path("partitions").asInt(),
                    version.path("lag").asLong()));
        }
        return new Status(versions);
    }
}
