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
import chat.milena.runtime.config.VapidKeys;
import chat.milena.schemas.word.PushPlatform;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebPushProviderTest extends ProviderContract {
    @TempDir
    static Path folder;

    private final Rfc8291 browser = new Rfc8291();
    private final PushService service = new PushService();
    private final VapidKeys keys = keys();

    WebPushProviderTest() throws Exception {}

    private static VapidKeys keys() throws IOException {
        Path both = folder.resolve("both.key");
        Path older = folder.resolve("older.key");
        VapidKeys.loadOrCreate(folder.resolve("vapid.key"));
        VapidKeys.loadOrCreate(older);
        return VapidKeys.load(
                Files.writeString(both, Files.readString(folder.resolve("vapid.key")) + Files.readString(older)));
    }

    private static final class PushService extends HttpPeer {
        PushService() throws IOException {}

        @Override
        void script(Script script) {
            server.script(script);
        }

        @Override
        List<Request> notifications() {
            return server.requests();
        }

        @Override
        public void accepts() {
            answers(201, Map.of("Location", server.origin() + "/message/1"), "");
        }

        @Override
        public void saysGone() {
            answers(410, Map.of(), "");
        }

        @Override
        public void throttles() {
            answers(429, Map.of("Retry-After", "120"), "");
        }

        @Override
        public void fails() {
            answers(500, Map.of(), "");
        }

        @Override
        public void rejectsOurKey() {
            answers(403, Map.of(), "the VAPID credentials do not correspond");
        }

        @Override
        public void talksNonsense() {
            script((_, peer) -> {
                peer.write("220 mail.example ESMTP\r\n");
                peer.reset();
            });
        }
    }

    @Override
    ProviderPeer startPeer() {
        return service;
    }

    @Override
    Provider startProvider(ProviderPeer of) {
        return provider(OutsideEndpoints.parse(service.server.origin()));
    }

    private Provider provider(OutsideEndpoints endpoints) {
        return new WebPushProvider(
                new WebPushConfig("mailto:ops@example.org", keys, endpoints),
                new HttpCarrier(http(), endpoints, null, clock),
                courier,
                clock);
    }

    @Override
    Destination destination() {
        return destination(service.server.origin() + "/send/abc?x=1", null);
    }

    private Destination destination(String endpoint, @Nullable String vapidKey) {
        return destination(endpoint, browser.p256dh(), browser.auth(), vapidKey);
    }

    private static Destination destination(String endpoint, String p256dh, String auth, @Nullable String vapidKey) {
        String address = PushBody.JSON
                .createObjectNode()
                .put("endpoint", endpoint)
                .put("p256dh", p256dh)
                .put("auth", auth)
                .toString();
        return new Destination(PushPlatform.WEBPUSH, new Secret(address), null, null, vapidKey);
    }

    private JsonNode opened() throws Exception {
        return PushBody.JSON.readTree(
                browser.open(service.server.requests().getLast().body()));
    }

    @Test
    void browserReadsTheDeclarativeForm() throws Exception {
        service.accepts();

        assertThat(send()).isEqualTo(new Accepted());

        assertThat(opened()).isEqualTo(PushBody.JSON.readTree("""
                                {"web_push": 8030, "mutable": true, "app_badge": 7,
                                 "notification": {
                                   "title": "Ann", "body": "See you at 5?", "navigate": "https://chat.example/#/c/g_team",
                                   "lang": "en", "tag": "c29tZS1jb252ZXJzYXRpb24x", "silent": false,
                                   "data": {"milena": {
                                     "v": 1, "userId": "bob", "conversationId": "g_team", "conversationType": "group",
                                     "messageId": "m1", "sequenceNumber": 42, "timestamp": 1700000000000, "count": 3,
                                     "unread": 7, "collapseKey": "c29tZS1jb252ZXJzYXRpb24x", "senderId": "ann",
                                     "senderName": "Ann", "conversationName": "Team", "text": "See you at 5?"}}}}
                                """));
    }

    @Test
    void previewOfNothingShowsNothing() throws Exception {
        service.accepts();

        send(Notifications.withoutPreview(NOW));

        JsonNode notification = opened().path("notification");
        assertThat(notification.path("body").asText()).isEqualTo("New message");
        assertThat(notification.has("navigate")).isFalse();
        assertThat(notification.path("data").path("milena").has("senderName")).isFalse();
        assertThat(notification.path("data").path("milena").path("threadOf").asText())
                .isEqualTo("m0");
    }

    @Test
    void headsAreThoseOfTheStandards() throws Exception {
        service.accepts();

        send();

        Request request = service.server.requests().getLast();
        assertThat(request.line()).isEqualTo("POST /send/abc?x=1 HTTP/1.1");
        assertThat(request.heads())
                .containsEntry("ttl", "86400")
                .containsEntry("urgency", "high")
                .containsEntry("topic", "c29tZS1jb252ZXJzYXRpb24x")
                .containsEntry("content-encoding", "aes128gcm")
                .containsEntry("content-length", Integer.toString(request.body().length));
        String[] vapid = request.heads().getOrDefault("authorization", "").split("[ ,]*[a-z]+[ =]", -1);
        SignedJWT jwt = SignedJWT.parse(vapid[vapid.length - 2].strip());
        String publicKey = vapid[vapid.length - 1];
        assertThat(publicKey).isEqualTo(keys.published());
        assertThat(jwt.verify(
                        new ECDSAVerifier(Rfc8291.key(Base64.getUrlDecoder().decode(publicKey)))))
                .isTrue();
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(service.server.origin());
        assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("mailto:ops@example.org");
        assertThat(jwt.getJWTClaimsSet().getExpirationTime())
                .isBetween(
                        Date.from(Instant.now().plusSeconds(3_600)),
                        Date.from(Instant.now().plusSeconds(24 * 3_600)));
    }

    @Test
    void olderKeySignsForItsOwnSubscriptions() throws Exception {
        service.accepts();
        String older = keys.pairs().getLast().publicKey();

        provider.send(destination(service.server.origin() + "/send", older), Notifications.message(NOW))
                .join();

        assertThat(service.server.requests().getLast().heads().get("authorization"))
                .endsWith(older);
    }

    @Test
    void subscriptionOfAnUnknownKeyIsRefused() {
        assertThat(provider.send(destination(service.server.origin(), "unknown"), Notifications.message(NOW))
                        .join())
                .isEqualTo(new Refused("vapid_key"));
        assertThat(service.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 3_000, 10_000, 60_000})
    void longTextIsCutUntilItFits(int length) throws Exception {
        service.accepts();
        // Four bytes each, and in two places.
        String text = "🎉".repeat(length);

        assertThat(send(Notifications.message(NOW, "Ann", text))).isEqualTo(new Accepted());

        assertThat(service.server.requests().getLast().body().length).isLessThanOrEqualTo(4_096);
        String body = opened().path("notification").path("body").asText();
        assertThat(body).matches("🎉*…?");
        assertThat(opened().path("notification")
                        .path("data")
                        .path("milena")
                        .path("text")
                        .asText())
                .isEqualTo(body);
        if (length > 500) {
            assertThat(body).endsWith("…");
            assertThat(body.codePointCount(0, body.length())).isBetween(380, 440);
        }
    }

    /// Not from a client, since the protocol has UTF-8: but nothing may throw.
    @Test
    void tornCharacterIsSentSomehow() throws Exception {
        service.accepts();

        assertThat(send(Notifications.message(NOW, "Ann", "a\ud83cb"))).isEqualTo(new Accepted());
    }

    @Test
    void longNamesAreCutToo() throws Exception {
        service.accepts();

        assertThat(send(Notifications.message(NOW, "\"".repeat(5_000), "text"))).isEqualTo(new Accepted());

        assertThat(opened().path("notification").path("title").asText()).endsWith("\"…");
    }

    @Test
    void pageThatLeavesNoRoomIsRefused() throws Exception {
        Notification.Message message = Notifications.message(NOW);
        Notification.Message long1 = new Notification.Message(
                message.userId(),
                message.subject(),
                message.preview(),
                new Notification.Alert("t", "b", null, "https://chat.example/" + "a".repeat(4_000)),
                1,
                1,
                message.handling());

        assertThat(send(long1)).isEqualTo(new Refused("too_large"));
    }

    @ParameterizedTest
    @CsvSource({"200", "201", "202", "204"})
    void everyKindOfSuccessIsAcceptance(int status) throws Exception {
        service.answers(status, Map.of(), status == 204 ? "" : "{\"error\": \"none\"}");

        assertThat(send()).isEqualTo(new Accepted());
    }

    @ParameterizedTest
    @CsvSource({"404", "410"})
    void everyKindOfGoneIsGone(int status) throws Exception {
        service.answers(status, Map.of(), "");

        assertThat(send()).isEqualTo(new Gone(null));
    }

    @ParameterizedTest
    @CsvSource({"400,rejected", "405,rejected", "413,too_large", "418,rejected", "302,redirect"})
    void restIsRefused(int status, String reason) throws Exception {
        service.answers(status, Map.of(), "");

        assertThat(send()).isEqualTo(new Refused(reason));
    }

    /// Its head says all that counts, and nobody waits for the rest.
    @Test
    void endlessBodyOfAnAcceptanceIsAnAcceptance() throws Exception {
        service.script((_, peer) -> {
            peer.write("HTTP/1.1 201 Created\r\nContent-Type: image/png\r\nContent-Length: 104857600\r\n\r\n");
            peer.trickle("x".repeat(65_536), 0);
        });

        assertThat(send()).isEqualTo(new Accepted());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://push.example/send",
                "https://push.example:8443/send",
                "https://127.0.0.1/send",
                "https://10.0.0.1/send",
                "https://[::1]/send",
                "https://[fd00::1]/send",
                "https://169.254.169.254/latest/meta-data",
                "https://localhost/send",
                "https://user@push.example/send",
                "file:///etc/passwd",
                "nonsense"
            })
    void endpointThatIsNotPublicIsRefused(String endpoint) {
        assertThat(provider.send(destination(endpoint, null), Notifications.message(NOW))
                        .join())
                .isEqualTo(new Refused("address"));
    }

    @Test
    void subscriptionsOfNonsenseAreRefused() {
        String endpoint = service.server.origin();
        String offTheCurve = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[65]);

        assertThat(List.of(
                        destination(endpoint, "", browser.auth(), null),
                        destination(endpoint, browser.p256dh(), "", null),
                        destination(endpoint, "!", browser.auth(), null),
                        destination(endpoint, offTheCurve, browser.auth(), null),
                        new Destination(PushPlatform.WEBPUSH, new Secret("{"), null, null, null),
                        new Destination(PushPlatform.WEBPUSH, new Secret("[]"), null, null, null)))
                .allSatisfy(bad -> assertThat(
                                provider.send(bad, Notifications.message(NOW)).join())
                        .isEqualTo(new Refused("subscription")));
        assertThat(service.requests()).isZero();
    }

    @Test
    void readElsewhereIsNotPushed() throws Exception {
        assertThat(send(Notifications.read(NOW))).isEqualTo(new Refused("kind"));
    }

    @Test
    void serviceInTroubleHoldsUpNoOther() throws Exception {
        service.throttles();
        send();
        try (PushService other = new PushService();
                Provider both =
                        provider(OutsideEndpoints.parse(service.server.origin() + "," + other.server.origin()))) {
            other.accepts();

            assertThat(both.send(destination(), Notifications.message(NOW)).join())
                    .isInstanceOf(Retry.class);
            assertThat(both.send(destination(other.server.origin() + "/send", null), Notifications.message(NOW))
                            .join())
                    .isEqualTo(new Accepted());
        }
    }
}
