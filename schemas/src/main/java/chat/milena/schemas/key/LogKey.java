package chat.milena.schemas.key;

/// The key of a record on one of Milena's topics.
///
/// Composite keys are their parts in UTF-8, joined by a NUL byte, which no id may contain, with numbers as eight
/// big-endian bytes: so keys sort first by conversation (or user), then by the next part, and a prefix is a range.
/// The value has the same fields, for readers that do not know this layout. Only [RawKey] has no layout.
/// Immutable.
public sealed interface LogKey
        permits AnnotationKey,
                BanKey,
                BlockKey,
                ConversationKey,
                DeviceKey,
                EventKey,
                FollowKey,
                MemberKey,
                MembershipKey,
                MessageKey,
                RawKey,
                ReferenceKey,
                ReportKey,
                ShardKey,
                TenantKey,
                UserKey {

    /// The bytes of the record's key.
    byte[] toBytes();

    /// The partition, out of `partitions`, of every record of this key's owner.
    int partition(int partitions);
}
