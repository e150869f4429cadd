package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of how far a message has come with members other than its sender, in the order of user ids.
///
/// @param nextCursor start of the next page; left out on the last page
public record MessageReceipts(
        List<MessageReceiptLine> receipts, @Nullable String nextCursor) {

    /// How far the message has come with one member.
    ///
    /// @param delivered whether it is on a device of the member
    /// @param read whether the member has read it
    public record MessageReceiptLine(String userId, boolean delivered, boolean read) {}
}
