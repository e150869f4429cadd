package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.standalone.ProxyConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Clients behind the nginx of `deploy/`: sockets, streams, calls, and its own answers. Left out where nginx is not
/// installed (Debian's package nginx-light).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FORWARDED = "X-Forwarded-For";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena().with("MILENA_TRUSTED_PROXIES", "127.0.0.1");

    @TempDir
    Path folder;

    @Test
    void clientsChatThroughTheProxy() throws Exception {
        int port = FreePorts.take(1).getFirst();
        Process nginx = new ProcessBuilder(ProxyConfig.in(folder, port, milena.port()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(trusting(folder.resolve("secrets/tls.crt")))
                        .build();
                Tenant home = Tenant.ofDefault(milena)) {
            URI url = URI.create("https://localhost:" + port);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> get(http, url.resolve("/healthz"), "").statusCode() == 200);
            String talk = home.direct("alice", "bob");
            Queue<String> frames =
                    socket(http, URI.create("wss://localhost:" + port + "/ws?route=s1"), home.tokenOf("bob"));
            HttpResponse<InputStream> events = http.send(
                    HttpRequest.newBuilder(url.resolve("/events?route=s1"))
                            .header("Authorization", "Bearer " + home.tokenOf("bob"))
                            .build(),
                    BodyHandlers.ofInputStream());

            assertThat(events.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            assertThat(home.posts("alice", talk, "through-the-proxy", "hello").status())
                    .isEqualTo(201);

            await().atMost(PATIENCE)
                    .until(() -> frames.stream().anyMatch(frame -> frame.contains("through-the-proxy")));
            StringBuilder stream = new StringBuilder();
            while (stream.indexOf("through-the-proxy") < 0) {
                byte[] some = new byte[8_192];
                int count = events.body().read(some);
                assertThat(count).as("the stream goes on after %s", stream).isPositive();
                stream.append(new String(some, 0, count, StandardCharsets.UTF_8));
            }
            events.body().close();
            assertThat(get(http, url.resolve("/api/v1/conversations/" + talk + "/messages"), home.tokenOf("bob"))
                            .body())
                    .contains("through-the-proxy");
            answersOfItsOwn(http, url, home);
        } finally {
            nginx.destroy();
            assertThat(nginx.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readString(folder.resolve("access.log")))
                .as("no query, which holds tokens and cursors")
                .contains("GET /ws")
                .doesNotContain("route=");
    }

    private void answersOfItsOwn(HttpClient http, URI url, Tenant home) throws Exception {
        HttpResponse<String> large = http.send(
                HttpRequest.newBuilder(url.resolve("/api/v1/sync"))
                        .header("Authorization", "Bearer " + home.tokenOf("bob"))
                        .POST(BodyPublishers.ofString("x".repeat(2 << 20)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("\"error\":\"TOO_LARGE\"");
        assertThat(get(http, url.resolve("/readyz"), "").statusCode()).isEqualTo(404);

        milena.kill9();

        HttpResponse<String> gone = get(http, url.resolve("/api/v1/unread"), home.tokenOf("bob"));
        assertThat(gone.statusCode()).isEqualTo(503);
        assertThat(gone.body()).contains("\"error\":\"UNAVAILABLE\"");
        assertThat(gone.headers().firstValue("Retry-After")).contains("1");
        assertThat(gone.headers().allValues("Access-Control-Allow-Origin")).containsExactly("*");
    }

    private static HttpResponse<String> get(HttpClient http, URI uri, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(PATIENCE).header(FORWARDED, "forged");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static Queue<String> socket(HttpClient http, URI uri, String token) throws Exception {
        Queue<String> frames = new ConcurrentLinkedQueue<>();
        http.newWebSocketBuilder()
                .subprotocols("milena.v1", token)
                .buildAsync(uri, new WebSocket.Listener() {
                    private final StringBuilder part = new StringBuilder();

                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        frames.add("closed " + code + " " + reason);
                        return null;
                    }

                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        part.append(data);
                        if (last) {
                            frames.add(part.toString());
                            part.setLength(0);
                        }
                        socket.request(1);
                        return null;
                    }
                })
                .get(30, TimeUnit.SECONDS);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(frames).anyMatch(frame -> frame.contains("\"connected\"")));
        return frames;
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "proxy", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
