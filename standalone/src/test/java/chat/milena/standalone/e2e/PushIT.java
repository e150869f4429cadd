package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.standalone.CommandContext;
import chat.milena.standalone.operate.PushCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/// Push over everything real, onto the console.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PushIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @RegisterExtension
    final RunningMilena milena =
            new RunningMilena().with("MILENA_PUSH_LOG", "on").with("MILENA_PUSH_HOLD", "1s");

    private Tenant home;

    @BeforeEach
    void open() {
        home = new Tenant(milena, "default");
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Rest.Answer call(String method, String path, String userId, String body) throws Exception {
        Rest.Answer answer = home.rest().call(method, "/api/v1/" + path, home.tokenOf(userId), body);
        assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
        return answer;
    }

    private void registers(String userId) throws Exception {
        call("PUT", "devices/phone", userId, "{\"platform\":\"fcm\",\"token\":\"token-of-" + userId + "\"}");
    }

    private void says(String conversationId, String messageId, String text) throws Exception {
        assertThat(home.posts("alice", conversationId, messageId, text).status())
                .isEqualTo(201);
    }

    private List<String> pushed(String userId) {
        return milena.lines().stream()
                .filter(line -> line.contains("push fcm to " + userId + " "))
                .toList();
    }

    private void awaitPushed(String userId, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(pushed(userId)).anyMatch(line -> line.contains(text)));
    }

    @Test
    void absentUserIsNotifiedOnceAndAPresentOneIsNot() throws Exception {
        registers("bob");
        registers("carol");
        Device laptop = home.connect("carol", "phone");
        String group = home.group("alice", "bob", "carol");
        says(group, "m1", "one");
        says(group, "m2", "two");
        says(group, "m3", "three");

        awaitPushed("bob", "plans (3) | alice: three (3 new, 3 unread)");
        assertThat(pushed("bob")).hasSize(1);
        await().atMost(PATIENCE).until(() -> laptop.received().size() == 3);
        assertThat(pushed("carol")).isEmpty();
        assertThat(milena.lines()).noneMatch(line -> line.contains("token-of-"));
    }

    @Test
    void readMutedAndDeletedMessagesAreNotPushed() throws Exception {
        registers("dave");
        String direct = home.direct("alice", "dave");
        says(direct, "m1", "read before");
        call("POST", "conversations/" + direct + "/read", "dave", "{\"messageIds\":[\"m1\"]}");
        says(direct, "m2", "deleted before");
        call("DELETE", "conversations/" + direct + "/messages/m2", "alice", "");
        String muted = home.group("alice", "dave");
        call(
                "PUT",
                "conversations/" + muted + "/mute",
                "dave",
                "{\"until\":%d}".formatted(Instant.now().plusSeconds(600).toEpochMilli()));
        says(muted, "m3", "muted");
        String other = home.group("alice", "dave");
        call("PUT", "conversations/" + other + "/notifications", "dave", "{\"level\":\"none\"}");
        says(other, "m4", "nothing of it");
        says(direct, "m5", "wanted");

        awaitPushed("dave", "alice | wanted (1 new, ");
        assertThat(pushed("dave")).hasSize(1);

        call("PUT", "users/me/notifications", "dave", "{\"preview\":\"sender\"}");
        says(direct, "m6", "hidden");
        awaitPushed("dave", "alice | New message (1 new, 3 unread)");
    }

    private void releases(String conversationId, String messageId, int revision) throws Exception {
        String body = "{\"conversationId\":\"%s\",\"messageId\":\"%s\",\"action\":\"release\",\"revision\":%d}"
                .formatted(conversationId, messageId, revision);
        Rest.Answer answer = home.rest().call("POST", "/api/v1/moderation/decisions", home.moderator("mia"), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /// It was shown for a moment, but an edit that is held, too, came before its push.
    @Test
    void messageThatIsHeldAgainBeforeItsPushIsPushedOnceWhenItIsReleased() throws Exception {
        registers("ivy");
        String group = home.group("alice", "hal", "ivy");
        call("PATCH", "conversations/" + group, "alice", "{\"settings\":{\"premoderation\":true}}");
        home.posts("hal", group, "m1", "draft");
        releases(group, "m1", 0);
        call(
                "PATCH",
                "conversations/" + group + "/messages/m1",
                "hal",
                "{\"content\":{\"type\":\"text\",\"text\":\"final\"}}");
        says(group, "m2", "meanwhile");
        awaitPushed("ivy", "meanwhile (1 new, 1 unread)");

        releases(group, "m1", 1);
        awaitPushed("ivy", "final (1 new, ");
        assertThat(pushed("ivy")).hasSize(2);
    }

    @Test
    void whatIsReadElsewhereIsTakenBackAndARestartLosesNothing() throws Exception {
        registers("erin");
        String direct = home.direct("alice", "erin");
        says(direct, "m1", "first");
        awaitPushed("erin", "alice | first (1 new, 1 unread)");
        call("POST", "conversations/" + direct + "/read", "erin", "{\"messageIds\":[\"m1\"]}");
        awaitPushed("erin", "read up to ");

        says(direct, "m2", "second");
        milena.kill9();
        milena.start();
        awaitPushed("erin", "alice | second (1 new, 1 unread)");
        assertThat(pushed("erin")).hasSize(1);
    }

    @Test
    void anOperatorTriesWhetherADeviceIsReached() throws Exception {
        registers("frank");
        call("PUT", "users/me/notifications", "frank", "{\"level\":\"none\"}");
        home.connect("frank", "phone");

        assertThat(push("test", "frank")).isEqualTo("0 phone  fcm  accepted");
        awaitPushed("frank", "A test: notifications reach this device");
        assertThat(push("refused")).isEqualTo("0 no push was refused");
        assertThat(push("test", "nobody-here")).isEqualTo("1 no device of nobody-here is registered");
    }

    /// A new key is added, all registrations are encrypted with it, and the old key goes.
    @Test
    void registrationsSurviveTheRotationOfTheirKey() throws Exception {
        registers("gina");
        Path file = milena.data().resolve("push.keys");
        String older = Files.readString(file).strip();
        String newer = "new:" + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        Files.writeString(file, newer + "\n" + older + "\n");

        assertThat(push("rekey"))
                .matches("0 [1-9][0-9]* registrations are encrypted again; [1-9][0-9]* have the first key");
        assertThat(push("rekey")).matches("0 0 registrations are encrypted again; [1-9][0-9]* have the first key");

        Files.writeString(file, newer + "\n");
        milena.kill9();
        milena.start();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(push("test", "gina")).isEqualTo("0 phone  fcm  accepted"));
    }

    private String push(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        CommandContext context = new CommandContext(
                Map.of("MILENA_KAFKA_BOOTSTRAP_SERVERS", milena.kafka().bootstrapServers()),
                printed,
                printed,
                Clock.systemUTC());
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", milena.data().toString()));
        int status = new CommandLine(new PushCommand(context)).execute(all.toArray(String[]::new));
        return status + " " + out.toString(StandardCharsets.UTF_8).strip();
    }
}
