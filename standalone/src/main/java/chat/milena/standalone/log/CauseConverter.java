package chat.milena.standalone.log;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import chat.milena.runtime.lifecycle.LastCause;
import java.io.PrintWriter;
import java.io.StringWriter;

/// Formats the failure of a log line: its last cause, in the same line. The stack trace follows only for a failure
/// that cannot come from outside and is therefore a fault of ours; with the option `short` it never follows.
/// Logback creates this class.
public final class CauseConverter extends ThrowableHandlingConverter {
    @Override
    public String convert(ILoggingEvent event) {
        if (!(event.getThrowableProxy() instanceof ThrowableProxy proxy)) {
            return System.lineSeparator();
        }
        Throwable failure = proxy.getThrowable();
        String line = " (" + LastCause.text(failure) + ")" + System.lineSeparator();
        if ("short".equals(getFirstOption()) || LastCause.isFromOutside(failure)) {
            return line;
        }
        StringWriter stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack));
        return line + stack;
    }
}
