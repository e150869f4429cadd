package chat.milena.push.send;

import chat.milena.push.courier.Verdict;
import chat.milena.push.provider.Destination;
import chat.milena.push.provider.Notification;
import chat.milena.push.provider.Provider;
import chat.milena.schemas.word.PushPlatform;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/// Prints what would be sent, one line each, and accepts it: for the console of an operator who tries push out. It
/// prints names and texts as far as previews allow them. Safe for all threads.
public record ConsoleProvider(PushPlatform platform, PrintStream out) implements Provider {

    @Override
    public CompletableFuture<Verdict> send(Destination destination, Notification notification) {
        out.println(line(notification));
        out.flush();
        return CompletableFuture.completedFuture(new Verdict.Accepted());
    }

    private String line(Notification notification) {
        return switch (notification) {
            case Notification.Message message ->
                String.format(
                        Locale.ROOT,
                        "push %s to %s in %s: %s | %s (%d new, %d unread)",
                        platform.word(),
                        message.userId(),
                        message.subject().conversationId(),
                        printable(message.alert().title()),
                        printable(message.alert().body()),
                        message.count(),
                        message.unread());
            case Notification.Read read ->
                String.format(
                        Locale.ROOT,
                        "push %s to %s in %s: read up to %d (%d unread)",
                        platform.word(),
                        read.userId(),
                        read.conversationId(),
                        read.upToSequence(),
                        read.unread());
        };
    }

    /// A text of a user must not control the terminal.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    @Override
    public void close() {}
}
