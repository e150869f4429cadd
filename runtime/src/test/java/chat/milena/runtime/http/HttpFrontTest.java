package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.health.Readiness;
import io.undertow.server.HttpHandler;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpFrontTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Readiness readiness = new Readiness();
    private final HttpFront front = front(0);

    private HttpFront front(int port) {
        return new HttpFront(HttpConfig.of("127.0.0.1", port), readiness, () -> "some metrics");
    }

    private String body(String path) throws Exception {
        return answer(HttpRequest.newBuilder(uri(path)).build());
    }

    private String posted(String path) throws Exception {
        return answer(
                HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + front.port() + path);
    }

    private static String answer(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static HttpHandler says(String word) {
        return exchange -> exchange.getResponseSender().send(word);
    }

    @AfterEach
    void stop() {
        front.stop(SOON);
    }

    @Test
    void portInUseIsOneClearLine() throws Exception {
        front.start();
        int taken = front.port();

        assertThatThrownBy(() -> front(taken).start())
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("port " + taken + " on 127.0.0.1 cannot be listened on: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void longestMountedPrefixServesAPath() throws Exception {
        readiness.set("all", true, "");
        front.mount("/api", says("api"));
        front.mount("/api/v1/sync", says("sync"));
        front.start();

        assertThat(body("/api/v1/groups")).isEqualTo("api");
        assertThat(body("/api/v1/sync")).isEqualTo("sync");
        assertThat(body("/api/v1/sync/deep")).isEqualTo("sync");
        assertThat(body("/api/v1/synchronous")).isEqualTo("api");
        assertThat(body("/apis")).contains("no such path");
        front.unmount("/api/v1/sync");
        assertThat(body("/api/v1/sync")).isEqualTo("api");
    }

    @Test
    void readsOfAPathMayBeServedByAnotherThanItsWrites() throws Exception {
        readiness.set("all", true, "");
        front.mount("/api", says("writes"));
        front.mountReads("/api", says("reads"));
        front.start();

        assertThat(body("/api/v1")).isEqualTo("reads");
        assertThat(posted("/api/v1")).isEqualTo("writes");
        front.unmountReads("/api");
        assertThat(body("/api/v1")).isEqualTo("writes");
    }

    @Test
    void metricsAreServedBeforeAnythingIsReady() throws Exception {
        front.start();

        assertThat(body("/metrics")).isEqualTo("some metrics\n");
    }

    @Test
    void stoppingTwiceOrBeforeTheStartDoesNoHarm() throws Exception {
        front.stop(SOON);
        front.start();
        front.stop(SOON);

        front.stop(SOON);
    }
}
