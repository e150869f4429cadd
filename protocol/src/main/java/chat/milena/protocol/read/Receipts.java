package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of the watermarks of members, in the order of user ids.
///
/// @param nextCursor start of the next page; left out on the last page
public record Receipts(List<ReceiptLine> receipts, @Nullable String nextCursor) {

    /// The watermarks of one member.
    public record ReceiptLine(
            String userId,
            long deliveredUpToSequence,
            @Nullable Long deliveredAt,
            long readUpToSequence,
            @Nullable Long readAt) {}
}
