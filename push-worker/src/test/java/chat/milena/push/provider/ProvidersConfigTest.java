package chat.milena.push.provider;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.push.courier.Courier;
import chat.milena.push.courier.CourierLimits;
import chat.milena.runtime.config.Settings;
import chat.milena.schemas.word.PushPlatform;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersConfigTest {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    private record Outcome(ProvidersConfig config, List<String> errors, List<String> unknown) {}

    private Outcome read() {
        Settings settings = Settings.ofEnvironment(environment);
        ProvidersConfig config = ProvidersConfig.of(settings, folder.resolve("vapid.key"));
        return new Outcome(config, settings.errors(), settings.unknown());
    }

    private String file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String pem(PrivateKey key) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static PrivateKey ecKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair().getPrivate();
    }

    private static String account(String project) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        return PushBody.JSON
                .createObjectNode()
                .put("type", "service_account")
                .put("project_id", project)
                .put("private_key_id", "k1")
                .put("private_key", pem(generator.generateKeyPair().getPrivate()))
                .put("client_email", "push@" + project + ".example")
                .put("token_uri", "https://oauth2.googleapis.com/token")
                .toString();
    }

    private void setUpApns() throws Exception {
        environment.put("MILENA_APNS_KEY_FILE", file("apns.p8", pem(ecKey())));
        environment.put("MILENA_APNS_KEY_ID", "ABC1234567");
        environment.put("MILENA_APNS_TEAM_ID", "TEAM123456");
        environment.put("MILENA_APNS_TOPICS", "com.example.app, com.example.other");
    }

    @Test
    void nothingIsSetUpUntilItIsNamed() {
        Outcome outcome = read();

        assertThat(outcome.config()).isEqualTo(new ProvidersConfig(null, null, null));
        assertThat(outcome.errors()).isEmpty();
        assertThat(folder.resolve("vapid.key")).doesNotExist();
    }

    @Test
    void everyProviderIsReadFromItsSettings() throws Exception {
        setUpApns();
        environment.put(
                "MILENA_FCM_SERVICE_ACCOUNT_FILE",
                file("shop.json", account("shop-1")) + "," + file("demo.json", account("demo-1")));
        environment.put("MILENA_VAPID_SUBJECT", "mailto:ops@example.org");
        environment.put("MILENA_PUSH_ALLOW", "http://127.0.0.1:8091");

        Outcome outcome = read();

        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.unknown()).isEmpty();
        ProvidersConfig config = outcome.config();
        assertThat(Objects.requireNonNull(config.apns()).topics())
                .containsExactly("com.example.app", "com.example.other");
        assertThat(Objects.requireNonNull(config.fcm()).accounts())
                .extracting(FcmConfig.ServiceAccount::project)
                .containsExactly("shop-1", "demo-1");
        assertThat(Objects.requireNonNull(config.webPush()).subject()).isEqualTo("mailto:ops@example.org");
        assertThat(config.webPush().endpoints().problem("http://127.0.0.1:8091/x"))
                .isNull();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("vapid.key"))))
                .isEqualTo("rw-------");
        assertThat(config.toString()).doesNotContain("PRIVATE").doesNotContain("rivateKey=");

        Courier courier = new Courier("push", CourierLimits.STANDARD, Clock.systemUTC(), new SimpleMeterRegistry());
        List<Provider> providers = config.providers(courier, Clock.systemUTC());
        assertThat(providers)
                .extracting(Provider::platform)
                .containsExactly(PushPlatform.APNS, PushPlatform.FCM, PushPlatform.WEBPUSH);
        providers.forEach(Provider::close);
        courier.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MILENA_APNS_KEY_ID | abc | MILENA_APNS_KEY_ID must be 10 capital letters",
                "MILENA_APNS_TEAM_ID | | MILENA_APNS_TEAM_ID must be set, because MILENA_APNS_KEY_FILE is",
                "MILENA_APNS_TOPICS | | MILENA_APNS_TOPICS must be set, because MILENA_APNS_KEY_FILE is",
                "MILENA_APNS_TOPICS | a b | MILENA_APNS_TOPICS must be bundle ids",
                "MILENA_APNS_KEY_FILE | /nowhere.p8 | MILENA_APNS_KEY_FILE names a file that does not exist: /nowhere",
                "MILENA_APNS_KEY_FILE | / | MILENA_APNS_KEY_FILE names a file that cannot be read",
                "MILENA_APNS_KEY_FILE | | MILENA_APNS_KEY_ID is set without MILENA_APNS_KEY_FILE",
            })
    void wrongSettingOfApnsIsNamed(String name, @Nullable String value, String error) throws Exception {
        setUpApns();
        environment.put(name, value == null ? "" : value);

        assertThat(read().errors()).anyMatch(line -> line.startsWith(error));
    }

    @Test
    void topicsAloneSetUpNothing() {
        environment.put("MILENA_APNS_TOPICS", "com.example.app");

        assertThat(read().errors()).isEmpty();
        assertThat(read().config().apns()).isNull();
    }

    @Test
    void fileThatHoldsNoKeyIsNamedAndNotShown() throws Exception {
        setUpApns();
        environment.put("MILENA_APNS_KEY_FILE", file("bad.p8", "very secret"));
        environment.put("MILENA_FCM_SERVICE_ACCOUNT_FILE", file("bad.json", "{\"private_key\": \"very secret\"}"));
        environment.put("MILENA_VAPID_SUBJECT", "https://example.org");
        environment.put("MILENA_VAPID_KEYS_FILE", file("bad.key", "very secret"));

        Outcome outcome = read();

        assertThat(outcome.errors())
                .hasSize(3)
                .noneMatch(error -> error.contains("very secret"))
                .anyMatch(error ->
                        error.startsWith("MILENA_APNS_KEY_FILE names a file that does not hold a key of APNs (.p8): "))
                .anyMatch(error -> error.startsWith("MILENA_FCM_SERVICE_ACCOUNT_FILE names a file that does not hold"))
                .anyMatch(error -> error.startsWith("MILENA_VAPID_KEYS_FILE names a file that is not good: "));
        assertThat(outcome.config()).isEqualTo(new ProvidersConfig(null, null, null));
    }

    @Test
    void projectIsNamedOneTime() throws Exception {
        environment.put(
                "MILENA_FCM_SERVICE_ACCOUNT_FILE",
                file("a.json", account("shop-1")) + "," + file("b.json", account("shop-1")));

        assertThat(read().errors())
                .containsExactly("MILENA_FCM_SERVICE_ACCOUNT_FILE names two files of the project shop-1");
    }

    @ParameterizedTest
    @CsvSource({"ops@example.org", "mailto:", "http://example.org", "mailto:a b@c"})
    void subjectIsSomebodyToWriteTo(String subject) {
        environment.put("MILENA_VAPID_SUBJECT", subject);

        assertThat(read().errors()).singleElement().asString().startsWith("MILENA_VAPID_SUBJECT must be mailto:");
    }

    @Test
    void keyWithoutASubjectIsAnError() {
        environment.put("MILENA_VAPID_KEYS_FILE", "/x");

        assertThat(read().errors()).containsExactly("MILENA_VAPID_KEYS_FILE is set without MILENA_VAPID_SUBJECT");
    }
}
