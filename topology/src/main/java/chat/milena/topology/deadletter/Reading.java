package chat.milena.topology.deadletter;

/// What the bytes of a record turned out to be.
public sealed interface Reading<K, V> {

    /// A record of its topic.
    record Legible<K, V>(K key, V value) implements Reading<K, V> {}

    /// None.
    ///
    /// @param reason for people: the part of the record, then the fault; never what the record says
    record Illegible<K, V>(String reason) implements Reading<K, V> {}
}
