package chat.milena.streams.deadletter;

/// What the bytes of a record turned out to be.
public sealed interface Reading<K, V> {

    /// A record of its topic.
    record Decoded<K, V>(K key, V value) implements Reading<K, V> {}

    /// No record of its topic.
    ///
    /// @param reason for people: the part of the record, then the fault; never what the record says
    record Malformed<K, V>(String reason) implements Reading<K, V> {}
}
