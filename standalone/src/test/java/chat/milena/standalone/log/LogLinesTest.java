package chat.milena.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.FilterReply;
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
                "console",
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

        assertThat(line("console", "chat.milena.up", "failed", mistake)).contains("\tat ");
        assertThat(line("kafka", "kafka.server.X", "failed", mistake))
                .hasLineCount(1)
                .contains("(impossible)");
        assertThat(line("kafka", "kafka.server.X", "two\nlines", null)).hasLineCount(1);
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

    private String line(String appender, String logger, String message, @Nullable Throwable failure) throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        context.reset();
        configurator.doConfigure(LogLinesTest.class.getResource("/logback.xml"));
        String owner = appender.equals("kafka") ? "kafka" : org.slf4j.Logger.ROOT_LOGGER_NAME;
        ConsoleAppender<ILoggingEvent> console =
                (ConsoleAppender<ILoggingEvent>) context.getLogger(owner).getAppender(appender);
        PatternLayoutEncoder encoder = (PatternLayoutEncoder) console.getEncoder();
        return new String(encoder.encode(event(logger, message, failure)), StandardCharsets.UTF_8);
    }

    private LoggingEvent event(String logger, String message, @Nullable Throwable failure) {
        return new LoggingEvent("", context.getLogger(logger), Level.ERROR, message, failure, null);
    }
}
