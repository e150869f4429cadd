package chat.milena.topology.deadletter;

/// Hears of every record that is put aside. Called on stream threads; must not block.
@FunctionalInterface
public interface DeadLetterListener {

    /// A record of this topic was put aside. Heard again if the transaction is aborted and the record met once more.
    void onDeadLetter(String topic);
}
