package chat.milena.gateway.live;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.GuardedLog;
import chat.milena.gateway.command.Submission;
import chat.milena.gateway.command.Submission.Submitted;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.PendingReceipt;
import chat.milena.gateway.session.PendingReceipt.Target;
import chat.milena.protocol.frame.ClientFrame.Receipt;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.time.WindowTimer;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.word.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/// Makes commands of receipts: those of one connection and conversation within a window are one command. Safe for
/// all threads; never blocks.
///
/// A receipt that cannot be submitted at the end of its window, because of the rate of its user, the bound of the
/// connection or a full log, waits for the next window. Others are merged with it, so it costs nothing. After the
/// deadline of commands it is answered `UNAVAILABLE`. **Overflow.** A receipt without room to wait is submitted
/// immediately or, if that fails too, rejected. When a connection closes, waiting receipts are submitted as far as
/// the rate of the user allows.
public final class ReceiptSender {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final CommandFactory commands;
    private final CommandGate gate;
    private final Duration window;
    private final WindowTimer timer;
    private final Ticker ticker;
    private final Counter sent;

    /// @param gate with the rates of receipts
    /// @param window how long a receipt waits for others
    /// @param ticker measures the times of the connections
    public ReceiptSender(
            CommandFactory commands,
            CommandGate gate,
            Duration window,
            WindowTimer timer,
            Ticker ticker,
            MeterRegistry meters) {
        this.commands = commands;
        this.gate = gate;
        this.window = window;
        this.timer = timer;
        this.ticker = ticker;
        this.sent = Counter.builder("milena.gateway.receipts.sent")
                .description("Commands made of receipts; their frames are counted separately")
                .register(meters);
    }

    /// A receipt came in.
    void receive(Connection connection, Receipt frame, long nowMillis) {
        if (!gate.hasRoom()) {
            connection.send(ServerFrames.error(
                    frame.id(), ErrorCode.UNAVAILABLE, GuardedLog.NO_ROOM, FrameCommands.RETRY_WITHOUT_ROOM));
            return;
        }
        PendingReceipt receipt = PendingReceipt.of(frame, nowMillis);
        switch (connection.receipts().hold(receipt)) {
            case HELD -> {}
            case OPENED -> endLater(connection);
            case FULL -> {
                if (!send(connection, receipt)) {
                    connection.refuse(frame.id(), "too many receipts are waiting", RETRY_SOON, nowMillis);
                }
            }
        }
    }

    private void endLater(Connection connection) {
        timer.after(window, () -> end(connection));
    }

    private void end(Connection connection) {
        long nowMillis = ticker.millis();
        long deadlineMillis = connection.commandDeadline().toMillis();
        boolean opened = false;
        for (PendingReceipt receipt : connection.receipts().end()) {
            if (nowMillis - receipt.sinceMillis() >= deadlineMillis) {
                new ReceiptAnswer(connection, receipt).unknown();
            } else if (!send(connection, receipt)) {
                opened |= holdAgain(connection, receipt);
            }
        }
        if (opened) {
            endLater(connection);
        }
    }

    /// @return whether it opened a window
    private static boolean holdAgain(Connection connection, PendingReceipt receipt) {
        return switch (connection.receipts().hold(receipt)) {
            case OPENED -> true;
            case HELD -> false;
            case FULL -> {
                // Others took its place in the meantime.
                new ReceiptAnswer(connection, receipt).unknown();
                yield false;
            }
        };
    }

    /// @return false if it must wait, and nothing happened
    private boolean send(Connection connection, PendingReceipt receipt) {
        return isSent(gate.submit(
                connection.caller(),
                command(connection, receipt),
                connection.receiptPlaces(),
                connection.commandDeadline(),
                new ReceiptAnswer(connection, receipt)));
    }

    private boolean isSent(Submission submission) {
        boolean submitted = submission instanceof Submitted;
        if (submitted) {
            sent.increment();
        }
        return submitted;
    }

    /// The socket of the connection is gone, or will be. Waiting receipts are submitted without an answer.
    public void closing(Connection connection) {
        for (PendingReceipt receipt : connection.receipts().end()) {
            InboundCommand command = command(connection, receipt);
            if (!isSent(gate.submitUnheard(connection.caller(), command, connection.commandDeadline()))) {
                return;
            }
        }
    }

    private InboundCommand command(Connection connection, PendingReceipt receipt) {
        Target target = receipt.target();
        return commands.receipt(
                connection.caller(),
                connection.connectionId(),
                target.conversationId(),
                target.kind(),
                receipt.mark(connection.deviceId()));
    }
}
