package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.GatewayConfig;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrameType;
import chat.milena.runtime.config.Settings;
import chat.milena.schemas.word.ErrorCode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `docs/protocol.md` says against what the code does.
@Timeout(60)
class ProtocolDocumentIT {
    private static final Pattern CALL = Pattern.compile("^\\| `([A-Z]+) (/api/v1/[^`]*)`", Pattern.MULTILINE);
    /// What the query side serves.
    private static final Pattern READING = Pattern.compile("GET|.*/sync");
    private static final Pattern FRAME = Pattern.compile("^\\| `([a-z]+\\.?[a-z]*)` \\| `", Pattern.MULTILINE);
    private static final Pattern VARIABLE = Pattern.compile("MILENA_[A-Z_]+");

    private final String document = read(Path.of("..", "docs", "protocol.md"));

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new AssertionError(path + " must be there", e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFrameIsDescribed(ServerFrameType type) {
        assertThat(document).contains("| `" + type.word() + "` |");
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorIsDescribed(ErrorCode code) {
        assertThat(document).contains("| `" + code.word() + "` |");
    }

    @ParameterizedTest
    @EnumSource
    void everyCloseCodeIsDescribed(CloseCode code) {
        assertThat(document).contains("| " + code.code() + " |");
    }

    @Test
    void callsThatAreDescribedAreThoseThatAreServed() throws Exception {
        List<MatchResult> calls = CALL.matcher(document)
                .results()
                .filter(call -> !READING.matcher(call.group(1)).matches()
                        && !READING.matcher(call.group(2)).matches())
                .toList();
        assertThat(calls).hasSizeGreaterThanOrEqualTo(7);
        try (Gateway gateway = new Gateway()) {
            assertThat(gateway.rest.routes())
                    .extracting(route -> route.method() + " " + route.path())
                    .containsExactlyInAnyOrderElementsOf(calls.stream()
                            .map(call -> call.group(1) + " " + call.group(2))
                            .toList());
            for (MatchResult call : calls) {
                String path = call.group(2).replaceAll("\\{[a-zA-Z]+}", "x1");
                HttpRequest nobody = HttpRequest.newBuilder(gateway.uri(path))
                        .method(call.group(1), BodyPublishers.ofString("{}"))
                        .build();
                assertThat(gateway.http.send(nobody, BodyHandlers.ofString()).statusCode())
                        .as(call.group())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void everyFrameOfClientsThatIsDescribedIsServed() throws Exception {
        int begin = document.indexOf("### From the client");
        String fromClients = document.substring(begin, document.indexOf("<!-- end -->", begin));
        List<MatchResult> frames = FRAME.matcher(fromClients).results().toList();
        assertThat(frames).isNotEmpty();
        try (Gateway gateway = new Gateway()) {
            Client alice = gateway.connect("alice");
            for (MatchResult frame : frames) {
                alice.send("{\"type\":\"" + frame.group(1) + "\"}");
                assertThat(alice.next("error").at("/payload/message").asText())
                        .as(frame.group())
                        .startsWith("payload: ");
            }
        }
    }

    @Test
    void everyVariableThatIsDescribedIsRead() {
        Map<String, String> wrong = VARIABLE.matcher(document)
                .results()
                .map(MatchResult::group)
                // Those of the query side and of the sequencer.
                .filter(
                        name -> !name.matches(
                                "MILENA_(READ_WITHIN|SYNC_.*|PAGE_.*|INBOX_.*|ANSWER_BYTES_MAX|RATE_READS_PER_SECOND|EDIT_WITHIN)"))
                .distinct()
                .collect(Collectors.toMap(Function.identity(), name -> "wrong"));
        Settings settings = Settings.ofEnvironment(wrong);

        GatewayConfig.of(settings);

        assertThat(settings.unknown()).isEmpty();
        assertThat(settings.errors()).hasSameSizeAs(wrong.entrySet());
    }
}
