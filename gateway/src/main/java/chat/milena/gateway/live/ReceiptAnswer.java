package chat.milena.gateway.live;

import chat.milena.gateway.command.CommandListener;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.Outcome.Accepted;
import chat.milena.gateway.command.Outcome.Duplicate;
import chat.milena.gateway.command.Outcome.Rejected;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.PendingReceipt;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers the frames that one command of receipts was merged from: each one with an id. A failure is sent even
/// without an id. Immutable.
record ReceiptAnswer(Connection connection, PendingReceipt receipt) implements CommandListener {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    @Override
    public void decided(Outcome outcome) {
        switch (outcome) {
            case Accepted accepted -> acknowledge();
            case Duplicate duplicate -> acknowledge();
            case Rejected(var code, var reason, var detailed) ->
                fail(id -> ServerFrames.rejected(id, code, reason, detailed));
        }
    }

    @Override
    public void unknown() {
        fail(id -> ServerFrames.error(id, ErrorCode.UNAVAILABLE, "outcome unknown; safe to resend", RETRY_SOON));
    }

    private void acknowledge() {
        receipt.ids().forEach(id -> connection.send(ServerFrames.ok(id)));
    }

    private void fail(Function<@Nullable String, ServerFrame> error) {
        if (receipt.ids().isEmpty()) {
            connection.send(error.apply(null));
        } else {
            receipt.ids().forEach(id -> connection.send(error.apply(id)));
        }
    }
}
