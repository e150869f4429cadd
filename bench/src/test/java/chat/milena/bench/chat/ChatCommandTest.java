package chat.milena.bench.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.Background;
import chat.milena.bench.FakeServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ChatCommandTest {
    @TempDir
    private Path data = Path.of(".");

    private final FakeServer server = new FakeServer();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void writeSecret() throws IOException {
        Files.writeString(
                data.resolve("token.secret"),
                Base64.getUrlEncoder().withoutPadding().encodeToString(FakeServer.secret()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pipedLinesAreAllAcknowledgedBeforeItEnds() {
        InputStream lines = new ByteArrayInputStream("one\n\ntwo\nthree".getBytes(StandardCharsets.UTF_8));

        int code = chat(lines, "--as", "alice", "--with", "bob", "--verbose");

        assertThat(code).isZero();
        assertThat(server.messages("c1")).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("✓ 2", "✓ 3", "✓ 4");
    }

    @Test
    void textOfOthersIsShownWithoutItsControlCharacters() throws Exception {
        PipedOutputStream keyboard = new PipedOutputStream();
        InputStream lines = new PipedInputStream(keyboard);
        CompletableFuture<Integer> code = Background.supply(() -> chat(lines, "--as", "alice", "--with", "bob"));
        await().until(() -> server.connected() == 1);

        server.says("bob", "c1", "m1", "red \u001b[31m alert\u0007");

        await().untilAsserted(() ->
                assertThat(out.toString(StandardCharsets.UTF_8)).contains(" bob: red \u241b[31m alert\u2407"));
        type(keyboard, "/quit\n");
        assertThat(code.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void joinsTheFirstConversationThatSomebodyWritesIn() throws Exception {
        PipedOutputStream keyboard = new PipedOutputStream();
        InputStream lines = new PipedInputStream(keyboard);
        CompletableFuture<Integer> code = Background.supply(() -> chat(lines, "--as", "bob"));
        await().until(() -> server.connected() == 1);
        String conversation = server.conversation("alice", "bob");
        await().untilAsserted(
                        () -> assertThat(out.toString(StandardCharsets.UTF_8)).contains(conversation));

        type(keyboard, "hi\n");
        keyboard.close();

        assertThat(code.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(server.messages(conversation)).isEqualTo(1);
    }

    @Test
    void aRefusedLineIsToldAndFailsTheRun() {
        InputStream lines = new ByteArrayInputStream("one\n".getBytes(StandardCharsets.UTF_8));

        int code = chat(lines, "--as", "alice", "--conversation", "nowhere");

        assertThat(code).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("not sent: CONVERSATION_NOT_FOUND");
    }

    @Test
    void wordsThatAreNoCommandAreNotSent() {
        InputStream lines = new ByteArrayInputStream("/pinn\n/reply\n//pinn\n/help\n".getBytes(StandardCharsets.UTF_8));

        int code = chat(lines, "--as", "alice", "--with", "bob");

        assertThat(code).isEqualTo(1);
        assertThat(server.messages("c1")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("* not sent: /pinn is no command; /help lists", "* not sent: write /reply TEXT")
                .contains("* /names");
    }

    /// As from a file, or a terminal, of another encoding.
    @Test
    void lineThatIsNotUtf8IsNotSentDamaged() {
        InputStream lines = new ByteArrayInputStream("café\nplain\n".getBytes(StandardCharsets.ISO_8859_1));

        int code = chat(lines, "--as", "alice", "--with", "bob");

        assertThat(code).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("* not sent: the line is not UTF-8");
        assertThat(server.messages("c1")).isEqualTo(1);
    }

    private static void type(OutputStream keyboard, String text) throws IOException {
        keyboard.write(text.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    private int chat(InputStream in, String... arguments) {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        all[0] = "--url";
        all[1] = server.url().toString();
        all[2] = "--data";
        all[3] = data.toString();
        return new CommandLine(new ChatCommand(in, new PrintStream(out, true, StandardCharsets.UTF_8))).execute(all);
    }
}
