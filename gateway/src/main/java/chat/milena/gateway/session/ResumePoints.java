package chat.milena.gateway.session;

import org.jspecify.annotations.Nullable;

/// The points from which one user's frames can be resumed, as tokens for the client. Safe for all threads; never
/// blocks.
public interface ResumePoints {
    /// No such point.
    ResumePoints NONE = new ResumePoints() {
        @Override
        public @Nullable String token() {
            return null;
        }

        @Override
        public @Nullable String tokenAfter(long offset) {
            return null;
        }
    };

    /// A token that covers everything that is in the outboxes by now; null if the shard is not being read.
    @Nullable
    String token();

    /// Same as [#token()], and also for the delivery at this offset, if everything before it is in the outboxes.
    @Nullable
    String tokenAfter(long offset);
}
