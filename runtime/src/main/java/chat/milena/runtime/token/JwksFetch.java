package chat.milena.runtime.token;

import chat.milena.runtime.limit.WholeAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Fetches a key set, bounded in time and size. Follows no redirect, which could lead away from https. Safe for
/// all threads.
final class JwksFetch implements AutoCloseable {
    private static final int OK = 200;

    private final Duration within;
    private final int bytesMax;
    private @Nullable HttpClient client;

    JwksFetch(Duration within, int bytesMax) {
        this.within = within;
        this.bytesMax = bytesMax;
    }

    /// The keys that are published there.
    ///
    /// @throws IOException if there is no valid answer in time; the message says why
    PublishedKeys fetch(URI url) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url).header("Accept", "application/json").build();
        HttpResponse<byte[]> answer;
        try {
            answer = WholeAnswer.of(client(), request, within, bytesMax);
        } catch (HttpTimeoutException e) {
            throw new IOException("it did not answer within " + within, e);
        } catch (IOException e) {
            throw new IOException("it could not be read: " + e, e);
        }
        if (answer.statusCode() != OK) {
            throw new IOException("it returned status " + answer.statusCode());
        }
        return PublishedKeys.parse(answer.body());
    }

    /// Made at the first use: a process without URLs does not need it.
    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(within)
                    .build();
            client = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
