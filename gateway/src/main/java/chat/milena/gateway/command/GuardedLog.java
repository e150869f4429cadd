package chat.milena.gateway.command;

import chat.milena.schemas.avro.InboundCommand;
import java.util.function.BooleanSupplier;

/// A [CommandLog] that rejects commands while the disk has no room. Safe for all threads.
public final class GuardedLog implements CommandLog {
    /// The message for clients in that case.
    public static final String NO_ROOM = "the server's disk is nearly full: commands are rejected, reads continue";

    private final CommandLog log;
    private final BooleanSupplier room;

    /// @param room called for every command, so it must be fast
    public GuardedLog(CommandLog log, BooleanSupplier room) {
        this.log = log;
        this.room = room;
    }

    @Override
    public boolean append(InboundCommand command, When when, AppendFailure failure) {
        return hasRoom() && log.append(command, when, failure);
    }

    @Override
    public boolean hasRoom() {
        return room.getAsBoolean();
    }
}
