package chat.milena.conversation.command;

import chat.milena.conversation.state.ThreadState;
import chat.milena.schemas.word.ErrorCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The answer to the sender of a command.
public sealed interface Answer {

    /// Done, with this number and time. For a receipt: the user's watermark, and since when.
    ///
    /// @param revision the message's revision after an edit; null for other commands
    /// @param reply what a reply became; null for other commands
    /// @param held whether the message waits for a moderator
    record Accepted(
            long sequenceNumber,
            @Nullable Instant timestamp,
            @Nullable Long revision,
            @Nullable Replied reply,
            boolean held)
            implements Answer {
        public Accepted(long sequenceNumber, @Nullable Instant timestamp) {
            this(sequenceNumber, timestamp, null, null, false);
        }

        public Accepted(long sequenceNumber, @Nullable Instant timestamp, @Nullable Long revision) {
            this(sequenceNumber, timestamp, revision, null, false);
        }
    }

    /// Done before, with this number and time.
    ///
    /// @param revision the message's revision after an edit; null for other commands
    /// @param reply what a reply became; null for other commands
    /// @param held whether the message waits for a moderator
    record Duplicate(
            long sequenceNumber,
            @Nullable Instant timestamp,
            @Nullable Long revision,
            @Nullable Replied reply,
            boolean held)
            implements Answer {
        public Duplicate(long sequenceNumber, @Nullable Instant timestamp) {
            this(sequenceNumber, timestamp, null, null, false);
        }

        public Duplicate(long sequenceNumber, @Nullable Instant timestamp, @Nullable Long revision) {
            this(sequenceNumber, timestamp, revision, null, false);
        }
    }

    /// A reply in a thread.
    ///
    /// @param ordinal which one it is
    /// @param thread as it is now
    record Replied(long ordinal, ThreadState thread) {}

    /// Not allowed.
    ///
    /// @param reason for people; names the field, if one is wrong
    /// @param detail null if the code says all
    record Rejected(ErrorCode code, String reason, @Nullable Detail detail) implements Answer {
        public Rejected(ErrorCode code, String reason) {
            this(code, reason, null);
        }
    }

    /// What a client needs to know of a rejection beside its code.
    sealed interface Detail {
        /// The message has another revision.
        record Revision(long revision) implements Detail {}

        /// The command comes too soon.
        ///
        /// @param limit the setting that is exceeded
        /// @param seconds after which it may be sent again
        record TooSoon(String limit, long seconds) implements Detail {}

        /// Its user is banned.
        ///
        /// @param until null for no end
        record Banned(@Nullable Instant until) implements Detail {}
    }
}
