package chat.milena.gateway;

import chat.milena.gateway.command.CommandLog;
import chat.milena.schemas.avro.InboundCommand;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A log that keeps what is appended for a test to take, and that can be full or broken.
public final class FakeCommandLog implements CommandLog {
    private final BlockingQueue<InboundCommand> commands = new LinkedBlockingQueue<>();
    private volatile boolean full;
    private volatile boolean broken;
    private volatile boolean room = true;

    @Override
    public boolean append(InboundCommand command, When when, AppendFailure failure) {
        if (full || !room) {
            return false;
        }
        if (broken) {
            failure.failed(command.getOrigin().getCommandId());
        } else {
            commands.add(command);
        }
        return true;
    }

    public void full(boolean now) {
        full = now;
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    /// As on a disk that is nearly full.
    public void room(boolean now) {
        room = now;
    }

    public void broken(boolean now) {
        broken = now;
    }

    public int size() {
        return commands.size();
    }

    /// The next command, waiting for it.
    public InboundCommand take() throws InterruptedException {
        InboundCommand command = commands.poll(5, TimeUnit.SECONDS);
        if (command == null) {
            throw new AssertionError("no command was appended");
        }
        return command;
    }
}
