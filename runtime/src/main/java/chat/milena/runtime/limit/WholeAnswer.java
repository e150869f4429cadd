package chat.milena.runtime.limit;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// An answer over HTTP with its body, bounded in time and size.
///
/// The timeout of a request of [HttpClient] ends with the head of the answer: a body that stalls would be waited for
/// without end.
public final class WholeAnswer {
    private WholeAnswer() {}

    /// Sends a request, and waits for all of its answer.
    ///
    /// @throws HttpTimeoutException if the answer is not whole in time; the request is then cancelled
    public static HttpResponse<byte[]> of(HttpClient http, HttpRequest request, Duration within, long bytesMax)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> asked =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), bytesMax));
        try {
            return asked.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            HttpTimeoutException late = new HttpTimeoutException("no whole answer within " + within);
            late.initCause(e);
            throw late;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            asked.cancel(true);
        }
    }
}
