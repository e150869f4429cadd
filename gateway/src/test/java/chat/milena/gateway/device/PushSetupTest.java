package chat.milena.gateway.device;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.call.ServerInfo;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.config.VapidKeys;
import chat.milena.schemas.word.PushPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushSetupTest {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeKeys() throws IOException {
        PushKeys.loadOrCreate(folder.resolve("keys"), folder.resolve("index"));
        environment.put("MILENA_PUSH_KEYS_FILE", folder.resolve("keys").toString());
        environment.put("MILENA_PUSH_INDEX_KEY_FILE", folder.resolve("index").toString());
    }

    private List<String> errors() {
        Settings settings = Settings.ofEnvironment(environment);
        PushSetup.of(settings, PushSetup.UsualKeys.NONE);
        return settings.errors();
    }

    private PushSetup setup() {
        Settings settings = Settings.ofEnvironment(environment);
        PushSetup setup = PushSetup.of(settings, PushSetup.UsualKeys.NONE);
        assertThat(settings.errors()).isEmpty();
        assertThat(settings.unknown()).isEmpty();
        return setup;
    }

    @Test
    void nothingIsSetUpByKeysAlone() {
        assertThat(setup().shown()).isEqualTo(new ServerInfo.PushOffer(List.of(), null));
        environment.clear();
        assertThat(setup().shown().platforms()).isEmpty();
    }

    @Test
    void platformsAreThoseThatAreConfigured() throws IOException {
        VapidKeys vapid = VapidKeys.loadOrCreate(folder.resolve("vapid"));
        Path account = Files.writeString(folder.resolve("account.json"), "{\"project_id\":\"shop-app\"}");
        environment.put("MILENA_APNS_TOPICS", "org.example.app, org.example.app.voip");
        environment.put("MILENA_FCM_SERVICE_ACCOUNT_FILE", account.toString());
        environment.put("MILENA_FCM_PROJECTS", "other-app");
        environment.put("MILENA_VAPID_KEYS_FILE", folder.resolve("vapid").toString());
        assertThat(setup().has(PushPlatform.WEBPUSH)).as("without a subject").isFalse();
        environment.put("MILENA_VAPID_SUBJECT", "mailto:push@example.org");

        PushSetup setup = setup();

        assertThat(setup.apnsTopics()).containsExactlyInAnyOrder("org.example.app", "org.example.app.voip");
        assertThat(setup.fcmProjects()).containsExactlyInAnyOrder("shop-app", "other-app");
        assertThat(setup.shown())
                .isEqualTo(new ServerInfo.PushOffer(
                        List.of("apns", "fcm", "webpush"), new ServerInfo.WebPushOffer(vapid.published())));
    }

    @Test
    void platformWithoutKeysIsRefusedAtTheStart() {
        environment.clear();
        environment.put("MILENA_APNS_TOPICS", "org.example.app");

        assertThat(errors()).singleElement().asString().startsWith("MILENA_PUSH_KEYS_FILE and");
    }

    @Test
    void wrongSettingsAreNamedWithoutTheirSecrets() throws IOException {
        Files.writeString(folder.resolve("keys"), "k1:c2VjcmV0");
        environment.put("MILENA_APNS_TOPICS", "a b");
        environment.put(
                "MILENA_FCM_SERVICE_ACCOUNT_FILE", folder.resolve("none").toString());
        environment.put("MILENA_VAPID_SUBJECT", "somebody");

        assertThat(errors())
                .extracting(error -> error.split(" ", 2)[0])
                .containsExactlyInAnyOrder(
                        "MILENA_APNS_TOPICS",
                        "MILENA_FCM_SERVICE_ACCOUNT_FILE",
                        "MILENA_VAPID_SUBJECT",
                        "MILENA_PUSH_KEYS_FILE");
        assertThat(errors().toString()).doesNotContain("c2VjcmV0");
        environment.remove("MILENA_PUSH_INDEX_KEY_FILE");
        assertThat(errors()).anyMatch(error -> error.endsWith("must be set together"));
    }

    @Test
    void webPushWithoutItsKeysIsRefused() {
        environment.put("MILENA_VAPID_SUBJECT", "https://example.org/contact");

        assertThat(errors()).singleElement().asString().startsWith("MILENA_VAPID_KEYS_FILE must name");
    }
}
