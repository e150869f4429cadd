package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.standalone.SourceFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The chat page in headless Chromium against a real `up`: the scenarios of `web/page/e2e/scenarios.mjs`, which ask
/// for the server to be killed and started again.
///
/// Where there is no Node, no built page or no Chromium (Debian's package `chromium`, or what `CHROMIUM` names) it is
/// skipped with a word.
@Tag("alone")
@Timeout(400)
class ChatPageIT {
    private static final Path PAGE = SourceFiles.ROOT.resolve("web/page");
    private static final List<String> BROWSERS =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private static final List<Integer> PORTS = FreePorts.take(2);
    /// Of a website that has the chat in it; by one name of this machine it is allowed, and by another it is not.
    private static final int EXAMPLE_PORT = PORTS.get(0);
    /// Of the push service of the scenarios.
    private static final int PUSH_PORT = PORTS.get(1);

    @RegisterExtension
    static final RunningMilena MILENA = new RunningMilena()
            .with("MILENA_RATE_MESSAGES_PER_SECOND", "0")
            .with("MILENA_RATE_MESSAGES_PER_MINUTE", "0")
            .with("MILENA_ORIGINS", "*=http://localhost:" + EXAMPLE_PORT)
            .with("MILENA_DEV_MODERATORS", "carol")
            .with("MILENA_VAPID_SUBJECT", "mailto:admin@example.com")
            .with("MILENA_PUSH_ALLOW", "http://127.0.0.1:" + PUSH_PORT);

    @Test
    void peopleTalkInABrowser() throws Exception {
        assumeThat(browsers())
                .as("no Chromium was found: install Debian's package chromium")
                .isNotEmpty();
        assumeThat(PAGE.resolve("dist/files")).as("the chat page is not built").exists();
        List<String> said = new ArrayList<>();
        Process scenarios = start();
        try (BufferedReader out = scenarios.inputReader(StandardCharsets.UTF_8);
                Writer in = scenarios.outputWriter(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("@")) {
                    serve(line.substring(1));
                    in.write("done\n");
                    in.flush();
                } else {
                    System.out.println("chat page: " + line);
                    said.add(line);
                }
            }
        } finally {
            scenarios.descendants().forEach(ProcessHandle::destroyForcibly);
            scenarios.destroyForcibly();
        }

        assertThat(scenarios.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isNotEmpty().allMatch(line -> line.startsWith("ok "));
    }

    private static Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", "e2e/run.mjs")
                .directory(PAGE.toFile())
                .redirectErrorStream(true);
        builder.environment().put("MILENA_URL", MILENA.url().toString());
        builder.environment().put("EXAMPLE_PORT", Integer.toString(EXAMPLE_PORT));
        builder.environment().put("PUSH_PORT", Integer.toString(PUSH_PORT));
        return builder.start();
    }

    private static void serve(String asked) throws IOException, InterruptedException {
        switch (asked) {
            case "kill" -> MILENA.kill9();
            case "start" -> MILENA.start();
            default -> throw new IllegalArgumentException("the scenarios ask for " + asked);
        }
    }

    private static List<Path> browsers() {
        return Stream.concat(Stream.of(System.getenv("CHROMIUM")), BROWSERS.stream())
                .filter(Objects::nonNull)
                .map(Path::of)
                .filter(Files::isExecutable)
                .toList();
    }
}
