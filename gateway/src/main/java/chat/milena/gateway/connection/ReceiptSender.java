package chat.milena.gateway.connection;

import chat.milena.gateway.connection.HeldReceipt.Target;
import chat.milena.gateway.frame.ClientFrame.Receipt;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.inbound.Caller;
import chat.milena.gateway.inbound.CommandFactory;
import chat.milena.gateway.inbound.CommandLog;
import chat.milena.gateway.inbound.CommandLog.When;
import chat.milena.gateway.inbound.GuardedLog;
import chat.milena.runtime.rate.Allowances.Allowed;
import chat.milena.gateway.rate.ReceiptRates;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.word.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/// Turns the receipts of connections into commands: what one connection says of one conversation within a window is one
/// command. Safe for all threads; never blocks.
///
/// A receipt that cannot be sent when its window ends, because of its user's rate, the connection's bound or a full
/// log, waits for the next one: meanwhile others join it, so it costs nothing. Past the deadline of commands it is
/// given up and answered `UNAVAILABLE`. **Overflow.** One that finds no room to wait is sent at once or, where that
/// cannot be either, refused. When a connection closes, what waits is sent as far as its user's rate allows.
public final class ReceiptSender {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final CommandFactory commands;
    private final ReceiptRates rates;
    private final CommandLog log;
    private final WindowTimer timer;
    private final Ticker ticker;
    private final Counter sent;

    /// @param ticker what the connections go by
    public ReceiptSender(
            CommandFactory commands,
            ReceiptRates rates,
            CommandLog log,
            WindowTimer timer,
            Ticker ticker,
            MeterRegistry meters) {
        this.commands = commands;
        this.rates = rates;
        this.log = log;
        this.timer = timer;
        this.ticker = ticker;
        this.sent = Counter.builder("milena.gateway.receipts.sent")
                .description("Commands made of receipts; the frames they are made of are counted as such")
                .register(meters);
    }

    /// A receipt came in.
    void receive(Connection connection, Receipt frame, long nowMillis) {
        if (!log.hasRoom()) {
            connection.send(ServerFrames.error(
                    frame.id(), ErrorCode.UNAVAILABLE, GuardedLog.NO_ROOM, FrameReceiver.RETRY_WITHOUT_ROOM));
            return;
        }
        HeldReceipt receipt = HeldReceipt.of(frame, nowMillis);
        switch (connection.receipts().hold(receipt)) {
            case HELD -> {}
            case OPENED -> endLater(connection);
            case FULL -> {
                if (!send(connection, receipt, nowMillis)) {
                    connection.send(ServerFrames.error(
                            frame.id(), ErrorCode.RATE_LIMITED, "too many receipts are waiting", RETRY_SOON));
                    connection.strikeRefused(nowMillis);
                }
            }
        }
    }

    private void endLater(Connection connection) {
        timer.after(connection.config().receipts().window(), () -> end(connection));
    }

    private void end(Connection connection) {
        long nowMillis = ticker.millis();
        long deadlineMillis = connection.config().commandDeadline().toMillis();
        boolean opened = false;
        for (HeldReceipt receipt : connection.receipts().end()) {
            if (nowMillis - receipt.sinceMillis() >= deadlineMillis) {
                connection.receiptUnavailable(receipt);
            } else if (!send(connection, receipt, nowMillis)) {
                opened |= holdAgain(connection, receipt);
            }
        }
        if (opened) {
            endLater(connection);
        }
    }

    /// @return whether it opened a window
    private static boolean holdAgain(Connection connection, HeldReceipt receipt) {
        return switch (connection.receipts().hold(receipt)) {
            case OPENED -> true;
            case HELD -> false;
            case FULL -> {
                // Others came in its place meanwhile.
                connection.receiptUnavailable(receipt);
                yield false;
            }
        };
    }

    /// @return false if it must wait, and nothing happened
    private boolean send(Connection connection, HeldReceipt receipt, long nowMillis) {
        InboundCommand command = command(connection, receipt);
        long commandId = command.getOrigin().getCommandId();
        long deadlineMillis = nowMillis + connection.config().commandDeadline().toMillis();
        if (!connection.receipts().send(commandId, receipt, deadlineMillis)) {
            return false;
        }
        if (append(connection, command, connection::receiptFailed)) {
            return true;
        }
        connection.receipts().close(commandId);
        return false;
    }

    private boolean append(Connection connection, InboundCommand command, CommandLog.AppendFailure failure) {
        Caller caller = connection.token().caller();
        if (!(rates.take(caller, command) instanceof Allowed allowed)) {
            return false;
        }
        When when = new When(allowed.after(), connection.config().commandDeadline());
        if (!log.append(command, when, failure)) {
            rates.giveBack(caller, command);
            return false;
        }
        sent.increment();
        return true;
    }

    /// The connection's socket is gone, or will be; what waits is sent without anybody to be told of it.
    public void closing(Connection connection) {
        List<HeldReceipt> last = connection.receipts().end();
        for (HeldReceipt receipt : last) {
            if (!append(connection, command(connection, receipt), commandId -> {})) {
                return;
            }
        }
    }

    private InboundCommand command(Connection connection, HeldReceipt receipt) {
        Target target = receipt.target();
        return commands.receipt(
                connection.user(), connection.connectionId(), target.conversationId(), target.kind(), receipt.mark());
    }
}
