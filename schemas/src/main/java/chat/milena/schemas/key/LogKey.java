package chat.milena.schemas.key;

/// The key of a record on one of Milena's topics.
///
/// Composite keys are their parts in UTF-8, joined by a NUL byte, which no id may contain, with numbers as eight
/// big-endian bytes: so keys sort first by conversation (or user), then by what follows, and a prefix is a range.
/// The same fields stand in the value, for readers that do not know this layout. Only [RawKey] has no layout.
/// Immutable.
public sealed interface LogKey
        permits AnnotationKey,
                BlockKey,
                ConversationKey,
                EventKey,
                MemberKey,
                MembershipKey,
                MessageKey,
                RawKey,
                ReferenceKey,
                ShardKey,
                UserKey {

    /// The bytes that are written as the record's key.
    byte[] toBytes();

    /// The partition, out of `partitions`, that every record of this key's owner lives in.
    int partition(int partitions);
}
