package chat.milena.topology.conversation;

import chat.milena.schemas.word.ReceiptKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A user says how far they have come. The user comes from a verified token.
///
/// @param upToSequence the furthest number that they named, possibly beyond the end; null if they named messages, and
///     none of them is known
/// @param messageIds those messages among the named that are known; none for who is no member
public record ReceiptMark(
        String userId, ReceiptKind kind, @Nullable Long upToSequence, List<String> messageIds) {}
