package chat.milena.push.provider;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.push.courier.HttpCarrier;
import chat.milena.push.courier.RawServer.Request;
import chat.milena.push.courier.RawServer.Script;
import chat.milena.push.courier.Verdict.Accepted;
import chat.milena.push.courier.Verdict.Gone;
import chat.milena.push.courier.Verdict.Refused;
import chat.milena.push.courier.Verdict.Retry;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.Secret;
import chat.milena.schemas.word.PushPlatform;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FcmProviderTest extends ProviderContract {
    private static final String TOKEN = "dXf-1:APA91bH_token";
    private static KeyPair account;

    private final Google google = new Google();

    FcmProviderTest() throws IOException {}

    @BeforeAll
    static void makeAccount() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        account = generator.generateKeyPair();
    }

    /// Answers as Google's documents have it, for tokens and for messages.
    private static final class Google extends HttpPeer {
        private volatile Script tokens = (_, peer) -> peer.answer(
                200,
                Map.of("Content-Type", "application/json"),
                "{\"access_token\": \"ya29.abc\", \"expires_in\": 3599, \"token_type\": \"Bearer\"}");

        private volatile Script messages = (_, peer) -> peer.stall();

        Google() throws IOException {
            server.script(
                    (request, peer) -> (request.path().equals("/token") ? tokens : messages).serve(request, peer));
        }

        @Override
        void script(Script script) {
            messages = script;
        }

        @Override
        List<Request> notifications() {
            return server.requests().stream()
                    .filter(request -> !request.path().equals("/token"))
                    .toList();
        }

        List<Request> tokenRequests() {
            return server.requests().stream()
                    .filter(request -> request.path().equals("/token"))
                    .toList();
        }

        void error(int status, String general, String code, Map<String, String> heads) {
            answers(status, heads, """
                    {"error": {"code": %d, "message": "a text", "status": "%s", "details": [
                      {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "%s"}]}}
                    """.formatted(status, general, code));
        }

        @Override
        public void accepts() {
            answers(200, Map.of(), "{\"name\": \"projects/shop-1/messages/0:1500415314455276%31bd1c9631bd1c96\"}");
        }

        @Override
        public void saysGone() {
            error(404, "NOT_FOUND", "UNREGISTERED", Map.of());
        }

        @Override
        public void throttles() {
            error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", Map.of("Retry-After", "120"));
        }

        @Override
        public void fails() {
            error(500, "INTERNAL", "INTERNAL", Map.of());
        }

        @Override
        public void rejectsOurKey() {
            answers(
                    403,
                    Map.of(),
                    "{\"error\": {\"code\": 403, \"message\": \"no permission\", \"status\": \"PERMISSION_DENIED\"}}");
        }

        @Override
        public void talksNonsense() {
            answers(200, Map.of("Content-Type", "text/html"), "<html>Sign in to this hotel's network</html>");
        }
    }

    @Override
    ProviderPeer startPeer() {
        return google;
    }

    @Override
    Provider startProvider(ProviderPeer of) {
        URI api = URI.create(google.server.origin());
        FcmConfig config = new FcmConfig(
                List.of(
                        new FcmConfig.ServiceAccount(
                                "shop-1",
                                "push@shop-1.example",
                                "k1",
                                (RSAPrivateKey) account.getPrivate(),
                                api.resolve("/token")),
                        new FcmConfig.ServiceAccount(
                                "shop-2",
                                "push@shop-2.example",
                                "k2",
                                (RSAPrivateKey) account.getPrivate(),
                                api.resolve("/token"))),
                api);
        return new FcmProvider(
                config,
                new HttpCarrier(http(), OutsideEndpoints.parse(google.server.origin()), null, clock),
                courier,
                clock);
    }

    @Override
    Destination destination() {
        return destination(null, TOKEN);
    }

    private static Destination destination(@Nullable String project, String token) {
        return new Destination(PushPlatform.FCM, new Secret(token), project, null, null);
    }

    private JsonNode sent() throws Exception {
        return PushBody.JSON.readTree(google.notifications().getLast().body());
    }

    @Test
    void messageIsWrittenAsGoogleHasIt() throws Exception {
        google.accepts();

        assertThat(send()).isEqualTo(new Accepted());

        Request request = google.notifications().getLast();
        assertThat(request.line()).isEqualTo("POST /v1/projects/shop-1/messages:send HTTP/1.1");
        assertThat(request.heads())
                .containsEntry("authorization", "Bearer ya29.abc")
                .containsEntry("content-type", "application/json; charset=utf-8");
        assertThat(sent()).isEqualTo(PushBody.JSON.readTree("""
                                {"message": {
                                  "token": "dXf-1:APA91bH_token",
                                  "notification": {"title": "Ann", "body": "See you at 5?"},
                                  "android": {"priority": "HIGH", "ttl": "86400s",
                                    "notification": {"tag": "c29tZS1jb252ZXJzYXRpb24x", "notification_count": 3}},
                                  "data": {"v": "1", "userId": "bob", "conversationId": "g_team",
                                    "conversationType": "group", "messageId": "m1", "sequenceNumber": "42",
                                    "timestamp": "1700000000000", "count": "3", "unread": "7",
                                    "collapseKey": "c29tZS1jb252ZXJzYXRpb24x", "senderId": "ann",
                                    "senderName": "Ann", "conversationName": "Team", "text": "See you at 5?"}}}
                                """));
    }

    @Test
    void readElsewhereIsDataAlone() throws Exception {
        google.accepts();

        assertThat(send(Notifications.read(NOW))).isEqualTo(new Accepted());

        assertThat(sent()).isEqualTo(PushBody.JSON.readTree("""
                                {"message": {"token": "dXf-1:APA91bH_token",
                                  "android": {"priority": "NORMAL", "ttl": "3600s"},
                                  "data": {"kind": "read", "userId": "bob", "conversationId": "g_team",
                                    "upToSequence": "42", "unread": "2"}}}
                                """));
    }

    @Test
    void tokenIsFetchedOneTimeWithASignedAssertion() throws Exception {
        google.accepts();
        sendMany();

        assertThat(google.tokenRequests()).hasSize(1);
        String body = URLDecoder.decode(
                new String(google.tokenRequests().getFirst().body(), StandardCharsets.US_ASCII),
                StandardCharsets.US_ASCII);
        assertThat(body).startsWith("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=");
        SignedJWT jwt = SignedJWT.parse(body.substring(body.lastIndexOf('=') + 1));
        assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) account.getPublic())))
                .isTrue();
        assertThat(jwt.getHeader().getKeyID()).isEqualTo("k1");
        assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo("push@shop-1.example");
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(google.server.origin() + "/token");
        assertThat(jwt.getJWTClaimsSet().getStringClaim("scope"))
                .isEqualTo("https://www.googleapis.com/auth/firebase.messaging");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\": \"invalid_grant\"} | key",
                "401 | {\"error\": \"invalid_client\"} | key",
                "500 | | server_error",
                "503 | | server_error",
                "429 | | throttled",
                "200 | <html>hotel</html> | nonsense",
                "200 | {} | nonsense",
                "200 | {\"access_token\": \"a b\"} | nonsense",
                "200 | {\"access_token\": \"\", \"expires_in\": 10} | nonsense",
                "302 | | nonsense"
            })
    void notificationsWithoutATokenAreRetried(int status, @Nullable String body, String reason) throws Exception {
        google.accepts();
        google.tokens = (_, peer) ->
                peer.answer(status, Map.of("Location", google.server.origin() + "/x"), body == null ? "" : body);

        assertThat(send().reason()).isEqualTo(reason);
        assertThat(send()).isInstanceOf(Retry.class);
        assertThat(google.requests()).isZero();
        assertThat(google.tokenRequests()).hasSize(1);
    }

    @Test
    void tokensThatStallHoldUpNoMoreThanOneAttempt() throws Exception {
        impatient();
        google.tokens = (_, peer) -> peer.stall();

        assertThat(send()).isEqualTo(new Retry("timeout"));
    }

    @Test
    void tokenThatIsNotAcceptedIsNotUsedAgain() throws Exception {
        google.answers(
                401,
                Map.of(),
                "{\"error\": {\"code\": 401, \"message\": \"expired\", \"status\": \"UNAUTHENTICATED\"}}");
        assertThat(send()).isEqualTo(new Retry("key"));
        google.accepts();

        assertThat(send()).isEqualTo(new Retry("key"));
        assertThat(google.requests()).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "404,NOT_FOUND,UNREGISTERED,gone,gone",
        "400,INVALID_ARGUMENT,INVALID_ARGUMENT,refused,rejected",
        "403,PERMISSION_DENIED,SENDER_ID_MISMATCH,refused,app",
        "401,UNAUTHENTICATED,THIRD_PARTY_AUTH_ERROR,retry,key",
        "429,RESOURCE_EXHAUSTED,QUOTA_EXCEEDED,retry,throttled",
        "503,UNAVAILABLE,UNAVAILABLE,retry,server_error",
        "500,INTERNAL,INTERNAL,retry,server_error",
        "400,FAILED_PRECONDITION,SOMETHING_NEW,retry,nonsense",
    })
    void codesOfGoogleHaveTheirVerdicts(int status, String general, String code, String outcome, String reason)
            throws Exception {
        google.error(status, general, code, Map.of());

        assertThat(send()).satisfies(verdict -> {
            assertThat(verdict.outcome()).isEqualTo(outcome);
            assertThat(verdict.reason()).isEqualTo(reason);
        });
    }

    @Test
    void tokenThatIsNoneIsGone() throws Exception {
        google.answers(400, Map.of(), """
                {"error": {"code": 400, "message": "The registration token is not a valid FCM registration token",
                  "status": "INVALID_ARGUMENT", "details": [
                    {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "INVALID_ARGUMENT"},
                    {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
                      {"field": "message.token", "description": "Invalid registration token"}]}]}}
                """);

        assertThat(send()).isEqualTo(new Gone(null));
    }

    /// A project that was deleted, a proxy, a wrong path: they say nothing about a device.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Not found",
                "{\"error\": {\"code\": 404, \"message\": \"no such project\", \"status\": \"NOT_FOUND\"}}",
                "{\"error\": \"UNREGISTERED\"}",
                "[]"
            })
    void otherKindsOfNotFoundDeleteNothing(String body) throws Exception {
        google.answers(404, Map.of(), body);

        assertThat(send()).isEqualTo(new Retry("nonsense"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": {\"code\": 500, \"status\": \"INTERNAL\"}}",
                "{}",
                "",
                "{\"name\": 7}",
                "{\"name\": \"projects/shop"
            })
    void successWithoutANameIsNone(String body) throws Exception {
        google.answers(200, Map.of(), body);

        assertThat(send()).isEqualTo(new Retry("nonsense"));
    }

    @Test
    void hugeSuccessIsNone() throws Exception {
        google.script((_, peer) -> {
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n{\"name\": \"");
            peer.trickle("x".repeat(65_536), 0);
        });

        assertThat(send()).isEqualTo(new Retry("nonsense"));
    }

    @Test
    void projectIsTheDevicesOwn() throws Exception {
        google.accepts();

        assertThat(provider.send(destination("shop-2", TOKEN), Notifications.message(NOW))
                        .join())
                .isEqualTo(new Accepted());
        assertThat(google.notifications().getLast().path()).isEqualTo("/v1/projects/shop-2/messages:send");
        assertThat(provider.send(destination("shop-3", TOKEN), Notifications.message(NOW))
                        .join())
                .isEqualTo(new Refused("app"));
        assertThat(provider.send(destination(null, "a\r\nb"), Notifications.message(NOW))
                        .join())
                .isEqualTo(new Refused("token"));
    }

    @Test
    void longTextIsCutUntilItFits() throws Exception {
        google.accepts();

        assertThat(send(Notifications.message(NOW, "Ann", "ä\"".repeat(20_000))))
                .isEqualTo(new Accepted());

        assertThat(google.notifications().getLast().body().length).isLessThan(4_300);
        assertThat(sent().path("message").path("notification").path("body").asText())
                .endsWith("…");
    }
}
