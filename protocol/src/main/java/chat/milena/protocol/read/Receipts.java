package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of how far members have come, in the order of user ids.
///
/// @param nextCursor where the next page begins; left out on the last page
public record Receipts(List<ReceiptLine> receipts, @Nullable String nextCursor) {

    /// How far one member has come.
    public record ReceiptLine(
            String userId,
            long deliveredUpToSequence,
            @Nullable Long deliveredAt,
            long readUpToSequence,
            @Nullable Long readAt) {}
}
