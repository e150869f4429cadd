package chat.milena.gateway.session;

import org.jspecify.annotations.Nullable;

/// Where one user's frames could be gone on from, as tokens for the client. Safe for all threads; never blocks.
public interface ResumePoints {
    /// No such place.
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

    /// A token that stands for everything that is in the outboxes by now; null if the shard is not being read.
    @Nullable
    String token();

    /// As [#token()], and for the delivery at this offset too, if all before it is in the outboxes.
    @Nullable
    String tokenAfter(long offset);
}
