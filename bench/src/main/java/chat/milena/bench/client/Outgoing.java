package chat.milena.bench.client;

import chat.milena.bench.frame.About;
import org.jspecify.annotations.Nullable;

/// What is sent under a message's id: the message, or a change of it. Each is answered by an ack.
public sealed interface Outgoing {

    /// A message of text, about an earlier one or none.
    record Message(String text, @Nullable About about) implements Outgoing {}

    /// Another text.
    record Edit(String text) implements Outgoing {}

    record Deletion() implements Outgoing {}

    record Reaction(String emoji, boolean removed) implements Outgoing {}
}
