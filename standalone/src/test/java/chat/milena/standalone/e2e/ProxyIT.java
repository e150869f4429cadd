package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.standalone.ProxyConfig;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients behind the proxies of `deploy/`: sockets, streams, calls, and answers of a proxy itself. One that is not
/// installed (Debian's packages nginx-light and haproxy) is left out.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_TRUSTED_PROXIES", "127.0.0.1");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void clientsChatThroughTheProxy(ProxyConfig kind) throws Exception {
        if (!milena.isReady()) {
            milena.start();
        }
        String message = "through-" + kind;
        int port = FreePorts.take(1).getFirst();
        String gateway = "127.0.0.1:" + milena.port();
        Process running = kind.start(folder, port, text -> text.replaceAll("gateway-[0-9]:8080", gateway));
        try (ProxyClient proxy = new ProxyClient(port, folder.resolve("secrets/tls.crt"));
                Tenant home = Tenant.ofDefault(milena)) {
            proxy.awaitAnswers();
            String talk = home.direct("alice", "bob");
            Queue<String> frames = proxy.socket("/ws?route=s1", home.tokenOf("bob"));
            HttpResponse<InputStream> events = proxy.stream("/events?route=s1", home.tokenOf("bob"));

            assertThat(events.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            assertThat(home.posts("alice", talk, message, "hello").status()).isEqualTo(201);

            await().atMost(PATIENCE).until(() -> frames.stream().anyMatch(frame -> frame.contains(message)));
            StringBuilder stream = new StringBuilder();
            while (stream.indexOf(message) < 0) {
                byte[] some = new byte[8_192];
                int count = events.body().read(some);
                assertThat(count).as("the stream goes on after %s", stream).isPositive();
                stream.append(new String(some, 0, count, StandardCharsets.UTF_8));
            }
            events.body().close();
            assertThat(proxy.call("/api/v1/conversations/" + talk + "/messages", home.tokenOf("bob"))
                            .body())
                    .contains(message);
            answersOfItsOwn(proxy, home);
        } finally {
            running.destroy();
            assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readString(folder.resolve(kind == ProxyConfig.NGINX ? "access.log" : "haproxy.out")))
                .as("no query, which holds tokens and cursors")
                .contains("GET /ws")
                .doesNotContain("route=");
    }

    private void answersOfItsOwn(ProxyClient proxy, Tenant home) throws Exception {
        HttpResponse<String> large = proxy.post("/api/v1/sync", home.tokenOf("bob"), "x".repeat(2 << 20));
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("\"error\":\"TOO_LARGE\"");
        assertThat(proxy.call("/readyz", "").statusCode()).isEqualTo(404);

        milena.kill9();

        HttpResponse<String> gone = proxy.call("/api/v1/unread", home.tokenOf("bob"));
        assertThat(gone.statusCode()).isEqualTo(503);
        assertThat(gone.body()).contains("\"error\":\"UNAVAILABLE\"");
        assertThat(gone.headers().firstValue("Retry-After")).contains("1");
        assertThat(gone.headers().allValues("Access-Control-Allow-Origin")).containsExactly("*");
    }
}
