package chat.milena.gateway.device;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.device.RegistrationReader.Reading;
import chat.milena.gateway.device.RegistrationReader.Registration;
import chat.milena.gateway.device.RegistrationReader.Rejected;
import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.VapidKeys;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.PushPlatform;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrationReaderTest {
    /// The receiver's key of RFC 8291, appendix A, and its secret.
    private static final String POINT =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

    private static final String AUTH = "BTBZMqHH6r4Tts7J_aSIgg";
    private static final String PAGE = "https://chat.example";

    @TempDir
    Path folder;

    private VapidKeys vapid;
    private RegistrationReader reader;

    @BeforeEach
    void setUp() throws IOException {
        PushKeys keys = PushKeys.loadOrCreate(folder.resolve("k"), folder.resolve("i"));
        vapid = VapidKeys.loadOrCreate(folder.resolve("v"));
        reader = new RegistrationReader(new PushSetup(
                keys,
                Set.of("org.example.app"),
                Set.of("one", "two"),
                vapid,
                OutsideEndpoints.parse("http://127.0.0.1:8091")));
    }

    private static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
    }

    private Reading read(String body, @Nullable String origin) {
        return reader.read(json(body), origin);
    }

    private Registration good(String body) {
        return (Registration) read(body, PAGE);
    }

    private String browser(String endpoint, String point, String auth, String rest) {
        return "{'platform':'webpush','subscription':{'endpoint':'" + endpoint
                + "','expirationTime':null,'keys':{'p256dh':'" + point + "','auth':'" + auth + "'}},'vapidKey':'"
                + vapid.published() + "'" + rest + "}";
    }

    @Test
    void tokenOfApnsIsOneTokenInBothSpellings() {
        Registration upper = good("{'platform':'apns','token':'AB01'}");
        Registration lower = good("{'platform':'apns','token':'ab01','environment':'production'}");

        assertThat(upper.address()).isEqualTo(lower.address());
        assertThat(upper.plain()).isEqualTo("ab01".getBytes(StandardCharsets.US_ASCII));
        assertThat(upper.appId()).isEqualTo("org.example.app");
        assertThat(good("{'platform':'apns','token':'ab01','environment':'sandbox'}")
                        .address())
                .isNotEqualTo(lower.address());
    }

    @Test
    void projectOfFcmIsNamedWhereThereAreSeveral() {
        Registration registration =
                good("{'platform':'fcm','token':'a:b-c_d','appId':'two','locale':'de-ch','timeZone':'Europe/Prague'}");

        assertThat(registration.platform()).isEqualTo(PushPlatform.FCM);
        assertThat(registration.appId()).isEqualTo("two");
        assertThat(registration.words().locale()).isEqualTo("de-CH");
        assertThat(registration.words().timeZone()).isEqualTo("Europe/Prague");
    }

    @Test
    void subscriptionOfABrowser() {
        Registration registration = good(browser(
                "https://push.example/send/1",
                POINT + "=",
                AUTH + "==",
                ",'navigate':'" + PAGE + "/#/c/{conversationId}'"));

        assertThat(new String(registration.plain(), StandardCharsets.UTF_8))
                .isEqualTo("{\"endpoint\":\"https://push.example/send/1\",\"p256dh\":\"" + POINT + "\",\"auth\":\""
                        + AUTH + "\"}");
        assertThat(registration.vapidKey()).isEqualTo(vapid.published());
        assertThat(registration.navigate()).isEqualTo(PAGE + "/#/c/{conversationId}");
        assertThat(good(browser("http://127.0.0.1:8091/x", POINT, AUTH, "")).navigate())
                .isNull();
    }

    @Test
    void subscriptionWithAnotherKeyIsAConflictThatNamesThePresentOne() {
        Reading reading =
                read(browser("https://push.example/1", POINT, AUTH, "").replace(vapid.published(), POINT), PAGE);

        assertThat(reading).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.why().error()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(rejected.why().publicKey()).isEqualTo(vapid.published());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{} | platform: is required",
                "{'platform':'sms'} | platform: must be",
                "{'platform':7} | platform: must be a string",
                "{'platform':'apns'} | token: is required",
                "{'platform':'apns','token':'abc'} | token: must be",
                "{'platform':'apns','token':'xy'} | token: must be",
                "{'platform':'apns','token':'ab','appId':'org.other'} | appId: is not set up",
                "{'platform':'apns','token':'ab','environment':'test'} | environment: must be",
                "{'platform':'fcm','token':'a'} | appId: is required",
                "{'platform':'fcm','token':'','appId':'one'} | token: must be",
                "{'platform':'fcm','token':'a b','appId':'one'} | token: must be",
                "{'platform':'fcm','token':'ä','appId':'one'} | token: must be",
                "{'platform':'fcm','token':'a','appId':'one','locale':'no locale'} | locale: must be",
                "{'platform':'fcm','token':'a','appId':'one','locale':''} | locale: must be",
                "{'platform':'fcm','token':'a','appId':'one','timeZone':'Mars/Base'} | timeZone: must be",
                "{'platform':'webpush'} | subscription: is required",
                "{'platform':'webpush','subscription':{}} | subscription.endpoint: is required",
                "{'platform':'webpush','subscription':{'endpoint':7}} | subscription.endpoint: must be a string"
            })
    void wrongFieldsAreNamed(String body, String reason) {
        assertThat(read(body, PAGE))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.why().message()).startsWith(reason));
    }

    @Test
    void longTokensAreRefused() {
        for (String body : new String[] {
            "{'platform':'apns','token':'" + "a".repeat(202) + "'}",
            "{'platform':'fcm','appId':'one','token':'" + "a".repeat(4_097) + "'}"
        }) {
            assertThat(read(body, PAGE)).isInstanceOf(Rejected.class);
        }
        assertThat(read("{'platform':'fcm','appId':'one','token':'" + "a".repeat(4_096) + "'}", PAGE))
                .isInstanceOf(Registration.class);
    }

    @ParameterizedTest
    @CsvSource({
        "http://push.example/1",
        "https://push.example:8443/1",
        "https://u:p@push.example/1",
        "https://push.example/1#f",
        "https://localhost/1",
        "https://127.0.0.1/1",
        "https://10.1.2.3/1",
        "https://169.254.169.254/latest",
        "https://[::1]/1",
        "https://[fd00::1]/1",
        "https://192.168.0.1/1",
        "ftp://push.example/1",
        "no address"
    })
    void endpointsThatAreNotPublicAreRefused(String endpoint) {
        assertThat(read(browser(endpoint, POINT, AUTH, ""), PAGE))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.why().message()).startsWith("subscription.endpoint: must"));
    }

    @ParameterizedTest
    @CsvSource({
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAjw4, BTBZMqHH6r4Tts7J_aSIgg, subscription.keys.p256dh",
        "AAAA, BTBZMqHH6r4Tts7J_aSIgg, subscription.keys.p256dh",
        "not base64!, BTBZMqHH6r4Tts7J_aSIgg, subscription.keys.p256dh",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4, AAAA, subscription.keys.auth"
    })
    void keysThatAreNoneAreRefused(String point, String auth, String field) {
        assertThat(read(browser("https://push.example/1", point, auth, ""), PAGE))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.why().message()).startsWith(field));
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example/{conversationId}, https://chat.example",
        "https://chat.example.evil.example/, https://chat.example",
        "https://chat.example@evil.example/, https://chat.example",
        "http://chat.example/, https://chat.example",
        "https://chat.example:444/, https://chat.example",
        "javascript:alert(1), https://chat.example",
        "/relative, https://chat.example",
        "https://chat.example/, null"
    })
    void clickOpensOnlyTheWebsiteThatCalls(String navigate, String origin) {
        String body = browser("https://push.example/1", POINT, AUTH, ",'navigate':'" + navigate + "'");

        assertThat(read(body, origin))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.why().message()).startsWith("navigate: "));
        assertThat(read(body, null)).isInstanceOf(Rejected.class);
    }

    @Test
    void platformsThatAreNotSetUpAreNamed() {
        assertThat(new RegistrationReader(PushSetup.NONE).read(json("{'platform':'apns','token':'ab'}"), null))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected ->
                                assertThat(rejected.why().message()).isEqualTo("platform: apns is not set up here"));
    }
}
