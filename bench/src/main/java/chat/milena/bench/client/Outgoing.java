package chat.milena.bench.client;

import org.jspecify.annotations.Nullable;

/// What is sent under a message's id: the message, or a change of it. Each is answered by an ack.
public sealed interface Outgoing {

    /// A message of text; `threadOf` is the id of the message in whose thread it is a reply.
    record Message(String text, @Nullable String threadOf) implements Outgoing {}

    /// Another text.
    record Edit(String text) implements Outgoing {}

    record Deletion() implements Outgoing {}

    record Reaction(String emoji, boolean removed) implements Outgoing {}
}
