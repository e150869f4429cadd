package chat.milena.bench.chat;

import chat.milena.bench.chat.SeenMessages.Seen;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.About;
import chat.milena.bench.frame.ServerFrame;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The output of a terminal chat: frames become lines. [TerminalInput] is the other direction.
///
/// After a lost connection it resumes and shows the missed messages; if the server cannot send them, it says so.
/// Output may come from the event loop and from the reading thread; the stream serializes whole lines.
final class TerminalChat implements ConnectionListener {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final PrintStream out;
    private final ZoneId zone;
    private final boolean verbose;
    private volatile @Nullable String conversationId;
    private volatile boolean failed;
    /// Lines of this terminal that the server has not yet accepted; bounded by the sends in flight.
    private final Set<String> unacked = ConcurrentHashMap.newKeySet();

    private final SeenMessages seen = new SeenMessages();

    private boolean toldDown;
    /// The highest number of the conversation that is on the screen. For the event loop.
    private long shownUpTo;

    TerminalChat(PrintStream out, ZoneId zone, boolean verbose) {
        this.out = out;
        this.zone = zone;
        this.verbose = verbose;
    }

    void open(String conversation) {
        conversationId = conversation;
    }

    /// Whether a line was refused or could not be handed over.
    boolean failed() {
        return failed;
    }

    @Nullable
    String conversationId() {
        return conversationId;
    }

    SeenMessages seen() {
        return seen;
    }

    /// A line was not sent, or not done.
    void notDone(String why) {
        failed = true;
        note(why);
    }

    /// A line of this terminal is handed over.
    void sending(String messageId) {
        unacked.add(messageId);
    }

    /// It was not taken.
    void notTaken(String messageId, String why) {
        unacked.remove(messageId);
        notDone("not sent: " + why);
    }

    @Override
    public boolean wantsText() {
        return true;
    }

    @Override
    public boolean resumes() {
        return true;
    }

    @Override
    public void onConnected(Connection connection, ServerFrame.Connected frame, boolean again) {
        toldDown = false;
        if (again) {
            note(
                    frame.resumed()
                            ? "connected again"
                            : "connected again; messages missed in between are not shown here");
        } else {
            note("connected as " + connection.userId());
        }
    }

    @Override
    public void onMessageNew(Connection connection, ServerFrame.MessageNew message) {
        adopt(message.conversationId());
        if (message.conversationId().equals(conversationId)) {
            shownUpTo = Math.max(shownUpTo, message.sequenceNumber());
            About about = message.about();
            seen.add(new Seen(message.messageId(), message.senderId(), root(about)));
            String time = CLOCK.format(Instant.ofEpochMilli(message.timestamp()).atZone(zone));
            String text = message.text() == null ? "(no text)" : message.text();
            out.println(time + " " + SafeText.of(message.senderId()) + said(about) + ": " + SafeText.of(text));
        }
    }

    private static @Nullable String root(@Nullable About about) {
        return about != null && about.inThread() ? about.messageId() : null;
    }

    /// What the message is about, to be shown behind its sender.
    private String said(@Nullable About about) {
        if (about == null) {
            return "";
        }
        String sender = seen.sender(about.messageId());
        String whose = sender == null ? "somebody" : SafeText.of(sender);
        return about.inThread() ? " (in a thread of " + whose + ")" : " (to " + whose + ")";
    }

    @Override
    public void onTimelineChange(Connection connection, ServerFrame.TimelineChange change) {
        long number = change.sequenceNumbers().getLast();
        if (!change.conversationId().equals(conversationId) || number <= shownUpTo) {
            return;
        }
        shownUpTo = number;
        String sender = seen.sender(change.messageId());
        String whose = sender == null ? "an earlier message" : "a message of " + SafeText.of(sender);
        switch (change.type()) {
            case "message.updated" ->
                note(whose + " is now: " + SafeText.of(change.text() == null ? "(no text)" : change.text()));
            case "message.deleted" -> note(whose + " was deleted");
            case "message.reaction" -> note("there is a reaction to " + whose);
            case "message.pinned" -> note(whose + " was pinned or unpinned");
            default -> {}
        }
    }

    /// Some of these messages may already be on the screen: a token lies a little before the latest frame.
    @Override
    public void onOffline(Connection connection, ServerFrame.Offline missed) {
        for (ServerFrame.Entry entry : missed.entries()) {
            ServerFrame.MessageNew message = entry.message(missed.conversationId());
            boolean known = missed.conversationId().equals(conversationId) && entry.sequenceNumber() <= shownUpTo;
            if (message != null && !known && !unacked.contains(message.messageId())) {
                onMessageNew(connection, message);
            }
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
        unacked.remove(ack.messageId());
        seen.addOwn(new Seen(ack.messageId(), connection.userId(), sent == null ? null : root(sent.about())));
        if (ack.conversationId().equals(conversationId)) {
            shownUpTo = Math.max(shownUpTo, ack.sequenceNumber());
        }
        if (verbose) {
            out.println("✓ " + ack.sequenceNumber() + (ack.duplicate() ? " (was there already)" : ""));
        }
    }

    @Override
    public void onRefused(Connection connection, SentMessage sent, ServerFrame.Refusal refusal) {
        notTaken(sent.messageId(), SafeText.of(refusal.code() + " " + refusal.message()));
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

    void note(String text) {
        out.println("* " + text);
    }
}
