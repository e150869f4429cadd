package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.chat.ChatCommand;
import chat.milena.standalone.SourceFiles;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/// The second minute of the README: two people type, the server is stopped in between, and curl does the same.
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

    @Test
    void commandsOfTheReadmeDoWhatItSays() throws Exception {
        String readme = Files.readString(SourceFiles.ROOT.resolve("README.md"));
        int begins = readme.indexOf("alice=$(./milena token alice)");
        String commands = readme.substring(begins, readme.indexOf("```", begins))
                .replace("http://127.0.0.1:8080/", milena.url().resolve("/").toString())
                // Two who have nothing unread.
                .replace("[\"bob\"]", "[\"finn\"]");
        Path folder = Files.createDirectory(milena.scratch("readme"));
        try (Tenant home = Tenant.ofDefault(milena)) {
            Path launcher = Files.writeString(
                    folder.resolve("milena"),
                    "#!/bin/sh\ncase $2 in alice) echo '%s';; bob) echo '%s';; esac\n"
                            .formatted(home.tokenOf("erin"), home.tokenOf("finn")));
            assertThat(launcher.toFile().setExecutable(true)).isTrue();
        }
        Process shell = new ProcessBuilder("sh", "-euc", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shell.waitFor()).as(printed).isZero();
        List<JsonNode> answers = printed.lines().map(Rest::parse).toList();
        assertThat(answers).as(printed).hasSize(12).noneMatch(answer -> answer.has("error"));
        assertThat(answers.get(1).path("revision").asInt()).isEqualTo(1);
        assertThat(answers.get(3).path("threadOrdinal").asInt()).isEqualTo(1);
        assertThat(answers.get(4).path("messages").asInt()).isEqualTo(1);
        assertThat(answers.get(5).path("threads").asInt()).isEqualTo(1);
        JsonNode message = answers.get(6);
        assertThat(message.at("/content/text").asText()).isEqualTo("Lunch at one?");
        assertThat(message.at("/reactions/0/emoji").asText()).isEqualTo("👍");
        assertThat(message.at("/thread/replyCount").asInt()).isEqualTo(1);
        assertThat(answers.get(7).at("/messages/0/content/text").asText()).isEqualTo("Where?");
        assertThat(answers.get(8).path("readUpToOrdinal").asInt()).isEqualTo(1);
        assertThat(answers.get(9).path("threads").asInt()).isZero();
        assertThat(answers.get(11).at("/conversations/0/lastSequence").asInt()).isEqualTo(6);
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
            // What was said before is not shown.
            awaitPrinted("connected as " + as);
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
