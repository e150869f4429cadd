package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.conversation.person.BlockListRules;
import chat.milena.conversation.state.MessageAnnotations;
import chat.milena.gateway.GatewayConfig;
import chat.milena.gateway.ServerLimits;
import chat.milena.protocol.call.ServerLimit;
import chat.milena.protocol.frame.PersonalReader;
import chat.milena.protocol.frame.ProfileReader;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.syncapi.SyncApiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What `GET /api/v1/server` says of limits is what `docs/protocol.md` lists, by its names and with its defaults.
class LimitsDocumentTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| [^|]+ \\| `(\\w+)` \\| ([0-9,]+) ?(MiB|ms|s|%|) \\| ", Pattern.MULTILINE);

    @Test
    void everyLimitIsListedWithItsDefault() throws IOException {
        Map<String, Long> documented = new TreeMap<>();
        ROW.matcher(Files.readString(SourceFiles.ROOT.resolve("docs/protocol.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), value(row)));
        Settings none = Settings.ofEnvironment(Map.of());

        Map<String, Long> said = new TreeMap<>(ServerLimits.of(GatewayConfig.of(none)));
        said.putAll(SyncApiConfig.of(none, Duration.ofDays(30), AllowedOrigins.ANY, new Secret("x"))
                .limitsByName());

        assertThat(said).isEqualTo(documented);
    }

    /// Where the values are enforced.
    @Test
    void fixedLimitsAreThoseOfTheCode() {
        assertThat(ServerLimit.PROFILE_NAME_CHARACTERS_MAX.initial()).isEqualTo(ProfileReader.NAME_CODE_POINTS_MAX);
        assertThat(ServerLimit.PROFILE_CUSTOM_BYTES_MAX.initial()).isEqualTo(ProfileReader.CUSTOM_BYTES_MAX);
        assertThat(ServerLimit.DRAFT_CHARACTERS_MAX.initial()).isEqualTo(PersonalReader.DRAFT_CODE_POINTS_MAX);
        assertThat(ServerLimit.BLOCKS_MAX.initial()).isEqualTo(BlockListRules.BLOCKS_MAX);
        assertThat(ServerLimit.EMOJIS_MAX.initial()).isEqualTo(MessageAnnotations.EMOJIS_MAX);
        assertThat(ServerLimit.EMOJIS_EVER_MAX.initial()).isEqualTo(MessageAnnotations.EMOJIS_EVER_MAX);
        assertThat(ServerLimit.PINS_MAX.initial()).isEqualTo(MessageAnnotations.PINS_MAX);
    }

    private static long value(MatchResult row) {
        long number = Long.parseLong(row.group(2).replace(",", ""));
        return switch (row.group(3)) {
            case "MiB" -> number * 1024 * 1024;
            case "s" -> number * 1000;
            default -> number;
        };
    }
}
