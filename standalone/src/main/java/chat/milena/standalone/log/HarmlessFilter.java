package chat.milena.standalone.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;

/// Drops errors that Kafka logs and resolves by itself. Logback creates this class.
///
/// At a start the controller registers with itself before it is elected, is rejected, and retries. A broker that runs
/// only for a repair deletes topics while it still loads the offsets of groups, or stops while it does: offsets of
/// topics that are gone end with their age.
public final class HarmlessFilter extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        boolean isHarmless = message.contains("apiKey=CONTROLLER_REGISTRATION")
                || (message.contains("deleted topics") && isOf(event, CoordinatorLoadInProgressException.class))
                || (message.contains("Failed to load metadata from __consumer_offsets")
                        && isOf(event, NotLeaderOrFollowerException.class));
        return isHarmless ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    private static boolean isOf(ILoggingEvent event, Class<? extends Throwable> failure) {
        IThrowableProxy cause = event.getThrowableProxy();
        return cause != null && cause.getClassName().equals(failure.getName());
    }
}
