package chat.milena.bench.chat;

import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.client.ServerFrame;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The two directions of a terminal chat: lines in become messages, frames become lines out.
///
/// Output may come from the event loop and from the reading thread; the stream serializes whole lines.
final class TerminalChat implements ConnectionListener {
    private static final Duration SEND_PATIENCE = Duration.ofSeconds(30);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final PrintStream out;
    private final ZoneId zone;
    private final boolean verbose;
    private volatile @Nullable String conversationId;
    private volatile boolean failed;
    private boolean toldDown;

    TerminalChat(PrintStream out, ZoneId zone, boolean verbose) {
        this.out = out;
        this.zone = zone;
        this.verbose = verbose;
    }

    void open(String conversation) {
        conversationId = conversation;
    }

    /// Whether some line was refused or could not be handed over.
    boolean failed() {
        return failed;
    }

    /// Sends lines until `/quit` or the end of input.
    void sendLines(Connection connection, Reader in) throws IOException, InterruptedException {
        LineReader lines = new LineReader(in);
        String line;
        while ((line = lines.next()) != null && !line.strip().equals("/quit")) {
            if (line.isBlank()) {
                continue;
            }
            String conversation = conversationId;
            if (conversation == null) {
                note("nobody has written yet; name someone with --with, --group or --conversation");
            } else if (!connection.send(conversation, UUID.randomUUID().toString(), line, 0, SEND_PATIENCE)) {
                failed = true;
                note("not sent: the server did not take anything for " + SEND_PATIENCE.toSeconds() + " s");
            }
        }
    }

    @Override
    public boolean wantsText() {
        return true;
    }

    @Override
    public void onConnected(Connection connection, ServerFrame.Connected frame, boolean again) {
        toldDown = false;
        note(again ? "connected again" : "connected as " + connection.userId());
    }

    @Override
    public void onMessageNew(Connection connection, ServerFrame.MessageNew message) {
        adopt(message.conversationId());
        if (message.conversationId().equals(conversationId)) {
            String time = CLOCK.format(Instant.ofEpochMilli(message.timestamp()).atZone(zone));
            String text = message.text() == null ? "(no text)" : message.text();
            out.println(time + " " + SafeText.of(message.senderId()) + ": " + SafeText.of(text));
        }
    }

    @Override
    public void onConversation(Connection connection, ServerFrame.ConversationCreated created) {
        adopt(created.conversationId());
    }

    private void adopt(String conversation) {
        if (conversationId == null) {
            conversationId = conversation;
            note("in conversation " + SafeText.of(conversation));
        }
    }

    @Override
    public void onAck(Connection connection, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        if (verbose) {
            out.println("✓ " + ack.sequenceNumber() + (ack.duplicate() ? " (was there already)" : ""));
        }
    }

    @Override
    public void onRefused(Connection connection, SentMessage sent, ServerFrame.Refusal refusal) {
        failed = true;
        note("not sent: " + SafeText.of(refusal.code() + " " + refusal.message()));
    }

    @Override
    public void onOther(Connection connection, ServerFrame frame) {
        switch (frame) {
            case ServerFrame.Refusal refusal -> note(SafeText.of(refusal.code() + " " + refusal.message()));
            case ServerFrame.Resync resync -> note("some messages were not shown: this connection fell behind");
            case ServerFrame.Malformed malformed -> note("the server sent something unreadable");
            default -> {}
        }
    }

    @Override
    public void onDown(Connection connection, CloseReason reason, boolean reconnecting) {
        if (!toldDown && reconnecting) {
            toldDown = true;
            note("not connected (" + SafeText.of(reason.toString()) + "), trying again");
        }
    }

    private void note(String text) {
        out.println("* " + text);
    }
}
