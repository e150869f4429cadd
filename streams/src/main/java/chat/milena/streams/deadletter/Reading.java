package chat.milena.streams.deadletter;

/// The result of decoding the bytes of a record.
public sealed interface Reading<K, V> {

    /// A record of its topic.
    record Decoded<K, V>(K key, V value) implements Reading<K, V> {}

    /// Not a valid record of its topic.
    ///
    /// @param reason for people: the part of the record, then the fault; never the content of the record
    record Malformed<K, V>(String reason) implements Reading<K, V> {}
}
