package chat.milena.streams.deadletter;

/// Notified of every dead letter. Called on stream threads; must not block.
@FunctionalInterface
public interface DeadLetterListener {

    /// A record of this topic became a dead letter. Called again if the transaction is aborted and the record is
    /// processed a second time.
    void onDeadLetter(String topic);
}
