package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
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

/// A client of a proxy with TLS on this machine. It says a wrong address of itself.
final class ProxyClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;
    private final HttpClient http;

    /// @param certificate of the proxy
    ProxyClient(int port, Path certificate) throws Exception {
        this.port = port;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting(certificate))
                .build();
    }

    /// Returns when the gateways answer through the proxy.
    void awaitAnswers() {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> call("/healthz", "").statusCode() == 200);
    }

    /// @param token empty for none
    HttpResponse<String> call(String path, String token) throws IOException, InterruptedException {
        return http.send(request(path, token).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String token, String body) throws IOException, InterruptedException {
        return http.send(
                request(path, token).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    /// The answer as it comes.
    HttpResponse<InputStream> stream(String path, String token) throws IOException, InterruptedException {
        return http.send(request(path, token).build(), BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .timeout(PATIENCE)
                .header("X-Forwarded-For", "forged");
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    /// The frames of a socket that is connected.
    Queue<String> socket(String path, String token) throws Exception {
        Queue<String> frames = new ConcurrentLinkedQueue<>();
        http.newWebSocketBuilder()
                .subprotocols("milena.v1", token)
                .buildAsync(URI.create("wss://localhost:" + port + path), new WebSocket.Listener() {
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

    @Override
    public void close() {
        http.close();
    }
}
