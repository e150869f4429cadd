package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.standalone.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The two-terminal minute of the README: two people type, each in a process of their own, and the server is stopped in
/// between.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    @Test
    void whatOneTypesTheOtherReadsOnceAlsoAfterTheServerWasAway() throws Exception {
        try (ChildJvm alice = chat("alice", "bob");
                ChildJvm bob = chat("bob", "alice")) {
            alice.type("hello bob");
            awaitPrinted(bob, "alice: hello bob");
            bob.type("hello alice");
            awaitPrinted(alice, "bob: hello alice");

            milena.stop();
            alice.type("are you still there?");
            milena.start();
            awaitPrinted(bob, "alice: are you still there?");

            alice.type("/quit");
            bob.type("/quit");
            assertThat(alice.exitCode()).as("%s", alice.lines()).isZero();
            assertThat(bob.exitCode()).as("%s", bob.lines()).isZero();
            for (String once : List.of("alice: hello bob", "alice: are you still there?")) {
                assertThat(bob.lines()).filteredOn(line -> line.contains(once)).hasSize(1);
            }
        }
    }

    private ChildJvm chat(String as, String with) throws IOException {
        return ChildJvm.start(
                chat.milena.bench.Main.class,
                List.of(
                        "chat",
                        "--as",
                        as,
                        "--with",
                        with,
                        "--url",
                        milena.url().toString(),
                        "--data",
                        milena.data().toString()),
                Map.of());
    }

    private static void awaitPrinted(ChildJvm chat, String text) {
        await().atMost(PATIENCE).until(() -> chat.printed(text) || !chat.isAlive());
        assertThat(chat.printed(text)).as("%s", chat.lines()).isTrue();
    }
}
