package chat.milena.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.FilterReply;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The log as the shipped configuration writes it.
class LogLinesTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void lineHasDateZoneLevelThreadAndTheLastCause() throws Exception {
        String line = line(
                "console-text",
                "chat.milena.up",
                "cannot write",
                new RuntimeException(new IOException("No space left on device")));

        assertThat(line)
                .matches(
                        "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}(Z|[+-]\\d{2}:\\d{2}) ERROR \\[[^\\]]+\\] .*"
                                + "cannot write \\(No space left on device\\)\\R");
    }

    @Test
    void mistakeOfOursHasItsStackAndKafkasNever() throws Exception {
        Throwable mistake = new IllegalStateException("impossible");

        assertThat(line("console-text", "chat.milena.up", "failed", mistake)).contains("\tat ");
        assertThat(line("kafka-text", "kafka.server.X", "failed", mistake))
                .hasLineCount(1)
                .contains("(impossible)");
        assertThat(line("kafka-text", "kafka.server.X", "two\nlines", null)).hasLineCount(1);
    }

    @Test
    void registrationBeforeTheElectionIsLeftOut() {
        HarmlessFilter filter = new HarmlessFilter();

        assertThat(filter.decide(event(
                        "kafka.server.ControllerApis",
                        "Unexpected error handling request RequestHeader(apiKey=CONTROLLER_REGISTRATION, apiVersion=0)",
                        null)))
                .isEqualTo(FilterReply.DENY);
        assertThat(filter.decide(event("kafka.server.ControllerApis", "apiKey=CREATE_TOPICS", null)))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void linesAreJsonOnRequest() throws Exception {
        context.putProperty("MILENA_LOG_FORMAT", "json");

        String line = line("console-json", "chat.milena.up", "two\nlines", new IOException("gone"));
        assertThat(line).hasLineCount(1);
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("level").asText()).isEqualTo("ERROR");
        assertThat(json.path("loggerName").asText()).isEqualTo("chat.milena.up");
        assertThat(json.path("formattedMessage").asText()).isEqualTo("two\nlines");
        assertThat(json.path("throwable").path("message").asText()).isEqualTo("gone");
        String odd = "\"a\\b\" \u0000\u0001\t\u001b[31m\u007f\u2028 \ud83d\udc4d";
        assertThat(new ObjectMapper()
                        .readTree(line("console-json", "chat.milena.up", odd, new IOException(odd)))
                        .path("formattedMessage")
                        .asText())
                .isEqualTo(odd);
        assertThat(line("kafka-json", "kafka.server.X", "stopped", null)).contains("\"formattedMessage\":\"stopped\"");
    }

    private String line(String appender, String logger, String message, @Nullable Throwable failure) throws Exception {
        String format = context.getProperty("MILENA_LOG_FORMAT");
        context.reset();
        if (format != null) {
            context.putProperty("MILENA_LOG_FORMAT", format);
        }
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogLinesTest.class.getResource("/logback.xml"));
        String owner = appender.startsWith("kafka") ? "kafka" : org.slf4j.Logger.ROOT_LOGGER_NAME;
        ConsoleAppender<ILoggingEvent> console =
                (ConsoleAppender<ILoggingEvent>) context.getLogger(owner).getAppender(appender);
        return new String(console.getEncoder().encode(event(logger, message, failure)), StandardCharsets.UTF_8);
    }

    private LoggingEvent event(String logger, String message, @Nullable Throwable failure) {
        return new LoggingEvent("", context.getLogger(logger), Level.ERROR, message, failure, null);
    }
}
