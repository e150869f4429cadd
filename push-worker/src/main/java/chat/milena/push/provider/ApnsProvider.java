package chat.milena.push.provider;

import chat.milena.push.courier.Courier;
import chat.milena.push.courier.Parcel;
import chat.milena.push.courier.Reasons;
import chat.milena.push.courier.Verdict;
import chat.milena.push.provider.Notification.Message;
import chat.milena.push.provider.Notification.Read;
import chat.milena.schemas.word.PushPlatform;
import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Apple's push notification service, by HTTP/2 and tokens that a key of the operator signs.
public final class ApnsProvider implements Provider {
    static final int BODY_BYTES_MAX = 4_096;

    private static final String SANDBOX = "sandbox";
    private static final Pattern TOKEN = Pattern.compile("[0-9A-Fa-f]{2,200}");
    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIME = Duration.ofSeconds(5);
    private static final int GONE = 410;
    private static final int FORBIDDEN = 403;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int BAD = 400;
    private static final int REDIRECTS = 300;
    private static final int SERVER_ERRORS = 500;

    private final ApnsConfig config;
    private final Courier courier;
    private final Duration closeTime;
    private final EventLoopGroup threads = threads();
    private final ApnsClient production;
    private final ApnsClient sandbox;

    /// Connects with the first notification.
    public ApnsProvider(ApnsConfig config, Courier courier) {
        this(config, courier, CLOSE_TIME);
    }

    /// @param closeTime how long a close waits for attempts that have begun
    ApnsProvider(ApnsConfig config, Courier courier, Duration closeTime) {
        this.config = config;
        this.closeTime = closeTime;
        this.courier = courier;
        this.production = client(config.servers().production());
        this.sandbox = client(config.servers().sandbox());
    }

    /// The only kind that pushy knows.
    @SuppressWarnings("deprecation")
    private static EventLoopGroup threads() {
        return new io.netty.channel.nio.NioEventLoopGroup(1);
    }

    private ApnsClient client(InetSocketAddress server) {
        try {
            ApnsClientBuilder client = new ApnsClientBuilder()
                    .setApnsServer(server.getHostString(), server.getPort())
                    .setSigningKey(config.key())
                    .setConnectionTimeout(CONNECT_TIME)
                    .setGracefulShutdownTimeout(closeTime)
                    .setEventLoopGroup(threads);
            if (config.servers().trusted() != null) {
                client.setTrustedServerCertificateChain(config.servers().trusted());
            }
            return client.build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS of this Java does not start", e);
        }
    }

    @Override
    public PushPlatform platform() {
        return PushPlatform.APNS;
    }

    @Override
    public CompletableFuture<Verdict> send(Destination destination, Notification notification) {
        boolean isSandbox = SANDBOX.equals(destination.environment());
        String topic = destination.appId() == null ? config.topics().getFirst() : destination.appId();
        if (!config.topics().contains(topic)) {
            return refused("app");
        }
        String token = destination.address().value();
        if (!TOKEN.matcher(token).matches()) {
            return refused("token");
        }
        ApnsAttempt push = push(token, topic, notification);
        if (push == null) {
            return refused(Reasons.TOO_LARGE);
        }
        ApnsClient client = isSandbox ? sandbox : production;
        return courier.send(
                        new Parcel(platform().word(), isSandbox ? SANDBOX : "production", () -> attempt(client, push)))
                .whenComplete((_, _) -> push.end());
    }

    private static CompletableFuture<Verdict> attempt(ApnsClient client, ApnsAttempt push) {
        return client.sendNotification(push)
                .handle((answer, failure) ->
                        failure == null ? verdict(answer) : new Verdict.Retry(Reasons.UNREACHABLE));
    }

    private static CompletableFuture<Verdict> refused(String reason) {
        return CompletableFuture.completedFuture(new Verdict.Refused(reason));
    }

    private static @Nullable ApnsAttempt push(String token, String topic, Notification notification) {
        return switch (notification) {
            case Message message -> {
                Message fitting = PushBody.fitting(message, BODY_BYTES_MAX, ApnsProvider::body);
                yield fitting == null
                        ? null
                        : new ApnsAttempt(
                                token,
                                topic,
                                text(body(fitting)),
                                message.expiresAt(),
                                DeliveryPriority.IMMEDIATE,
                                message.handling().collapseKey());
            }
            case Read read ->
                new ApnsAttempt(
                        token, topic, text(badge(read)), read.expiresAt(), DeliveryPriority.CONSERVE_POWER, null);
        };
    }

    private static ObjectNode body(Message message) {
        ObjectNode body = PushBody.JSON.createObjectNode();
        ObjectNode aps = body.putObject("aps");
        aps.putObject("alert")
                .put("title", message.alert().title())
                .put("body", message.alert().body());
        aps.put("badge", message.unread())
                .put("sound", "default")
                .put("thread-id", message.subject().conversationId())
                .put("mutable-content", 1);
        body.set("milena", PushBody.milena(message));
        return body;
    }

    private static ObjectNode badge(Read read) {
        ObjectNode body = PushBody.JSON.createObjectNode();
        body.putObject("aps").put("badge", read.unread());
        return body;
    }

    private static String text(ObjectNode body) {
        return new String(PushBody.bytes(body), StandardCharsets.UTF_8);
    }

    /// As Apple's table of status codes and reasons has it.
    private static Verdict verdict(PushNotificationResponse<?> answer) {
        if (answer.isAccepted()) {
            return new Verdict.Accepted();
        }
        int status = answer.getStatusCode();
        String reason = answer.getRejectionReason().orElse("");
        return switch (status) {
            case GONE -> new Verdict.Gone(answer.getTokenInvalidationTimestamp().orElse(null));
            case FORBIDDEN -> new Verdict.Retry(Reasons.KEY);
            case TOO_LARGE -> new Verdict.Refused(Reasons.TOO_LARGE);
            case TOO_MANY -> new Verdict.Retry(Reasons.THROTTLED);
            case BAD -> bad(reason);
            default -> {
                if (status >= SERVER_ERRORS) {
                    yield new Verdict.Retry(Reasons.SERVER_ERROR);
                }
                yield status >= REDIRECTS && status < BAD
                        ? new Verdict.Refused(Reasons.REDIRECT)
                        : new Verdict.Retry(Reasons.NONSENSE);
            }
        };
    }

    private static Verdict bad(String reason) {
        return switch (reason) {
            case "BadDeviceToken" -> new Verdict.Gone(null);
            case "IdleTimeout" -> new Verdict.Retry(Reasons.UNREACHABLE);
            case "BadTopic", "TopicDisallowed", "DeviceTokenNotForTopic" -> new Verdict.Refused("app");
            case "" -> new Verdict.Retry(Reasons.NONSENSE);
            default -> new Verdict.Refused("rejected");
        };
    }

    @Override
    public void close() {
        CompletableFuture.allOf(production.close(), sandbox.close())
                .completeOnTimeout(null, closeTime.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        threads.shutdownGracefully(0, closeTime.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }
}
