package chat.milena.bench.client;

import chat.milena.bench.frame.About;
import org.jspecify.annotations.Nullable;

/// A message, or a change of one, handed to a [Connection], from then until its ack or its refusal.
///
/// `ordinal` is its position among the sends of the connection, from 1, and the request id of its frames. `tag` is
/// the sender's own number, unchanged. `attempts` counts the frames written for it, so it is above 1 after any
/// resend. Written on the connection's event loop only.
public final class SentMessage {
    private final String conversationId;
    private final String messageId;
    private final Outgoing what;
    private final long tag;
    private long ordinal;
    private long firstWrittenNanos;
    private long lastWrittenNanos;
    private int attempts;
    private boolean refused;

    SentMessage(String conversationId, String messageId, Outgoing what, long tag) {
        this.conversationId = conversationId;
        this.messageId = messageId;
        this.what = what;
        this.tag = tag;
    }

    public String conversationId() {
        return conversationId;
    }

    public String messageId() {
        return messageId;
    }

    public Outgoing what() {
        return what;
    }

    /// Whether it changes a message that was sent before.
    public boolean isChange() {
        return !(what instanceof Outgoing.Message);
    }

    /// The earlier message that it is about; null if it is about none.
    public @Nullable About about() {
        return what instanceof Outgoing.Message(String text, About about) ? about : null;
    }

    public long tag() {
        return tag;
    }

    public long ordinal() {
        return ordinal;
    }

    public int attempts() {
        return attempts;
    }

    /// When the first frame of this message was written, as `System.nanoTime()`; 0 before.
    public long firstWrittenNanos() {
        return firstWrittenNanos;
    }

    /// When its latest frame was written, as `System.nanoTime()`; 0 before the first.
    long lastWrittenNanos() {
        return lastWrittenNanos;
    }

    public boolean resent() {
        return attempts > 1;
    }

    void number(long ordinalOnConnection) {
        ordinal = ordinalOnConnection;
    }

    /// Whether its latest frame has no answer yet.
    boolean unanswered() {
        return attempts > 0 && !refused;
    }

    void refused() {
        refused = true;
    }

    void written(long nowNanos) {
        lastWrittenNanos = nowNanos;
        refused = false;
        if (attempts++ == 0) {
            firstWrittenNanos = nowNanos;
        }
    }
}
