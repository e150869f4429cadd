package chat.milena.topology.command;

import chat.milena.schemas.key.ConversationKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The events of a first run, for a second run of the same commands: what the records of commands do not say of the
/// moment in which they were decided. Safe for all threads.
@FunctionalInterface
public interface PastEvents {
    /// This is the first run.
    PastEvents NONE = (key, sequenceNumber) -> null;

    /// The event of this number; null if there was none.
    @Nullable
    Past of(ConversationKey key, long sequenceNumber);

    /// How an event was decided.
    ///
    /// @param rulesVersion the version of the rules
    /// @param at when; null for now
    record Past(int rulesVersion, @Nullable Instant at) {}
}
