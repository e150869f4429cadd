package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a process inherits makes no difference: another language with letters and digits of its own, another time zone
/// and encoding, few file handles; nor does it that it is stopped for a while. Only the level that
/// clients are sent may be held down.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddEnvironmentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(6);
    private static final int HANDLES = 1_500;

    /// Turkish has an i of its own, and the zone an offset of no whole hours; `C` is what a service often gets.
    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .withHandles(HANDLES)
            .with("LC_ALL", "C")
            .with("TZ", "Asia/Kathmandu")
            .with(
                    "JAVA_TOOL_OPTIONS",
                    "-Duser.language=tr -Duser.country=TR -Duser.extensions=u-nu-arab -Duser.timezone=Asia/Kathmandu"
                            + " -Dfile.encoding=ISO-8859-9")
            .with("MILENA_FEATURE_LEVEL_MAX", "1")
            .with("MILENA_HEARTBEAT_INTERVAL", "1s")
            .with("MILENA_SILENCE_MAX", SILENCE_MAX.toSeconds() + "s");

    @Test
    void textsAndIdsAreTheSameEverywhere() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            Device alice = home.connect("ALICE-I", "phone");
            Device bob = home.connect("bob", "phone");
            String conversation = home.direct("ALICE-I", "bob");
            List<String> texts =
                    List.of("Iıİi ĞÜŞ", "Zoë, naïve", "مرحبا ١٢٣", "👩\u200d👩\u200d👧", "I".repeat(4_000));

            for (String text : texts) {
                alice.sends(conversation, text);
            }

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(bob.received())
                            .extracting(message -> message.text())
                            .containsExactlyElementsOf(texts));
            milena.stop();
            milena.start();
            Rest.Answer history = home.rest()
                    .call("GET", "/api/v1/conversations/" + conversation + "/messages", home.tokenOf("bob"), "");
            assertThat(history.text()).contains("Iıİi ĞÜŞ", "مرحبا ١٢٣");
        }
    }

    @Test
    void levelThatIsHeldDownIsAnnouncedEverywhereAndTakesNothingAway() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena);
                RawSocket socket = RawSocket.withTokenInHeader(milena.port(), home.tokenOf("alice"))) {
            Rest rest = home.rest();
            String token = home.tokenOf("alice");

            JsonNode info = rest.call("GET", "/api/v1/server", token, "").body();
            assertThat(info.path("featureLevel").asInt()).isEqualTo(1);
            assertThat(info.at("/features/moderation").asBoolean(true)).isFalse();
            assertThat(socket.next())
                    .isInstanceOfSatisfying(
                            RawSocket.Received.Text.class,
                            connected -> assertThat(connected
                                            .frame()
                                            .path("featureLevel")
                                            .asInt())
                                    .isEqualTo(1));
            assertThat(rest.call("GET", "/poll", token, "")
                            .body()
                            .at("/frames/0/featureLevel")
                            .asInt())
                    .isEqualTo(1);
            assertThat(rest.call("PUT", "/api/v1/users/me", token, "{\"name\":\"Alice\"}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void processThatWasStoppedTakesNobodyForSilent() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            Device alice = home.connect("alice", "phone");
            Device bob = home.connect("bob", "phone");
            String conversation = home.direct("alice", "bob");
            alice.sends(conversation, "before");

            milena.freezeFor(SILENCE_MAX.plusSeconds(3));

            alice.sends(conversation, "after");
            await().atMost(PATIENCE).until(() -> bob.received().size() == 2);
            assertThat(alice.losses()).isEmpty();
            assertThat(bob.losses()).isEmpty();
        }
    }
}
