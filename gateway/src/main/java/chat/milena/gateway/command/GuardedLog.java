package chat.milena.gateway.command;

import chat.milena.schemas.avro.InboundCommand;
import java.util.function.BooleanSupplier;

/// A [CommandLog] that takes nothing while there is no room on the disk. Safe for all threads.
public final class GuardedLog implements CommandLog {
    /// What clients are answered then.
    public static final String NO_ROOM = "the server's disk is nearly full: it takes nothing new, reading goes on";

    private final CommandLog log;
    private final BooleanSupplier room;

    /// @param room asked for every command, so it only looks at what is known
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
