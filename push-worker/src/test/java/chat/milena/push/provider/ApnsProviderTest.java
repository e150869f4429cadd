package chat.milena.push.provider;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.push.courier.TestCertificate;
import chat.milena.push.courier.Verdict;
import chat.milena.push.courier.Verdict.Accepted;
import chat.milena.push.courier.Verdict.Gone;
import chat.milena.push.courier.Verdict.Refused;
import chat.milena.push.courier.Verdict.Retry;
import chat.milena.push.provider.ApnsConfig.Servers;
import chat.milena.runtime.config.Secret;
import chat.milena.schemas.word.PushPlatform;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.ValidatingPushNotificationHandlerFactory;
import com.nimbusds.jwt.SignedJWT;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApnsProviderTest extends ProviderContract {
    private static final String TOKEN = "a1".repeat(32);
    private static final String TOPIC = "com.example.app";

    @TempDir
    static Path folder;

    private static TestCertificate certificate;
    private static KeyPair keys;

    private final Apple apple = new Apple();

    ApnsProviderTest() throws Exception {}

    @BeforeAll
    static void makeKeys() throws Exception {
        certificate = TestCertificate.make(folder);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
    }

    private static final class Apple implements ProviderPeer {
        private final Http2Server server;

        Apple() throws Exception {
            server = new Http2Server(certificate);
        }

        void answers(int status, String body) {
            server.script((_, stream) -> stream.answer(status, body));
        }

        @Override
        public void accepts() {
            answers(200, "");
        }

        @Override
        public void saysGone() {
            answers(410, "{\"reason\": \"Unregistered\", \"timestamp\": 1700000000123}");
        }

        @Override
        public void throttles() {
            answers(429, "{\"reason\": \"TooManyRequests\"}");
        }

        @Override
        public void fails() {
            answers(503, "{\"reason\": \"ServiceUnavailable\"}");
        }

        @Override
        public void rejectsOurKey() {
            answers(403, "{\"reason\": \"InvalidProviderToken\"}");
        }

        @Override
        public void stalls() {
            server.script((_, _) -> {});
        }

        @Override
        public void resets() {
            server.script((_, stream) -> {
                stream.head(200, Map.of(), false);
                stream.cut();
            });
        }

        @Override
        public void redirects() {
            server.script((_, stream) -> {
                stream.head(
                        308,
                        Map.of(
                                "location",
                                "https://localhost:" + server.address().getPort() + "/x"),
                        false);
                stream.data("{}", true);
            });
        }

        @Override
        public int redirected() {
            return (int) server.requests().stream()
                    .filter(request -> "/x".equals(request.heads().get(":path")))
                    .count();
        }

        @Override
        public void talksNonsense() {
            answers(400, "<html>Sign in to this hotel's network</html>");
        }

        @Override
        public void talksForEver() {
            server.script((_, stream) -> {
                stream.head(400, Map.of(), false);
                stream.dataForEver();
            });
        }

        @Override
        public int requests() {
            return server.requests().size();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @Override
    ProviderPeer startPeer() {
        return apple;
    }

    @Override
    Provider startProvider(ProviderPeer of) throws Exception {
        return provider(apple.server.address(), apple.server.address(), certificate.certificate());
    }

    private Provider provider(
            InetSocketAddress production, InetSocketAddress sandbox, @Nullable X509Certificate trusted)
            throws Exception {
        return new ApnsProvider(
                new ApnsConfig(
                        new ApnsSigningKey("KEY1234567", "TEAM123456", (ECPrivateKey) keys.getPrivate()),
                        List.of(TOPIC, "com.example.other"),
                        new Servers(production, sandbox, trusted)),
                courier,
                within);
    }

    @Override
    Destination destination() {
        return destination(TOKEN, null, null);
    }

    private static Destination destination(String token, @Nullable String topic, @Nullable String environment) {
        return new Destination(PushPlatform.APNS, new Secret(token), topic, environment, null);
    }

    /// pushy does not show the head `Retry-After`.
    @Override
    boolean namesAMoment() {
        return false;
    }

    @Test
    void messageIsWrittenAsAppleHasIt() throws Exception {
        apple.accepts();

        assertThat(send()).isEqualTo(new Accepted());

        Http2Server.Request request = apple.server.requests().getLast();
        assertThat(request.heads())
                .containsEntry(":method", "POST")
                .containsEntry(":path", "/3/device/" + TOKEN)
                .containsEntry("apns-push-type", "alert")
                .containsEntry("apns-priority", "10")
                .containsEntry("apns-topic", TOPIC)
                .containsEntry("apns-collapse-id", Notifications.COLLAPSE_KEY)
                .containsEntry(
                        "apns-expiration",
                        Long.toString(NOW.plusSeconds(24 * 3_600).getEpochSecond()));
        assertThat(PushBody.JSON.readTree(request.body())).isEqualTo(PushBody.JSON.readTree("""
                                {"aps": {"alert": {"title": "Ann", "body": "See you at 5?"}, "badge": 7,
                                   "sound": "default", "thread-id": "g_team", "mutable-content": 1},
                                 "milena": {
                                   "v": 1, "userId": "bob", "conversationId": "g_team", "conversationType": "group",
                                   "messageId": "m1", "sequenceNumber": 42, "timestamp": 1700000000000, "count": 3,
                                   "unread": 7, "collapseKey": "c29tZS1jb252ZXJzYXRpb24x", "senderId": "ann",
                                   "senderName": "Ann", "conversationName": "Team", "text": "See you at 5?"}}
                                """));
    }

    @Test
    void tokenOfOursIsSigned() throws Exception {
        apple.accepts();

        send();

        String head = apple.server.requests().getLast().heads().getOrDefault("authorization", "");
        SignedJWT jwt = SignedJWT.parse(head.substring("bearer ".length()));
        // pushy writes it in DER, which Apple takes too.
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(keys.getPublic());
        verifier.update(jwt.getSigningInput());
        assertThat(verifier.verify(jwt.getSignature().decode())).isTrue();
        assertThat(jwt.getHeader().getKeyID()).isEqualTo("KEY1234567");
        assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo("TEAM123456");
    }

    @Test
    void readElsewhereIsTheBadgeAlone() throws Exception {
        apple.accepts();

        assertThat(send(Notifications.read(NOW))).isEqualTo(new Accepted());

        Http2Server.Request request = apple.server.requests().getLast();
        assertThat(request.body()).isEqualTo("{\"aps\":{\"badge\":2}}");
        assertThat(request.heads()).containsEntry("apns-priority", "5").containsEntry("apns-push-type", "alert");
    }

    @Test
    void longTextIsCutUntilItFits() throws Exception {
        apple.accepts();

        assertThat(send(Notifications.message(NOW, "Ann", "🎉".repeat(3_000)))).isEqualTo(new Accepted());

        String body = apple.server.requests().getLast().body();
        assertThat(body.getBytes(StandardCharsets.UTF_8).length).isBetween(4_080, 4_096);
        assertThat(PushBody.JSON.readTree(body).at("/aps/alert/body").asText()).matches("🎉+…");
    }

    @Test
    void goneHasTheMomentThatAppleNames() throws Exception {
        apple.saysGone();

        assertThat(send()).isEqualTo(new Gone(Instant.ofEpochMilli(1_700_000_000_123L)));
    }

    @ParameterizedTest
    @CsvSource({
        "400,BadDeviceToken,gone,gone",
        "400,DeviceTokenNotForTopic,refused,app",
        "400,BadTopic,refused,app",
        "400,TopicDisallowed,refused,app",
        "400,IdleTimeout,retry,unreachable",
        "400,BadExpirationDate,refused,rejected",
        "403,MissingProviderToken,retry,key",
        "403,BadCertificateEnvironment,retry,key",
        "403,Forbidden,retry,key",
        "404,BadPath,retry,nonsense",
        "405,MethodNotAllowed,retry,nonsense",
        "410,ExpiredToken,gone,gone",
        "413,PayloadTooLarge,refused,too_large",
        "429,TooManyProviderTokenUpdates,retry,throttled",
        "500,InternalServerError,retry,server_error",
        "503,Shutdown,retry,server_error",
    })
    void reasonsOfAppleHaveTheirVerdicts(int status, String reason, String outcome, String word) throws Exception {
        apple.answers(status, "{\"reason\": \"" + reason + "\"}");

        assertThat(send()).satisfies(verdict -> {
            assertThat(verdict.outcome()).isEqualTo(outcome);
            assertThat(verdict.reason()).isEqualTo(word);
        });
    }

    /// The next attempt has a fresh one, on a fresh connection.
    @Test
    void expiredTokenOfOursIsReplaced() throws Exception {
        apple.answers(403, "{\"reason\": \"ExpiredProviderToken\"}");
        assertThat(send()).isEqualTo(new Retry("key"));
        assertThat(apple.requests()).isOne();

        apple.accepts();
        assertThat(send()).isEqualTo(new Accepted());
    }

    /// pushy sends it again on a stream that is reset.
    @Test
    void streamThatIsAlwaysResetEndsInTime() throws Exception {
        apple.server.script((_, stream) -> stream.reset());

        assertThat(send()).isEqualTo(new Retry("unreachable"));
        assertThat(apple.requests()).isLessThanOrEqualTo(3);

        apple.accepts();
        assertThat(send()).isEqualTo(new Accepted());
    }

    @Test
    void attemptThatHasEndedIsNeverWrittenLater() throws Exception {
        AtomicReference<Http2Server.@Nullable Stream> stalled = new AtomicReference<>();
        apple.server.script((_, stream) -> stalled.set(stream));
        assertThat(send(Notifications.message(NOW, "Ann", "the first"))).isEqualTo(new Retry("timeout"));

        apple.accepts();
        Objects.requireNonNull(stalled.get()).reset();

        // The reset may end the connection of the next one.
        assertThat(send()).isInstanceOfAny(Accepted.class, Retry.class);
        assertThat(send()).isEqualTo(new Accepted());
        assertThat(apple.server.requests())
                .filteredOn(request -> request.body().contains("the first"))
                .hasSize(1);
    }

    @Test
    void environmentsHaveServersOfTheirOwn() throws Exception {
        try (Apple sandbox = new Apple();
                Provider both = provider(apple.server.address(), sandbox.server.address(), certificate.certificate())) {
            apple.fails();
            sandbox.accepts();

            assertThat(both.send(destination(TOKEN, null, "sandbox"), Notifications.message(NOW))
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Accepted());
            assertThat(both.send(destination(TOKEN, null, "production"), Notifications.message(NOW))
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Retry("server_error"));
        }
    }

    @Test
    void topicIsTheDevicesOwn() throws Exception {
        apple.accepts();

        assertThat(provider.send(destination(TOKEN, "com.example.other", null), Notifications.message(NOW))
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo(new Accepted());
        assertThat(apple.server.requests().getLast().heads()).containsEntry("apns-topic", "com.example.other");
        assertThat(provider.send(destination(TOKEN, "com.example.stranger", null), Notifications.message(NOW))
                        .join())
                .isEqualTo(new Refused("app"));
        assertThat(provider.send(destination("../admin", null, null), Notifications.message(NOW))
                        .join())
                .isEqualTo(new Refused("token"));
    }

    @Test
    void serverWithACertificateOfAStrangerGetsNothing() throws Exception {
        try (Provider distrusting = provider(apple.server.address(), apple.server.address(), null)) {
            assertThat(distrusting
                            .send(destination(), Notifications.message(NOW))
                            .get(20, TimeUnit.SECONDS))
                    .isInstanceOf(Retry.class);
            assertThat(apple.requests()).isZero();
        }
    }

    /// The server that pushy's authors wrote from Apple's documents.
    @Test
    void mockOfAppleValidatesWhatWeSend() throws Exception {
        String expired = "b2".repeat(32);
        ApnsVerificationKey key = new ApnsVerificationKey("KEY1234567", "TEAM123456", (ECPublicKey) keys.getPublic());
        MockApnsServer mock = new MockApnsServerBuilder()
                .setServerCredentials(new X509Certificate[] {certificate.certificate()}, certificate.key(), null)
                .setHandlerFactory(new ValidatingPushNotificationHandlerFactory(
                        Map.of(TOPIC, Set.of(TOKEN, expired)),
                        Map.of(expired, NOW),
                        Map.of("KEY1234567", key),
                        Map.of(key, Set.of(TOPIC))))
                .build();
        int port = mock.start(0).get(10, TimeUnit.SECONDS);
        InetSocketAddress address = InetSocketAddress.createUnresolved("localhost", port);
        try (Provider of = provider(address, address, certificate.certificate())) {
            assertThat(verdict(of, TOKEN)).isEqualTo(new Accepted());
            assertThat(verdict(of, expired)).isEqualTo(new Gone(NOW));
            assertThat(verdict(of, "c3".repeat(32))).isInstanceOf(Refused.class);
        } finally {
            mock.shutdown().get(10, TimeUnit.SECONDS);
        }
    }

    private static Verdict verdict(Provider of, String token) throws Exception {
        return of.send(destination(token, null, null), Notifications.message(NOW))
                .get(20, TimeUnit.SECONDS);
    }
}
