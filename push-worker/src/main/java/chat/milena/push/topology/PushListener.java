package chat.milena.push.topology;

/// Notified of what the push application drops and makes, for metrics. Called on stream threads; must not block, and
/// may be called again if a transaction is aborted.
public interface PushListener {
    /// For nobody.
    PushListener NONE = new PushListener() {
        @Override
        public void onCandidates(int devices) {}

        @Override
        public void onDropped(Dropped why, int count) {}

        @Override
        public void onIntent(String platform, String kind) {}
    };

    /// Why messages or intents are no longer followed.
    enum Dropped {
        /// They are older than the life of a push.
        TOO_OLD,
        /// An intent had no result for that long.
        NO_RESULT,
        /// Their user has candidates in too many conversations.
        TOO_MANY
    }

    /// A message came for a user with registered devices.
    void onCandidates(int devices);

    /// Messages or intents were dropped.
    void onDropped(Dropped why, int count);

    /// An intent was made.
    void onIntent(String platform, String kind);
}
