package chat.milena.gateway.session;

import chat.milena.protocol.frame.ClientFrame;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrameType;
import chat.milena.runtime.lifecycle.Rejections;
import chat.milena.schemas.word.CommandKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Counts the frames of all sockets by type, their rejections by code, and how sockets end. Safe for all threads.
public final class FrameMeters {
    private static final String TYPE = "type";
    private static final String CLIENT = "client";
    private static final String OTHER = "other";
    private static final int BYE = 1000;
    private static final int LEFT = 1001;
    private static final Set<CommandKind> CHANGES = EnumSet.of(
            CommandKind.MESSAGE_EDIT, CommandKind.MESSAGE_DELETE, CommandKind.MESSAGE_REACT, CommandKind.MESSAGE_PIN);

    private final Map<ServerFrameType, Counter> out = new EnumMap<>(ServerFrameType.class);
    private final Counter messageSend;
    private final Map<CommandKind, Counter> messageChanges = new EnumMap<>(CommandKind.class);
    private final Counter messageDelivered;
    private final Counter messageRead;
    private final Counter heartbeat;
    private final Counter typing;
    private final Counter presence;
    private final Counter sync;
    private final Counter tokenRefresh;
    private final Counter rejected;
    private final Counter malformed;
    private final Counter refused;
    private final Counter overflows;
    private final Rejections rejections;
    private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);
    private final Counter closesOfProtocol;
    private final Counter clientsBye;
    private final Counter clientsLeft;
    private final Counter clientsOther;
    private final Counter lost;

    public FrameMeters(MeterRegistry meters) {
        for (ServerFrameType type : ServerFrameType.values()) {
            out.put(
                    type,
                    Counter.builder("milena.gateway.frames.out")
                            .description("Frames to clients")
                            .tag(TYPE, type.word())
                            .register(meters));
        }
        messageSend = in(meters, "message.send");
        for (CommandKind kind : CHANGES) {
            messageChanges.put(kind, in(meters, kind.word()));
        }
        messageDelivered = in(meters, "message.delivered");
        messageRead = in(meters, "message.read");
        heartbeat = in(meters, "heartbeat");
        typing = in(meters, "typing");
        presence = in(meters, "presence");
        sync = in(meters, "sync");
        tokenRefresh = in(meters, "token.refresh");
        rejected = in(meters, "rejected");
        malformed = in(meters, "malformed");
        refused = in(meters, "refused");
        overflows = Counter.builder("milena.gateway.outbox.overflows")
                .description("Times that frames of a client that reads too slowly were dropped")
                .register(meters);
        rejections = new Rejections(meters, "frame");
        for (CloseCode code : CloseCode.values()) {
            closes.put(
                    code,
                    close(meters, Integer.toString(code.code()), code.name().toLowerCase(Locale.ROOT)));
        }
        closesOfProtocol = close(meters, OTHER, "protocol");
        clientsBye = close(meters, Integer.toString(BYE), CLIENT);
        clientsLeft = close(meters, Integer.toString(LEFT), CLIENT);
        clientsOther = close(meters, OTHER, CLIENT);
        lost = close(meters, "1006", "lost");
    }

    private static Counter in(MeterRegistry meters, String type) {
        return Counter.builder("milena.gateway.frames.in")
                .description("Frames from clients")
                .tag(TYPE, type)
                .register(meters);
    }

    private static Counter close(MeterRegistry meters, String code, String why) {
        return Counter.builder("milena.gateway.closes")
                .description("WebSockets that have ended, by the code of the first close, and why")
                .tag("code", code)
                .tag("why", why)
                .register(meters);
    }

    public void received(ClientFrame frame) {
        Counter counter = switch (frame) {
            case ClientFrame.MessageSend send -> messageSend;
            case ClientFrame.MessageChange change -> messageChanges.get(change.kind());
            case ClientFrame.Receipt receipt ->
                switch (receipt.kind()) {
                    case DELIVERED -> messageDelivered;
                    case READ -> messageRead;
                };
            case ClientFrame.Heartbeat beat -> heartbeat;
            case ClientFrame.Typing about -> typing;
            case ClientFrame.PresenceSubscribe asked -> presence;
            case ClientFrame.PresenceUnsubscribe asked -> presence;
            case ClientFrame.PresenceSet own -> presence;
            case ClientFrame.Sync asked -> sync;
            case ClientFrame.TokenRefresh refresh -> tokenRefresh;
            case ClientFrame.Rejected refusal -> rejected;
            case ClientFrame.Malformed nothing -> malformed;
        };
        if (counter != null) {
            counter.increment();
        }
    }

    /// A frame that was not read, since it was beyond the rate.
    public void refused() {
        refused.increment();
    }

    void sent(ServerFrame frame) {
        Counter counter = out.get(frame.type());
        if (counter != null) {
            counter.increment();
        }
        if (frame.error() != null) {
            rejections.count(frame.error());
        }
    }

    /// A WebSocket has ended.
    ///
    /// @param code of the first close, if there was one, else below 0
    /// @param reason of that close
    public void closed(int code, @Nullable String reason, boolean byClient) {
        Counter counter = byClient ? closeOfClient(code) : closeOf(code, reason);
        (code < 0 ? lost : counter).increment();
    }

    private Counter closeOfClient(int code) {
        return switch (code) {
            case BYE -> clientsBye;
            case LEFT -> clientsLeft;
            default -> clientsOther;
        };
    }

    /// If several reasons have this code, the reason decides; those that Undertow sends have other words.
    private Counter closeOf(int code, @Nullable String reason) {
        CloseCode found = null;
        for (CloseCode close : CloseCode.values()) {
            if (close.code() == code && (found == null || close.reason().equals(reason))) {
                found = close;
            }
        }
        Counter counter = found == null ? null : closes.get(found);
        return counter == null ? closesOfProtocol : counter;
    }

    void overflowed() {
        overflows.increment();
    }
}
