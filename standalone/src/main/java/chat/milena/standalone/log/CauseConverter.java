package chat.milena.standalone.log;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import chat.milena.runtime.lifecycle.LastCause;
import java.io.PrintWriter;
import java.io.StringWriter;

/// What a log line says of the failure that it came with: the last cause, in the same line. Only of what cannot
/// come from outside, and so is a mistake of ours, does the stack follow; with the option `short`, never. Made by
/// Logback.
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
