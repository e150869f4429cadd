package chat.milena.standalone.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/// Drops an error that Kafka logs at a start and resolves by itself: the controller registers with itself before
/// it is elected, is rejected, and retries. Logback creates this class.
public final class HarmlessFilter extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getFormattedMessage().contains("apiKey=CONTROLLER_REGISTRATION")
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
