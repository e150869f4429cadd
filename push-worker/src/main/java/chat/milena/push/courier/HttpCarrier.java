package chat.milena.push.courier;

import chat.milena.runtime.config.ForbiddenAddressException;
import chat.milena.runtime.config.OutsideEndpoints;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Bounded exchanges by HTTP/1.1 with hosts that cannot be trusted. For all threads; an exchange has a virtual
/// thread.
///
/// A connection goes to the very address that was checked, whatever the name stands for a moment later: the check is
/// the resolver of the client. Redirects are not followed, nothing is decompressed or kept between exchanges but
/// connections, heads and bodies of answers are bounded, and the whole exchange has one time, whatever trickles in.
public final class HttpCarrier implements AutoCloseable {
    private static final int LINE_MAX = 8_192;
    private static final int HEADS_MAX = 100;
    private static final Duration IDLE_MAX = Duration.ofSeconds(30);
    private static final Duration CONNECTION_LIFE = Duration.ofMinutes(10);
    /// The longest wait that is taken from a `Retry-After`.
    private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);

    private static final int REDIRECTS = 300;
    private static final int BAD_REQUESTS = 400;
    private static final int SERVER_ERRORS = 500;
    private static final int TOO_MANY_REQUESTS = 429;

    private final HttpLimits limits;
    private final Clock clock;
    private final CheckedNames names;
    private final CloseableHttpClient client;

    /// Connects with the first exchange.
    ///
    /// @param endpoints the hosts that may be called
    /// @param tls what certificates are checked with; null for the certificate authorities of this Java
    public HttpCarrier(HttpLimits limits, OutsideEndpoints endpoints, @Nullable SSLContext tls, Clock clock) {
        this.limits = limits;
        this.clock = clock;
        this.names = new CheckedNames(endpoints::resolve, limits.connectTime());
        this.client = client(limits, names, tls);
    }

    /// The answer to a request.
    ///
    /// @param retryAt the moment that `Retry-After` names, within bounds; null without
    /// @param body its body, or the beginning of it; empty if it broke off
    /// @param whole whether the body is whole
    public record Answer(int status, @Nullable Instant retryAt, String body, boolean whole) {
        /// The verdict on what every protocol has in common: redirects, limits and errors of the server. Null for
        /// the rest.
        public @Nullable Verdict common() {
            if (status == TOO_MANY_REQUESTS) {
                return new Verdict.Retry(Reasons.THROTTLED, retryAt);
            }
            if (status >= SERVER_ERRORS) {
                return new Verdict.Retry(Reasons.SERVER_ERROR, retryAt);
            }
            return status >= REDIRECTS && status < BAD_REQUESTS ? new Verdict.Refused(Reasons.REDIRECT) : null;
        }
    }

    private static CloseableHttpClient client(HttpLimits limits, CheckedNames names, @Nullable SSLContext tls) {
        Timeout connectTime = Timeout.of(limits.connectTime());
        Timeout answerTime = Timeout.of(limits.answerTime());
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(names)
                .setMaxConnTotal(limits.connectionsMax())
                .setMaxConnPerRoute(limits.perOriginMax())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(LINE_MAX)
                                .setMaxHeaderCount(HEADS_MAX)
                                .build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connectTime)
                        .setSocketTimeout(answerTime)
                        .setTimeToLive(TimeValue.of(CONNECTION_LIFE))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .setDefaultSocketConfig(
                        SocketConfig.custom().setSoTimeout(connectTime).build())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(connectTime).build());
        if (tls != null) {
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(tls));
        }
        return HttpClients.custom()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(connectTime)
                        .setResponseTimeout(answerTime)
                        .setConnectionKeepAlive(TimeValue.of(IDLE_MAX))
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .evictIdleConnections(TimeValue.of(IDLE_MAX))
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("Milena")
                .build();
    }

    /// Sends the body, and returns the answer. A cancelled exchange ends its connection.
    public CompletableFuture<Answer> post(URI target, Map<String, String> heads, byte[] body) {
        HttpPost request = new HttpPost(target);
        heads.forEach(request::setHeader);
        request.setEntity(new ByteArrayEntity(body, null));
        CompletableFuture<Answer> answer =
                new CompletableFuture<Answer>().orTimeout(limits.answerTime().toNanos(), TimeUnit.NANOSECONDS);
        CompletableFuture<Answer> _ = answer.whenComplete((_, failure) -> {
            if (failure != null) {
                // Not on the thread of the timer, since it closes a socket.
                Thread.ofVirtual().name("courier-cancel").start(request::cancel);
            }
        });
        Thread.ofVirtual().name("courier-exchange").start(() -> {
            try {
                answer.complete(exchange(request));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private Answer exchange(HttpPost request) throws IOException {
        ClassicHttpResponse response = client.executeOpen(null, request, null);
        boolean whole = false;
        try {
            Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
            Instant retryAt = RetryAfter.parse(
                    retryAfter == null ? null : retryAfter.getValue(), clock.instant(), RETRY_AFTER_MAX);
            HttpEntity entity = response.getEntity();
            byte[] body = {};
            try (InputStream content = entity == null ? InputStream.nullInputStream() : entity.getContent()) {
                body = content.readNBytes(limits.bodyBytesMax());
                whole = content.read() < 0;
                if (!whole) {
                    // Its close would read the rest.
                    request.cancel();
                }
            } catch (IOException e) {
                // The head has come, and says what there is to say.
                whole = false;
            }
            return new Answer(response.getCode(), retryAt, new String(body, StandardCharsets.UTF_8), whole);
        } finally {
            close(response);
        }
    }

    private static void close(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            // Its connection is gone.
        }
    }

    /// The verdict on an exchange that failed.
    public static Verdict failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return switch (cause) {
            case ForbiddenAddressException _ -> new Verdict.Refused(Reasons.ADDRESS);
            // Others had all look-ups or all connections: the host was not asked.
            case BusyException _, ConnectionRequestTimeoutException _ -> new Verdict.Retry(Reasons.BUSY);
            case TimeoutException _, InterruptedIOException _ -> new Verdict.Retry(Reasons.TIMEOUT);
            case ProtocolException _ -> new Verdict.Retry(Reasons.NONSENSE);
            case ClientProtocolException _ -> new Verdict.Retry(Reasons.NONSENSE);
            case null, default -> new Verdict.Retry(Reasons.UNREACHABLE);
        };
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
        names.close();
    }
}
