package chat.milena.conversation.command;

import chat.milena.conversation.state.ThreadState;
import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the sender of a command is answered.
public sealed interface Answer {

    /// It happened, under this number and at this time. Of a receipt: how far its user has come, and since when.
    ///
    /// @param revision that an edit gave its message; null for other commands
    /// @param reply what a reply became; null for other commands
    record Accepted(
            long sequenceNumber,
            @Nullable Instant timestamp,
            @Nullable Long revision,
            @Nullable Replied reply) implements Answer {
        public Accepted(long sequenceNumber, @Nullable Instant timestamp) {
            this(sequenceNumber, timestamp, null, null);
        }

        public Accepted(long sequenceNumber, @Nullable Instant timestamp, @Nullable Long revision) {
            this(sequenceNumber, timestamp, revision, null);
        }
    }

    /// It was so before, under this number and since this time.
    ///
    /// @param revision that the edited message has; null for other commands
    /// @param reply what a reply became; null for other commands
    record Duplicate(
            long sequenceNumber,
            @Nullable Instant timestamp,
            @Nullable Long revision,
            @Nullable Replied reply) implements Answer {
        public Duplicate(long sequenceNumber, @Nullable Instant timestamp) {
            this(sequenceNumber, timestamp, null, null);
        }

        public Duplicate(long sequenceNumber, @Nullable Instant timestamp, @Nullable Long revision) {
            this(sequenceNumber, timestamp, revision, null);
        }
    }

    /// A reply in a thread.
    ///
    /// @param ordinal which one it is
    /// @param thread as it is now
    record Replied(long ordinal, ThreadState thread) {}

    /// It must not happen.
    ///
    /// @param reason for people; names the field, if one is wrong
    /// @param revision that the message has, where that is the reason
    record Rejected(ErrorCode code, String reason, @Nullable Long revision) implements Answer {
        public Rejected(ErrorCode code, String reason) {
            this(code, reason, null);
        }
    }
}
