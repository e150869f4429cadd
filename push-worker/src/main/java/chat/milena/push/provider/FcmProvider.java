package chat.milena.push.provider;

import chat.milena.push.courier.Courier;
import chat.milena.push.courier.HttpCarrier;
import chat.milena.push.courier.HttpCarrier.Answer;
import chat.milena.push.courier.Parcel;
import chat.milena.push.courier.Reasons;
import chat.milena.push.courier.Verdict;
import chat.milena.push.provider.FcmConfig.ServiceAccount;
import chat.milena.push.provider.FcmTokens.Denied;
import chat.milena.push.provider.FcmTokens.Token;
import chat.milena.push.provider.Notification.Message;
import chat.milena.push.provider.Notification.Read;
import chat.milena.schemas.word.PushPlatform;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Google's Firebase Cloud Messaging, by its HTTP v1 API and a service account.
public final class FcmProvider implements Provider {
    /// Google counts notification and data.
    static final int BODY_BYTES_MAX = 4_000;

    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,4096}");
    private static final int OK = 200;
    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;
    private static final int BAD = 400;

    private final HttpCarrier carrier;
    private final Courier courier;
    private final Clock clock;
    private final Map<String, Project> projects = new LinkedHashMap<>();

    /// For all projects of the settings.
    ///
    /// @param carrier closed with the provider
    public FcmProvider(FcmConfig config, HttpCarrier carrier, Courier courier, Clock clock) {
        this.carrier = carrier;
        this.courier = courier;
        this.clock = clock;
        for (ServiceAccount account : config.accounts()) {
            projects.put(
                    account.project(),
                    new Project(
                            account.project(),
                            config.api().resolve("/v1/projects/" + account.project() + "/messages:send"),
                            new FcmTokens(account, carrier, clock)));
        }
    }

    private record Project(String name, URI target, FcmTokens tokens) {}

    @Override
    public PushPlatform platform() {
        return PushPlatform.FCM;
    }

    @Override
    public CompletableFuture<Verdict> send(Destination destination, Notification notification) {
        Project project =
                destination.appId() == null ? projects.values().iterator().next() : projects.get(destination.appId());
        if (project == null) {
            return refused("app");
        }
        String token = destination.address().value();
        if (!TOKEN.matcher(token).matches()) {
            return refused("token");
        }
        ObjectNode message = message(notification);
        if (message == null) {
            return refused(Reasons.TOO_LARGE);
        }
        message.put("token", token);
        byte[] body = PushBody.bytes(PushBody.JSON.createObjectNode().set("message", message));
        return courier.send(new Parcel(platform().word(), project.name(), () -> attempt(project, body)));
    }

    private static CompletableFuture<Verdict> refused(String reason) {
        return CompletableFuture.completedFuture(new Verdict.Refused(reason));
    }

    private CompletableFuture<Verdict> attempt(Project project, byte[] body) {
        return project.tokens().token().thenCompose(grant -> switch (grant) {
            case Denied(Verdict verdict, Instant _) -> CompletableFuture.completedFuture(verdict);
            case Token token ->
                carrier.post(
                                project.target(),
                                Map.of(
                                        "Authorization",
                                        "Bearer " + token.value(),
                                        "Content-Type",
                                        "application/json; charset=utf-8"),
                                body)
                        .handle((answer, failure) -> {
                            if (answer == null) {
                                return HttpCarrier.failed(failure);
                            }
                            if (answer.status() == UNAUTHENTICATED) {
                                project.tokens().reject(token);
                            }
                            return verdict(answer);
                        });
        });
    }

    private @Nullable ObjectNode message(Notification notification) {
        return switch (notification) {
            case Message message -> {
                Message fitting = PushBody.fitting(message, BODY_BYTES_MAX, FcmProvider::counted);
                if (fitting == null) {
                    yield null;
                }
                ObjectNode body = counted(fitting);
                android(body, "HIGH", message.expiresAt())
                        .putObject("notification")
                        .put("tag", message.handling().collapseKey())
                        .put("notification_count", message.count());
                yield body;
            }
            case Read read -> {
                ObjectNode body = PushBody.JSON.createObjectNode();
                body.putObject("data")
                        .put("kind", "read")
                        .put("userId", read.userId())
                        .put("conversationId", read.conversationId())
                        .put("upToSequence", Long.toString(read.upToSequence()))
                        .put("unread", Long.toString(read.unread()));
                android(body, "NORMAL", read.expiresAt());
                yield body;
            }
        };
    }

    private ObjectNode android(ObjectNode message, String priority, Instant expiresAt) {
        long life = Math.max(0, Duration.between(clock.instant(), expiresAt).toSeconds());
        return message.putObject("android").put("priority", priority).put("ttl", life + "s");
    }

    private static ObjectNode counted(Message message) {
        ObjectNode body = PushBody.JSON.createObjectNode();
        body.putObject("notification")
                .put("title", message.alert().title())
                .put("body", message.alert().body());
        ObjectNode data = body.putObject("data");
        PushBody.milena(message)
                .properties()
                .forEach(field -> data.put(field.getKey(), field.getValue().asText()));
        return body;
    }

    /// As Google's table of error codes has it. An answer that is not Google's own is never a word on the token.
    private static Verdict verdict(Answer answer) {
        JsonNode json = json(answer);
        if (answer.status() == OK) {
            return json.path("name").isTextual() ? new Verdict.Accepted() : new Verdict.Retry(Reasons.NONSENSE);
        }
        JsonNode error = json.path("error");
        return switch (code(error)) {
            case "UNREGISTERED" -> new Verdict.Gone(null);
            case "INVALID_ARGUMENT" -> isAboutToken(error) ? new Verdict.Gone(null) : new Verdict.Refused("rejected");
            case "SENDER_ID_MISMATCH" -> new Verdict.Refused("app");
            case "THIRD_PARTY_AUTH_ERROR" -> new Verdict.Retry(Reasons.KEY);
            case "QUOTA_EXCEEDED" -> new Verdict.Retry(Reasons.THROTTLED, answer.retryAt());
            case "UNAVAILABLE", "INTERNAL" -> new Verdict.Retry(Reasons.SERVER_ERROR, answer.retryAt());
            default -> byStatus(answer);
        };
    }

    private static Verdict byStatus(Answer answer) {
        Verdict common = answer.common();
        if (common != null) {
            return common;
        }
        return answer.status() == UNAUTHENTICATED || answer.status() == FORBIDDEN
                ? new Verdict.Retry(Reasons.KEY)
                : new Verdict.Retry(Reasons.NONSENSE);
    }

    private static JsonNode json(Answer answer) {
        try {
            return answer.whole() ? PushBody.JSON.readTree(answer.body()) : PushBody.JSON.nullNode();
        } catch (JsonProcessingException e) {
            return PushBody.JSON.nullNode();
        }
    }

    /// The code of FCM; without one, the general status, but only for what that alone can say.
    private static String code(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            if (detail.path("@type").asText().endsWith("google.firebase.fcm.v1.FcmError")) {
                return detail.path("errorCode").asText();
            }
        }
        return error.path("code").asInt() == BAD ? error.path("status").asText() : "";
    }

    private static boolean isAboutToken(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            for (JsonNode violation : detail.path("fieldViolations")) {
                if (violation.path("field").asText().equals("message.token")) {
                    return true;
                }
            }
        }
        return error.path("message").asText().contains("registration token is not a valid");
    }

    @Override
    public void close() {
        carrier.close();
    }
}
