package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.util.Methods;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `docs/protocol.md` says of reading against what is served.
@Timeout(60)
class ProtocolDocumentIT {
    private static final Pattern CALL = Pattern.compile(
            "^\\| `(GET|POST) (/api/v1/(?:blocks|conversations|devices|moderation|sync|threads|unread|users)[^`]*)`",
            Pattern.MULTILINE);

    @Test
    void readsThatAreDescribedAreThoseThatAreServed() throws Exception {
        String document = Files.readString(Path.of("..", "docs", "protocol.md"));
        String reading = document.substring(document.indexOf("## Reading"), document.indexOf("## Errors"));
        List<MatchResult> calls = CALL.matcher(reading).results().toList();
        assertThat(calls).hasSizeGreaterThanOrEqualTo(13);
        try (SyncServer server = new SyncServer();
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(server.http.api().routes())
                    .filteredOn(route -> !route.method().equals(Methods.HEAD))
                    .extracting(route -> route.method() + " " + route.path())
                    .containsExactlyInAnyOrderElementsOf(calls.stream()
                            .map(call -> call.group(1) + " " + call.group(2).replaceAll("\\?.*", ""))
                            .toList());
            for (MatchResult call : calls) {
                String path = call.group(2).replace("{id}", "c1").replace("{messageId}", "m1");
                HttpRequest nobody = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.front.port() + path))
                        .method(call.group(1), BodyPublishers.ofString("{}"))
                        .build();
                assertThat(client.send(nobody, BodyHandlers.ofString()).statusCode())
                        .as(call.group())
                        .isEqualTo(401);
            }
        }
    }
}
