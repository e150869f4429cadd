package chat.milena.standalone.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/// Leaves out what Kafka calls an error at a start and mends by itself: the controller registers with itself before it
/// is elected, is refused, and tries again. Made by Logback.
public final class HarmlessFilter extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getFormattedMessage().contains("apiKey=CONTROLLER_REGISTRATION")
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
