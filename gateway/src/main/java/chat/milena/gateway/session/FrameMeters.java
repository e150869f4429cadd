package chat.milena.gateway.session;

import chat.milena.protocol.frame.ClientFrame;
import chat.milena.protocol.frame.ServerFrameType;
import chat.milena.schemas.word.CommandKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Counts the frames of all sockets, by type. Safe for all threads.
public final class FrameMeters {
    private static final String IN = "milena.gateway.frames.in";
    private static final String TYPE = "type";
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

    public FrameMeters(MeterRegistry meters) {
        for (ServerFrameType type : ServerFrameType.values()) {
            out.put(type, meters.counter("milena.gateway.frames.out", TYPE, type.word()));
        }
        messageSend = meters.counter(IN, TYPE, "message.send");
        for (CommandKind kind : CHANGES) {
            messageChanges.put(kind, meters.counter(IN, TYPE, kind.word()));
        }
        messageDelivered = meters.counter(IN, TYPE, "message.delivered");
        messageRead = meters.counter(IN, TYPE, "message.read");
        heartbeat = meters.counter(IN, TYPE, "heartbeat");
        typing = meters.counter(IN, TYPE, "typing");
        presence = meters.counter(IN, TYPE, "presence");
        sync = meters.counter(IN, TYPE, "sync");
        tokenRefresh = meters.counter(IN, TYPE, "token.refresh");
        rejected = meters.counter(IN, TYPE, "rejected");
        malformed = meters.counter(IN, TYPE, "malformed");
        refused = meters.counter(IN, TYPE, "refused");
        overflows = meters.counter("milena.gateway.outbox.overflows");
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

    void sent(ServerFrameType type) {
        Counter counter = out.get(type);
        if (counter != null) {
            counter.increment();
        }
    }

    void overflowed() {
        overflows.increment();
    }
}
