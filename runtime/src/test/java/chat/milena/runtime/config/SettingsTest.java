package chat.milena.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void silenceMeansTheFallback() {
        Settings settings = Settings.ofEnvironment(Map.of("MILENA_EMPTY", ""));

        assertThat(settings.integer("MILENA_PORT", 8080, 0, 65535)).isEqualTo(8080);
        assertThat(settings.text("MILENA_EMPTY", "x")).isEqualTo("x");
        assertThat(settings.flag("MILENA_FLAG", true)).isTrue();
        assertThat(Settings.ofEnvironment(Map.of("MILENA_FLAG", "off")).flag("MILENA_FLAG", true))
                .isFalse();
        assertThat(settings.optionalSecret("MILENA_SECRET")).isNull();
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void allErrorsAreToldAtOnce() {
        Settings settings = Settings.ofEnvironment(
                Map.of("MILENA_A", "x", "MILENA_B", "70000", "MILENA_C", "1w", "MILENA_D", "yes", "MILENA_E", "2d"));

        settings.integer("MILENA_A", 1, 0, 9);
        settings.integer("MILENA_B", 1, 0, 65535);
        settings.duration("MILENA_C", SECOND, SECOND, DAY);
        settings.flag("MILENA_D", false);
        settings.duration("MILENA_E", SECOND, SECOND, DAY);

        assertThatThrownBy(settings::check)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("""
                    MILENA_A must be a whole number from 0 to 9
                    MILENA_B must be from 0 to 65535
                    MILENA_C must be a duration such as 250ms, 30s, 5m, 24h or 30d
                    MILENA_D must be on or off
                    MILENA_E must be from 1s to 1d\
                    """);
    }

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "30s,PT30S", "5m,PT5M", "24h,PT24H", "30d,PT720H", "0s,PT0S"})
    void timesAreRead(String text, Duration expected) {
        assertThat(Settings.parseDuration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "5", "s", "-5s", "5 s", "1.5h", "5S", "99999999999s", "5sm"})
    void otherTimesAreRefused(String text) {
        assertThatThrownBy(() -> Settings.parseDuration(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void misspeltNamesAreFound() {
        Settings settings = Settings.ofEnvironment(Map.of(
                "MILENA_PROT", "1", "MILENA_PORT", "1", "MILENA_KAFKA_X", "1", "HOME", "/", "MILENA_JAVA_OPTS", "-ea"));

        settings.integer("MILENA_PORT", 1, 1, 9);
        settings.startingWith("MILENA_KAFKA_", List.of());

        assertThat(settings.unknown()).containsExactly("MILENA_PROT");
    }

    @Test
    void misspeltNameIsReportedWithWhatElseIsWrong() {
        Settings options = Settings.ofOptions(Map.of("--port", "x"));
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_PORTT", "1", "MILENA_PORT", "-1"));
        environment.integer("MILENA_PORT", 1, 1, 9);

        options.integer("--port", 1, 1, 9);

        assertThatThrownBy(() -> Settings.checkRead(options, environment))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("""
                        --port must be a whole number from 1 to 9
                        MILENA_PORT must be from 1 to 9
                        MILENA_PORTT is set but means nothing""");
    }

    @Test
    void misspeltNameAloneIsNoReasonToEnd() {
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_PORTT", "1"));

        assertThatCode(() -> Settings.checkRead(environment)).doesNotThrowAnyException();
    }

    @Test
    void prefixLeavesOutWhatIsReadByName() {
        Settings settings = Settings.ofEnvironment(Map.of("MILENA_KAFKA_PORT", "9", "MILENA_KAFKA_ACKS", "1"));

        settings.integer("MILENA_KAFKA_PORT", 0, 0, 9);

        assertThat(settings.startingWith("MILENA_KAFKA_", List.of())).isEqualTo(Map.of("ACKS", "1"));
    }

    @Test
    void emptyOptionIsAValueAndAMissingOneIsNot() {
        Map<String, @Nullable String> options = new HashMap<>();
        options.put("--port", "");
        options.put("--bind", null);
        Settings settings = Settings.ofOptions(options);

        settings.integer("--port", 1, 0, 9);

        assertThat(settings.has("--bind")).isFalse();
        assertThat(settings.errors()).hasSize(1);
    }

    @Test
    void secretMayComeFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "hunter2\r\n");
        Settings settings = Settings.ofEnvironment(Map.of("MILENA_PASSWORD_FILE", file.toString()));

        assertThat(settings.optionalSecret("MILENA_PASSWORD")).isEqualTo(new Secret("hunter2"));
        assertThat(settings.<Integer>readSecret("MILENA_PASSWORD", 0, String::length))
                .isEqualTo(7);
        assertThat(settings.errors()).isEmpty();
        assertThat(settings.unknown()).isEmpty();
    }

    @Test
    void fileOfASecretThatCannotServeIsAnErrorThatDoesNotHoldIt(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "hunter2");
        Settings settings = Settings.ofEnvironment(Map.of(
                "MILENA_A", "swordfish",
                "MILENA_A_FILE", file.toString(),
                "MILENA_B_FILE", folder.resolve("none").toString(),
                "MILENA_C_FILE",
                        Files.writeString(folder.resolve("empty"), "\n").toString(),
                "MILENA_D_FILE",
                        Files.write(folder.resolve("long"), new byte[5_000]).toString(),
                "MILENA_E_FILE", folder.toString(),
                "MILENA_F_FILE", file.toString()));

        for (String name : List.of("A", "B", "C", "D", "E")) {
            settings.optionalSecret("MILENA_" + name);
        }
        settings.readSecret("MILENA_F", 0, text -> {
            throw new IllegalArgumentException("must be a number");
        });

        assertThat(settings.errors())
                .hasSize(6)
                .anyMatch(error -> error.equals("MILENA_A and MILENA_A_FILE must not both be set"))
                .anyMatch(error -> error.startsWith("MILENA_B_FILE names a file that does not exist"))
                .anyMatch(error -> error.startsWith("MILENA_C_FILE names an empty file"))
                .anyMatch(error -> error.startsWith("MILENA_D_FILE names a file that cannot be read"))
                .anyMatch(error -> error.startsWith("MILENA_E_FILE names a file that cannot be read"))
                .anyMatch(error -> error.equals("MILENA_F must be a number"))
                .noneMatch(error -> error.contains("hunter2") || error.contains("swordfish"));
    }

    @Test
    void textThatWasDamagedOnItsWayIsAnError() {
        Settings environment = Settings.ofEnvironment(Map.of("MILENA_NAME", "Zo\uFFFD\uFFFD", "OTHER", "\uFFFD"));
        Settings options = Settings.ofOptions(Map.of("--name", "Zo\uFFFD"));

        assertThat(environment.errors()).singleElement().asString().startsWith("MILENA_NAME cannot be read");
        assertThat(options.errors()).singleElement().asString().startsWith("--name cannot be read");
    }

    @Test
    void secretHidesItself() {
        Settings settings = Settings.ofEnvironment(Map.of("MILENA_PASSWORD", "hunter2"));

        assertThat(String.valueOf(settings.optionalSecret("MILENA_PASSWORD"))).doesNotContain("hunter2");
    }
}
