package chat.milena.syncapi.route;

import chat.milena.runtime.limit.WholeAnswer;
import chat.milena.runtime.config.Secret;
import chat.milena.syncapi.barrier.Deadline;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.route.ReadCodec;
import chat.milena.syncapi.view.ViewName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.state.HostInfo;

/// Calls other instances by their internal calls. Safe for all threads; waits.
final class RemoteReads implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofMillis(500);

    /// The callers bound their requests; this only keeps a broken answer from taking all memory.
    private static final long ANSWER_BYTES_MAX = 32 << 20;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();
    private final Secret secret;

    /// @param secret shared by all instances
    RemoteReads(Secret secret) {
        this.secret = secret;
    }

    /// Reads from the owner of these reads in one version of the views.
    List<ReadAnswer<?>> ofOwner(HostInfo owner, ViewName views, List<? extends Read<?>> reads, Deadline deadline)
            throws UnansweredException, InterruptedException {
        URI uri = URI.create("http://" + owner.host() + ":" + owner.port() + InternalApi.READS);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header(InternalApi.VIEWS, views.application());
        return ask(request, reads, deadline);
    }

    /// Reads from another copy of the views, by any of its instances.
    List<ReadAnswer<?>> ofPeer(URI peer, List<? extends Read<?>> reads, Deadline deadline)
            throws UnansweredException, InterruptedException {
        return ask(HttpRequest.newBuilder(peer.resolve(InternalApi.READS)), reads, deadline);
    }

    private List<ReadAnswer<?>> ask(HttpRequest.Builder request, List<? extends Read<?>> reads, Deadline deadline)
            throws UnansweredException, InterruptedException {
        long leftMillis = deadline.left().toMillis();
        if (leftMillis <= 0) {
            throw new UnansweredException("the time is over");
        }
        HttpRequest asking = request.header("Authorization", "Bearer " + secret.value())
                .header(InternalApi.LEFT_MILLIS, Long.toString(leftMillis))
                .timeout(Duration.ofMillis(leftMillis))
                .POST(BodyPublishers.ofByteArray(ReadCodec.writeReads(reads)))
                .build();
        String where = asking.uri().getAuthority();
        try {
            HttpResponse<byte[]> response =
                    WholeAnswer.of(http, asking, Duration.ofMillis(leftMillis), ANSWER_BYTES_MAX);
            if (response.statusCode() != 200) {
                throw new UnansweredException(where + " returned status " + response.statusCode());
            }
            return ReadCodec.readAnswers(response.body(), reads);
        } catch (IOException e) {
            throw new UnansweredException(
                    where + " cannot be reached: " + e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
