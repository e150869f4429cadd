package chat.milena.bench.hostile;

import chat.milena.bench.call.RawReader;
import chat.milena.bench.client.CloseReason;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One connection of a flood, which follows its script; it has no thread of its own. For the swarm's thread.
final class Attacker implements RawReader.Sink {
    private static final int SWEEP_READS_MAX = 100;
    private static final Pattern TYPE = Pattern.compile("\"type\":\"([a-z.]{1,40})\"");
    private static final Pattern ERROR = Pattern.compile("\"error\":\"([A-Z_]{1,40})\"");

    private final Swarm swarm;
    private final Wave wave;
    private final int number;
    private final SocketChannel channel;
    private final StatusReader statuses = new StatusReader();
    private final @Nullable RawReader frames;
    private @Nullable SelectionKey key;
    private @Nullable ByteBuffer writing;
    private long dueNanos;
    private long bytesRead;
    private boolean isConnected;
    private boolean mayGoOn;
    private boolean wroteMore;
    private boolean gone;

    Attacker(Swarm swarm, Wave wave, int number, SocketChannel channel) {
        this.swarm = swarm;
        this.wave = wave;
        this.number = number;
        this.channel = channel;
        this.frames = wave.script().upgrades() ? new RawReader() : null;
        this.mayGoOn = !wave.script().upgrades();
    }

    void registered(SelectionKey registered) {
        key = registered;
    }

    long dueNanos() {
        return dueNanos;
    }

    boolean isGone() {
        return gone;
    }

    void connected() {
        isConnected = true;
        wave.tally().opened(wave.open());
        writing = ByteBuffer.wrap(wave.script().opening().of(number));
        write();
    }

    /// The time of the next write has come.
    void due() {
        if (!gone && writing == null) {
            writing = ByteBuffer.wrap(wave.script().more().of(number));
            write();
        }
    }

    void ready(SelectionKey selected) {
        try {
            if (selected.isConnectable() && channel.finishConnect()) {
                connected();
                return;
            }
            if (selected.isReadable()) {
                read();
            }
            if (!gone && selected.isWritable()) {
                write();
            }
        } catch (IOException e) {
            ends(isConnected ? "reset" : "not connected");
        }
    }

    /// Writes as much as the socket takes, within the swarm's limit for now.
    private void write() {
        ByteBuffer rest = writing;
        if (rest != null && swarm.mayWrite()) {
            try {
                int written = channel.write(rest);
                wave.tally().wrote(written);
                swarm.wrote(written);
                if (!rest.hasRemaining()) {
                    writing = null;
                    wave.tally().wroteAll();
                    wroteAll();
                }
            } catch (IOException e) {
                ends("reset");
                return;
            }
        }
        interest();
    }

    private void wroteAll() {
        if (wave.script().ending() == Script.Ending.LEAVES_UNANSWERED
                && wave.script().pace() instanceof Script.Pace.Never) {
            swarm.atOnceAfterThis(this);
        } else if (mayGoOn) {
            goOn(false);
        }
    }

    private void goOn(boolean answered) {
        switch (wave.script().pace()) {
            case Script.Pace.Never never -> {}
            case Script.Pace.Once once -> {
                if (!wroteMore) {
                    wroteMore = true;
                    writeMore();
                } else if (wave.script().ending() == Script.Ending.LEAVES_UNANSWERED) {
                    swarm.atOnceAfterThis(this);
                }
            }
            case Script.Pace.AsTaken asTaken -> writeMore();
            case Script.Pace.Answered asAnswered -> {
                if (answered) {
                    writeMore();
                }
            }
            case Script.Pace.Every every -> {
                if (!answered || !wroteMore) {
                    wroteMore = true;
                    dueNanos = System.nanoTime() + every.span().toNanos();
                    swarm.wakesWhenDue(this);
                }
            }
        }
    }

    /// The next bytes are written when the socket is ready again, so that no connection keeps the thread.
    private void writeMore() {
        if (writing == null) {
            writing = ByteBuffer.wrap(wave.script().more().of(number));
            interest();
        }
    }

    private void interest() {
        SelectionKey registered = key;
        if (registered != null && registered.isValid() && !gone) {
            registered.interestOps(
                    (reads() ? SelectionKey.OP_READ : 0) | (writing == null ? 0 : SelectionKey.OP_WRITE));
        }
    }

    /// Every attacker reads until it is admitted.
    private boolean reads() {
        return !mayGoOn || bytesRead < wave.script().readBytesMax();
    }

    /// Reads once; returns whether there may be more.
    private boolean read() throws IOException {
        ByteBuffer buffer = swarm.emptyBuffer();
        int read = channel.read(buffer);
        if (read < 0) {
            ends("closed");
            return false;
        }
        bytesRead += read;
        wave.tally().read(read);
        buffer.flip();
        if (frames == null) {
            statuses.read(buffer, this::status);
        } else {
            frames.read(buffer, this);
        }
        interest();
        return read > 0 && !gone;
    }

    private void status(int status) {
        wave.tally().met("HTTP " + status);
        if (status >= 200) {
            answered();
        }
    }

    private void answered() {
        if (wave.script().ending() == Script.Ending.LEAVES_ANSWERED) {
            swarm.atOnceAfterThis(this);
        } else if (mayGoOn && !gone) {
            goOn(true);
        }
    }

    @Override
    public void refused(int status, @Nullable Duration retryAfter) {
        status(status);
    }

    @Override
    public void text(byte[] utf8) {
        String frame = new String(utf8, 0, Math.min(utf8.length, 256), StandardCharsets.UTF_8);
        Matcher error = ERROR.matcher(frame);
        Matcher type = TYPE.matcher(frame);
        String what = error.find() ? "error " + error.group(1) : type.find() ? type.group(1) : "frame";
        wave.tally().met(what);
        mayGoOn |= what.equals("connected");
        answered();
    }

    @Override
    public void ping(byte[] pongFrame) {}

    @Override
    public void closed(CloseReason reason) {
        ends("close " + reason.code());
    }

    @Override
    public void broken(String why) {
        ends("closed");
    }

    /// Called when the flood is over. A connection that does not read learns only now what the server did to it.
    void sweep() {
        try {
            boolean more = !gone && !reads();
            for (int i = 0; i < SWEEP_READS_MAX && more; i++) {
                more = read();
            }
        } catch (IOException e) {
            ends("reset");
        }
        if (!gone) {
            wave.tally().held();
            leave();
        }
    }

    private void ends(String how) {
        if (!gone) {
            wave.tally().met(how);
            leave();
        }
    }

    /// Leaves with a reset, which needs no answer and leaves nothing behind on this side.
    void leave() {
        if (gone) {
            return;
        }
        gone = true;
        wave.ends();
        swarm.left(this);
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException e) {
            // The socket is gone in any case.
        }
    }
}
