package chat.milena.bench.frame;

/// The earlier message that a message is about: one that it quotes, or that begins the thread in which it is a reply.
///
/// @param threadOrdinal which reply it is; 0 for a quote, and before it is known
public record About(String messageId, boolean inThread, long threadOrdinal) {

    public About(String messageId, boolean inThread) {
        this(messageId, inThread, 0);
    }
}
