package chat.milena.push.provider;

import chat.milena.push.courier.Courier;
import chat.milena.push.courier.HttpCarrier;
import chat.milena.push.courier.HttpCarrier.Answer;
import chat.milena.push.courier.Parcel;
import chat.milena.push.courier.Reasons;
import chat.milena.push.courier.Verdict;
import chat.milena.push.provider.Notification.Message;
import chat.milena.push.provider.Notification.Read;
import chat.milena.runtime.config.VapidKeys;
import chat.milena.schemas.word.PushPlatform;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.interaso.webpush.WebPush;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The push services of browsers (RFC 8030), with encryption for the browser alone (RFC 8291) and VAPID (RFC 8292).
/// The body is that of Declarative Web Push, which a service worker reads too.
public final class WebPushProvider implements Provider {
    /// A service takes 4,096 bytes; encryption adds 103.
    static final int PLAIN_BYTES_MAX = 3_993;

    /// The number of the standard marks the declarative form.
    private static final int DECLARATIVE = 8030;

    private static final Duration TOKEN_LIFE = Duration.ofHours(12);
    private static final Duration TOKEN_USE = Duration.ofHours(6);
    private static final long TOKENS_MAX = 1_000;
    private static final int LIFE_SECONDS_MAX = 28 * 24 * 3_600;
    private static final int POINT_BYTES = 65;
    private static final int AUTH_BYTES = 16;

    private final WebPushConfig config;
    private final HttpCarrier carrier;
    private final Courier courier;
    private final Clock clock;
    private final Map<String, WebPush> signers = new LinkedHashMap<>();
    /// A signature takes longer than the rest, and holds for all of a service.
    private final Cache<Signed, String> tokens;

    /// For all keys of the settings.
    ///
    /// @param carrier closed with the provider
    public WebPushProvider(WebPushConfig config, HttpCarrier carrier, Courier courier, Clock clock) {
        this.config = config;
        this.carrier = carrier;
        this.courier = courier;
        this.clock = clock;
        for (VapidKeys.Pair pair : config.keys().pairs()) {
            signers.put(
                    pair.publicKey(),
                    new WebPush(
                            config.subject(),
                            com.interaso.webpush.VapidKeys.fromUncompressedBytes(
                                    pair.publicKey(), pair.privateKey().value())));
        }
        this.tokens = Caffeine.newBuilder()
                .maximumSize(TOKENS_MAX)
                .expireAfterWrite(TOKEN_USE)
                .build();
    }

    private record Signed(String publicKey, String origin) {}

    @SuppressWarnings("ArrayRecordComponent") // It is never compared.
    private record Subscription(String endpoint, byte[] point, byte[] auth) {}

    @Override
    public PushPlatform platform() {
        return PushPlatform.WEBPUSH;
    }

    @Override
    public CompletableFuture<Verdict> send(Destination destination, Notification notification) {
        String publicKey = destination.vapidKey() == null ? config.keys().published() : destination.vapidKey();
        WebPush signer = signers.get(publicKey);
        if (signer == null) {
            return refused("vapid_key");
        }
        Subscription subscription = subscription(destination.address().value());
        if (subscription == null) {
            return refused("subscription");
        }
        if (config.endpoints().problem(subscription.endpoint()) != null) {
            return refused(Reasons.ADDRESS);
        }
        return switch (notification) {
            // Browsers punish a push that shows nothing.
            case Read _ -> refused("kind");
            case Message message -> {
                Message fitting = PushBody.fitting(message, PLAIN_BYTES_MAX, WebPushProvider::body);
                if (fitting == null) {
                    yield refused(Reasons.TOO_LARGE);
                }
                String origin = signer.getAudience(subscription.endpoint());
                // Encryption is most of the work: only for what leaves.
                yield courier.send(new Parcel(platform().word(), origin, () -> {
                    byte[] sealed = sealed(signer, subscription, PushBody.bytes(body(fitting)));
                    return sealed == null
                            ? refused("subscription")
                            : carrier.post(
                                            URI.create(subscription.endpoint()),
                                            heads(signer, new Signed(publicKey, origin), message),
                                            sealed)
                                    .handle((answer, failure) ->
                                            answer == null ? HttpCarrier.failed(failure) : verdict(answer));
                }));
            }
        };
    }

    private static CompletableFuture<Verdict> refused(String reason) {
        return CompletableFuture.completedFuture(new Verdict.Refused(reason));
    }

    private static @Nullable Subscription subscription(String text) {
        try {
            JsonNode json = PushBody.JSON.readTree(text);
            byte[] point = Base64.getUrlDecoder().decode(json.path("p256dh").asText());
            byte[] auth = Base64.getUrlDecoder().decode(json.path("auth").asText());
            return point.length == POINT_BYTES && auth.length == AUTH_BYTES
                    ? new Subscription(json.path("endpoint").asText(), point, auth)
                    : null;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }

    /// Null if the point of the browser is not on the curve.
    private static byte @Nullable [] sealed(WebPush signer, Subscription subscription, byte[] plain) {
        try {
            return signer.getBody(plain, subscription.point(), subscription.auth());
        } catch (Exception e) {
            // Also checked ones: the library is Kotlin.
            return null;
        }
    }

    private Map<String, String> heads(WebPush signer, Signed by, Message message) {
        String token = tokens.get(by, signed -> signer.getToken(signed.origin(), (int) TOKEN_LIFE.toSeconds()));
        long life = Duration.between(clock.instant(), message.expiresAt()).toSeconds();
        return signer.getHeadersWithToken(
                token,
                Math.clamp(life, 0, LIFE_SECONDS_MAX),
                message.handling().collapseKey(),
                message.handling().urgent() ? WebPush.Urgency.High : WebPush.Urgency.Normal);
    }

    private static ObjectNode body(Message message) {
        ObjectNode body = PushBody.JSON
                .createObjectNode()
                .put("web_push", DECLARATIVE)
                .put("mutable", true)
                .put("app_badge", message.unread());
        ObjectNode notification = body.putObject("notification")
                .put("title", message.alert().title())
                .put("body", message.alert().body());
        PushBody.put(notification, "navigate", message.alert().navigate());
        PushBody.put(notification, "lang", message.alert().locale());
        notification.put("tag", message.handling().collapseKey()).put("silent", false);
        notification.putObject("data").set("milena", PushBody.milena(message));
        return body;
    }

    private static Verdict verdict(Answer answer) {
        Verdict common = answer.common();
        if (common != null) {
            return common;
        }
        return switch (answer.status()) {
            case 200, 201, 202, 204 -> new Verdict.Accepted();
            case 404, 410 -> new Verdict.Gone(null);
            case 401, 403 -> new Verdict.Retry(Reasons.KEY);
            case 413 -> new Verdict.Refused(Reasons.TOO_LARGE);
            default -> new Verdict.Refused("rejected");
        };
    }

    @Override
    public void close() {
        carrier.close();
    }
}
