package chat.milena.bench.chat;

import chat.milena.bench.call.RestResponse;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UTFDataFormatException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The two directions of a terminal chat: input lines become messages, and frames become output lines.
///
/// After a lost connection it resumes and shows the missed messages; if the server cannot send them, it says so.
/// Output may come from the event loop and from the reading thread; the stream serializes whole lines.
final class TerminalChat implements ConnectionListener {
    private static final Duration SEND_PATIENCE = Duration.ofSeconds(30);
    private static final String EDIT = "/edit ";
    private static final String REACT = "/react";
    private static final String PIN = "/pin";
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

    /// Makes REST calls as this terminal's user.
    @FunctionalInterface
    interface Calls {
        RestResponse call(String method, String path, @Nullable JsonNode body) throws InterruptedException;
    }

    void open(String conversation) {
        conversationId = conversation;
    }

    /// Whether a line was refused or could not be handed over.
    boolean failed() {
        return failed;
    }

    /// Sends lines until `/quit` or the end of input. `/edit TEXT` and `/delete` change the last one,
    /// `/react EMOJI` and `/pin` add to the last one of any sender.
    void sendLines(Connection connection, Calls calls, InputStream in) throws IOException, InterruptedException {
        LineReader lines = new LineReader(in);
        while (true) {
            try {
                String line = lines.next();
                if (line == null || line.strip().equals("/quit")) {
                    return;
                }
                if (!line.isBlank()) {
                    send(connection, calls, line);
                }
            } catch (UTFDataFormatException e) {
                notSent(e.getMessage());
            }
        }
    }

    private void send(Connection connection, Calls calls, String line) throws InterruptedException {
        String conversation = conversationId;
        if (conversation == null) {
            note("nobody has written yet; name someone with --with, --group or --conversation");
            return;
        }
        if (line.strip().equals("/delete")) {
            change(connection, calls, conversation, "DELETE", null);
            return;
        }
        if (line.strip().equals(PIN)) {
            add(connection, calls, conversation, "/pin");
            return;
        }
        if (line.strip().equals(REACT) || line.startsWith(REACT + " ")) {
            react(
                    connection,
                    calls,
                    conversation,
                    line.substring(REACT.length()).strip());
            return;
        }
        if (line.startsWith(EDIT)) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.putObject("content")
                    .put("type", "text")
                    .put("text", line.substring(EDIT.length()).strip());
            change(connection, calls, conversation, "PATCH", body);
            return;
        }
        String messageId = UUID.randomUUID().toString();
        unacked.add(messageId);
        if (!connection.send(conversation, messageId, line, 0, SEND_PATIENCE)) {
            unacked.remove(messageId);
            notSent("the server did not take anything for " + SEND_PATIENCE.toSeconds() + " s");
        }
    }

    private void notSent(@Nullable String why) {
        failed = true;
        note("not sent: " + why);
    }

    /// Changes the message that was sent last. It waits for the answer, so that the next line finds the change.
    private void change(Connection connection, Calls calls, String conversation, String method, @Nullable JsonNode body)
            throws InterruptedException {
        connection.awaitIdle(SEND_PATIENCE);
        String messageId = seen.lastOwn();
        if (messageId == null) {
            note("there is no message of yours to change");
            return;
        }
        RestResponse answer =
                calls.call(method, "/api/v1/conversations/" + conversation + "/messages/" + messageId, body);
        if (!answer.ok()) {
            failed = true;
            note("not changed: " + SafeText.of(answer.refusal()));
        } else if (body == null) {
            seen.forgetLastOwn();
        }
    }

    private void react(Connection connection, Calls calls, String conversation, String emoji)
            throws InterruptedException {
        if (emoji.isEmpty()) {
            note("no reaction: write /react and an emoji");
            return;
        }
        String encoded = URLEncoder.encode(emoji, StandardCharsets.UTF_8).replace("+", "%20");
        add(connection, calls, conversation, "/reactions/" + encoded);
    }

    /// Adds to the message that was seen last.
    private void add(Connection connection, Calls calls, String conversation, String what) throws InterruptedException {
        connection.awaitIdle(SEND_PATIENCE);
        String messageId = seen.last();
        if (messageId == null) {
            note("there is no message yet");
            return;
        }
        String path = "/api/v1/conversations/" + conversation + "/messages/" + messageId + what;
        RestResponse answer = calls.call("PUT", path, null);
        if (!answer.ok()) {
            failed = true;
            note("not added: " + SafeText.of(answer.refusal()));
        }
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
            seen.add(message.messageId(), message.senderId());
            String time = CLOCK.format(Instant.ofEpochMilli(message.timestamp()).atZone(zone));
            String text = message.text() == null ? "(no text)" : message.text();
            out.println(time + " " + SafeText.of(message.senderId()) + ": " + SafeText.of(text));
        }
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
        seen.addOwn(ack.messageId(), connection.userId());
        if (ack.conversationId().equals(conversationId)) {
            shownUpTo = Math.max(shownUpTo, ack.sequenceNumber());
        }
        if (verbose) {
            out.println("✓ " + ack.sequenceNumber() + (ack.duplicate() ? " (was there already)" : ""));
        }
    }

    @Override
    public void onRefused(Connection connection, SentMessage sent, ServerFrame.Refusal refusal) {
        unacked.remove(sent.messageId());
        notSent(SafeText.of(refusal.code() + " " + refusal.message()));
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
