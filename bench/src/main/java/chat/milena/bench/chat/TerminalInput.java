package chat.milena.bench.chat;

import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.chat.SeenMessages.Seen;
import chat.milena.bench.chat.TypedLine.Edit;
import chat.milena.bench.chat.TypedLine.InThread;
import chat.milena.bench.chat.TypedLine.Plain;
import chat.milena.bench.chat.TypedLine.React;
import chat.milena.bench.chat.TypedLine.Reply;
import chat.milena.bench.chat.TypedLine.Say;
import chat.milena.bench.chat.TypedLine.Wrong;
import chat.milena.bench.client.Connection;
import chat.milena.bench.frame.About;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Does what is typed into a terminal: messages over the connection, everything else by calls. For the thread that
/// reads.
///
/// What names an earlier line waits for the acks of all lines before it, so that they are known by then.
final class TerminalInput {
    private static final Duration SEND_PATIENCE = Duration.ofSeconds(30);
    private static final int NAMES_MAX = 200;

    private final TerminalChat chat;
    private final Connection connection;
    private final Calls calls;

    /// Makes REST calls as this terminal's user.
    @FunctionalInterface
    interface Calls {
        HttpAnswer call(String method, String path, @Nullable JsonNode body) throws InterruptedException;
    }

    TerminalInput(TerminalChat chat, Connection connection, Calls calls) {
        this.chat = chat;
        this.connection = connection;
        this.calls = calls;
    }

    /// Does what each line says, until `/quit` or the end of input.
    void run(InputStream in) throws IOException, InterruptedException {
        LineReader lines = new LineReader(in);
        while (true) {
            try {
                String line = lines.next();
                TypedLine typed = line == null ? Plain.QUIT : TypedLine.of(line);
                if (typed == Plain.QUIT) {
                    return;
                }
                if (line != null && !line.isBlank()) {
                    take(typed);
                }
            } catch (UTFDataFormatException e) {
                chat.notDone("not sent: " + e.getMessage());
            }
        }
    }

    private void take(TypedLine typed) throws InterruptedException {
        if (typed instanceof Wrong(String hint)) {
            chat.notDone("not sent: " + SafeText.of(hint));
            return;
        }
        if (typed == Plain.HELP) {
            TypedLine.HELP.lines().forEach(chat::note);
            return;
        }
        String conversation = chat.conversationId();
        if (conversation == null) {
            chat.note("nobody has written yet; name someone with --with, --group or --conversation");
            return;
        }
        String path = "/api/v1/conversations/" + conversation;
        switch (typed) {
            case Say(String text) -> send(conversation, text, null);
            case Reply(String text) -> {
                Seen quoted = awaited(chat.seen()::lastOther, "nobody else has written yet");
                if (quoted != null) {
                    send(conversation, text, new About(quoted.messageId(), false));
                }
            }
            case InThread(String text) -> {
                Seen last = awaited(chat.seen()::last, "there is no message yet");
                if (last != null) {
                    send(
                            conversation,
                            text,
                            new About(last.threadOf() == null ? last.messageId() : last.threadOf(), true));
                }
            }
            case Edit(String text) -> {
                ObjectNode body = JsonNodeFactory.instance.objectNode();
                body.putObject("content").put("type", "text").put("text", text);
                changeLastOwn(path, "PATCH", body);
            }
            case React(String emoji) -> {
                String encoded =
                        URLEncoder.encode(emoji, StandardCharsets.UTF_8).replace("+", "%20");
                addToLast(path, "/reactions/" + encoded);
            }
            case Plain plain -> {
                switch (plain) {
                    case DELETE -> {
                        if (changeLastOwn(path, "DELETE", null)) {
                            chat.seen().forgetLastOwn();
                        }
                    }
                    case PIN -> addToLast(path, "/pin");
                    case NAMES -> showNames(path);
                    case HELP, QUIT -> {}
                }
            }
            case Wrong wrong -> {}
        }
    }

    private void send(String conversation, String text, @Nullable About about) throws InterruptedException {
        String messageId = UUID.randomUUID().toString();
        chat.sending(messageId);
        if (!connection.send(conversation, messageId, text, about, SEND_PATIENCE)) {
            chat.notTaken(messageId, "the server did not take anything for " + SEND_PATIENCE.toSeconds() + " s");
        }
    }

    /// The first of these messages once all lines before are acknowledged; null, and a note, without one.
    private @Nullable Seen awaited(Last last, String otherwise) throws InterruptedException {
        connection.awaitIdle(SEND_PATIENCE);
        Seen found = last.find();
        if (found == null) {
            chat.note(otherwise);
        }
        return found;
    }

    @FunctionalInterface
    private interface Last {
        @Nullable
        Seen find();
    }

    private boolean changeLastOwn(String path, String method, @Nullable JsonNode body) throws InterruptedException {
        Seen own = awaited(chat.seen()::lastOwn, "there is no message of yours to change");
        return own != null && call(method, path + "/messages/" + own.messageId(), body, "not changed: ") != null;
    }

    private void addToLast(String path, String what) throws InterruptedException {
        Seen last = awaited(chat.seen()::last, "there is no message yet");
        if (last != null) {
            call("PUT", path + "/messages/" + last.messageId() + what, null, "not added: ");
        }
    }

    private void showNames(String path) throws InterruptedException {
        JsonNode answer = call("GET", path + "/members?limit=" + NAMES_MAX, null, "not read: ");
        if (answer == null) {
            return;
        }
        for (JsonNode member : answer.path("members")) {
            String userId = member.path("userId").asText();
            String name = member.path("name").asText();
            String shown = name.isEmpty() || name.equals(userId) ? userId : name + " (" + userId + ")";
            chat.note(SafeText.of(shown + (member.path("role").asText().equals("admin") ? ", admin" : "")));
        }
        if (answer.has("nextCursor")) {
            chat.note("and more");
        }
    }

    /// The body of the answer; null, and a note, if it is a rejection.
    private @Nullable JsonNode call(String method, String path, @Nullable JsonNode body, String otherwise)
            throws InterruptedException {
        HttpAnswer answer = calls.call(method, path, body);
        if (answer.ok()) {
            return answer.json();
        }
        chat.notDone(otherwise + SafeText.of(answer.refusal()));
        return null;
    }
}
