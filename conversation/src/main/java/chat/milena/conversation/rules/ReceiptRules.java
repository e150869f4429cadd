package chat.milena.conversation.rules;

import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change.ReceiptShown;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides how a receipt moves its user's watermarks. Pure.
///
/// Upholds 0 <= read <= delivered <= last, for any order of receipts and messages. A receipt is no event: it takes
/// no number, and does not move the conversation's time.
///
/// @param broadcastMax up to how many members all of them are shown a receipt
record ReceiptRules(int broadcastMax) {
    private static final Changes NO_SUCH_MESSAGE =
            Changes.rejected(ErrorCode.MESSAGE_NOT_FOUND, "messageIds: none is a message of this conversation");

    /// Maximum number of messages whose senders are looked up: the last ones that were read.
    private static final int SENDERS_MAX = 100;

    Changes decide(Open open, Membership member, MarkReceipt mark, Lookups lookups, Instant now) {
        Position last = open.position();
        Watermarks before = lookups.watermarks(member.userId());
        if (before.delivered() > last.sequenceNumber()) {
            throw new BrokenInvariantException(
                    "Delivered up to " + before.delivered() + " of " + last.sequenceNumber());
        }
        List<String> known = new ArrayList<>();
        Long furthest = furthest(mark, member, lookups, known);
        if (furthest == null) {
            return NO_SUCH_MESSAGE;
        }
        long upTo = Math.min(furthest, last.sequenceNumber());
        // Nobody reads a message before it was sent.
        Instant at = now.isBefore(last.timestamp()) ? last.timestamp() : now;
        Watermarks next = switch (mark.kind()) {
            case DELIVERED -> before.toDelivered(upTo, at);
            case READ -> before.toRead(upTo, at);
        };
        return next.equals(before)
                ? Changes.none(new Duplicate(before.upTo(mark.kind()), before.since(mark.kind())))
                : moved(open, member, mark.kind(), before, next, known, lookups, now);
    }

    /// The furthest number that is named; null if only messages are named, and all are unknown.
    ///
    /// @param known receives the known messages
    private static @Nullable Long furthest(MarkReceipt mark, Membership member, Lookups lookups, List<String> known) {
        Long furthest = mark.upToSequence();
        for (String messageId : mark.messageIds()) {
            FirstSend message = lookups.message(messageId);
            if (message != null && message.isShownTo(member.userId())) {
                known.add(messageId);
                furthest = furthest == null ? message.sequenceNumber() : Math.max(furthest, message.sequenceNumber());
            }
        }
        return furthest;
    }

    private Changes moved(
            Open open,
            Membership member,
            ReceiptKind kind,
            Watermarks before,
            Watermarks next,
            List<String> known,
            Lookups lookups,
            Instant now) {
        long upTo = next.upTo(kind);
        Instant since = next.since(kind);
        if (since == null) {
            // A user who has read nothing new ends their mark as unread.
            return new Changes(
                    null, List.of(new WatermarksMoved(member.userId(), next, now)), new Accepted(upTo, null), null);
        }
        boolean furtherThanBefore = upTo > before.upTo(kind);
        return new Changes(
                null,
                List.of(
                        new WatermarksMoved(member.userId(), next, now),
                        new ReceiptShown(
                                member.userId(),
                                kind,
                                upTo,
                                since,
                                known,
                                furtherThanBefore
                                        ? DeliveryPolicy.ofReceipt(
                                                open,
                                                member,
                                                kind,
                                                broadcastMax,
                                                () -> senders(before.upTo(kind), upTo, lookups))
                                        : Recipients.Some.of(member.userId()))),
                new Accepted(upTo, since),
                null);
    }

    /// Who sent what lies between two watermarks.
    private static Set<String> senders(long before, long upTo, Lookups lookups) {
        Set<String> senders = new HashSet<>();
        for (long number = Math.max(before, upTo - SENDERS_MAX) + 1; number <= upTo; number++) {
            String sender = lookups.sender(number);
            if (sender != null) {
                senders.add(sender);
            }
        }
        return senders;
    }

    /// The watermarks of the sender of this message. It is beyond every earlier one, so they need not be known;
    /// only their time may go back a little, with the clock.
    static Watermarks ofSender(Position message) {
        return new Watermarks(
                message.sequenceNumber(), message.timestamp(), message.sequenceNumber(), message.timestamp());
    }
}
