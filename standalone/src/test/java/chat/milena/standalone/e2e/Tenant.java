package chat.milena.standalone.e2e;

import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.call.TokenMinter;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.VerifiedToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The people of one tenant: their tokens, their devices and their REST calls. Safe for all threads.
final class Tenant implements AutoCloseable {
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private final TokenSource tokens;
    private final ChatClient client;
    private final Rest rest;
    private final Path data;
    private final String name;

    Tenant(RunningMilena milena, String name) {
        this(milena.url(), milena.data(), name);
    }

    /// @param data the folder with the secrets
    Tenant(URI url, Path data, String name) {
        this.tokens = TokenMinter.fromFile(data.resolve("operator.secret"), Clock.systemUTC())
                .forTenant(name, TOKEN_LIFE);
        this.client = new ChatClient(ClientOptions.of(url), tokens, Clock.systemUTC());
        this.rest = new Rest(url);
        this.data = data;
        this.name = name;
    }

    static Tenant ofDefault(RunningMilena milena) {
        return new Tenant(milena, "default");
    }

    TokenSource tokens() {
        return tokens;
    }

    String tokenOf(String userId) {
        return tokens.tokenFor(userId);
    }

    /// The token of a moderator of this tenant.
    String moderator(String userId) {
        TokenSecret secret;
        try {
            secret = TokenSecret.loadOrCreate(data.resolve("token.secret"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TokenSigner(secret)
                .sign(new VerifiedToken(name, userId, null, Instant.now().plus(TOKEN_LIFE), false, true, null, null));
    }

    Rest rest() {
        return rest;
    }

    /// A device that is connected; it comes back by itself.
    Device connect(String userId, String deviceId) throws Exception {
        Device device = new Device();
        return device.over(client.connect(userId, deviceId, device).get(30, TimeUnit.SECONDS));
    }

    Rest.Answer createDirect(String userId, String otherId) throws IOException, InterruptedException {
        String body = "{\"type\":\"direct\",\"participantIds\":[\"%s\"]}".formatted(otherId);
        return rest.post("/api/v1/conversations", tokenOf(userId), body);
    }

    /// The id of the two's conversation, new or not; both have joined in.
    String direct(String userId, String otherId) throws IOException, InterruptedException {
        String conversationId = existing(createDirect(userId, otherId));
        accepts(otherId, conversationId);
        return conversationId;
    }

    /// Joins in where somebody else put one.
    void accepts(String userId, String conversationId) throws IOException, InterruptedException {
        Rest.Answer answer = rest.call(
                "PATCH",
                "/api/v1/conversations/" + conversationId + "/personal",
                tokenOf(userId),
                "{\"accepted\":true}");
        if (answer.status() != 200) {
            throw new AssertionError("not accepted, but " + answer);
        }
    }

    Rest.Answer createGroup(String userId, String key, String... otherIds) throws IOException, InterruptedException {
        return rest.post("/api/v1/groups", tokenOf(userId), groupBody(otherIds), "Idempotency-Key", key);
    }

    /// The id of a new group that all have joined in.
    String group(String userId, String... otherIds) throws IOException, InterruptedException {
        String conversationId = existing(createGroup(userId, UUID.randomUUID().toString(), otherIds));
        for (String otherId : otherIds) {
            accepts(otherId, conversationId);
        }
        return conversationId;
    }

    /// A send by REST.
    Rest.Answer posts(String userId, String conversationId, String messageId, String text)
            throws IOException, InterruptedException {
        String body = "{\"messageId\":\"%s\",\"content\":{\"type\":\"text\",\"text\":%s}}"
                .formatted(messageId, Rest.quoted(text));
        return rest.post("/api/v1/conversations/" + conversationId + "/messages", tokenOf(userId), body);
    }

    private static String groupBody(String... otherIds) {
        String members = Arrays.stream(otherIds).map(Rest::quoted).collect(Collectors.joining(","));
        return "{\"name\":\"plans\",\"participantIds\":[" + members + "]}";
    }

    private static String existing(Rest.Answer answer) {
        if (answer.conversationId().isEmpty()) {
            throw new AssertionError("no conversation, but " + answer);
        }
        return answer.conversationId();
    }

    @Override
    public void close() {
        client.close();
        rest.close();
    }
}
