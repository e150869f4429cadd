package chat.milena.topology.conversation;

import chat.milena.topology.conversation.Decision.Rejected;

/// What the rules say to a receipt.
public sealed interface ReceiptDecision permits ReceiptDecision.Moved, ReceiptDecision.Unmoved, Rejected {

    /// Its user has come further, to here.
    ///
    /// @param shown whether the others may know: not before its user has joined in
    record Moved(Watermarks next, boolean shown) implements ReceiptDecision {}

    /// Its user had come as far before, to here; nothing changes.
    record Unmoved(Watermarks before) implements ReceiptDecision {}
}
