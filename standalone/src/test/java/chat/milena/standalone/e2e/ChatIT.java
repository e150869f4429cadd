package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.chat.ChatCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/// The two-terminal minute of the README: two people type, and the server is stopped in between.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    @Test
    void whatOneTypesTheOtherReadsOnceAlsoAfterTheServerWasAway() throws Exception {
        Terminal alice = new Terminal("alice", "bob");
        Terminal bob = new Terminal("bob", "alice");
        alice.type("hello bob");
        bob.awaitPrinted("alice: hello bob");
        bob.type("hello alice");
        alice.awaitPrinted("bob: hello alice");

        milena.stop();
        alice.type("are you still there?");
        milena.start();
        bob.awaitPrinted("alice: are you still there?");

        alice.type("/quit");
        bob.type("/quit");
        assertThat(alice.exitCode()).as("%s", alice.printed()).isZero();
        assertThat(bob.exitCode()).as("%s", bob.printed()).isZero();
        for (String once : List.of("alice: hello bob", "alice: are you still there?")) {
            assertThat(bob.printed().lines())
                    .filteredOn(line -> line.contains(once))
                    .hasSize(1);
        }
    }

    @Test
    void linesAreQuotedAnsweredInThreadsAndChanged() throws Exception {
        Terminal carol = new Terminal("carol", "dave");
        Terminal dave = new Terminal("dave", "carol");
        carol.type("tea or coffee?");
        dave.awaitPrinted("carol: tea or coffee?");
        dave.type("/reply tea");
        carol.awaitPrinted("dave (to carol): tea");
        dave.type("/react 🫖");
        carol.awaitPrinted("* there is a reaction to a message of dave");
        carol.type("/thread with milk?");
        dave.awaitPrinted("carol (in a thread of dave): with milk?");
        dave.type("/thread yes");
        carol.awaitPrinted("dave (in a thread of dave): yes");
        dave.type("/edit yes, please");
        carol.awaitPrinted("* a message of dave is now: yes, please");
        carol.type("/names");
        carol.awaitPrinted("* dave");
        carol.type("//names");
        dave.awaitPrinted("carol: /names");
        dave.type("/nams");
        dave.awaitPrinted("* not sent: /nams is no command");

        carol.type("/quit");
        dave.type("/quit");
        assertThat(carol.exitCode()).as("%s", carol.printed()).isZero();
        assertThat(dave.exitCode())
                .as("something was not sent: %s", dave.printed())
                .isOne();
    }

    /// Where somebody types and reads.
    private final class Terminal {
        private final PipedOutputStream keyboard = new PipedOutputStream();
        private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
        private final CompletableFuture<Integer> ended;

        private Terminal(String as, String with) throws IOException {
            PipedInputStream typed = new PipedInputStream(keyboard);
            PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
            String[] arguments = {
                "--as",
                as,
                "--with",
                with,
                "--url",
                milena.url().toString(),
                "--data",
                milena.data().toString()
            };
            ended = new CompletableFuture<>();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> ended.complete(new CommandLine(new ChatCommand(typed, out)).execute(arguments)));
        }

        private void type(String line) throws IOException {
            keyboard.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
        }

        private String printed() {
            return screen.toString(StandardCharsets.UTF_8);
        }

        private void awaitPrinted(String text) {
            await().atMost(PATIENCE).until(() -> printed().contains(text) || ended.isDone());
            assertThat(printed()).contains(text);
        }

        private int exitCode() throws Exception {
            return ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
