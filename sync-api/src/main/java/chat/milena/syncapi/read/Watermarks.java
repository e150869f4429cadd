package chat.milena.syncapi.read;

import chat.milena.conversation.rules.AccessRules;
import chat.milena.protocol.timeline.MessageStatus;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Up to where all others in a conversation have received and read it. Immutable.
///
/// Who came in later has no part in what was written before: nobody's watermark is below the number that they came
/// with. What was written before anybody else was there stays `SENT`. Who leaves counts no longer, but what was read is
/// not unread by that: of what none of the others was there for, those who left are asked. Who has not joined in shows
/// nothing, and has no part either: nobody may be kept waiting for them.
///
/// @param first the number that the first of them came with
/// @param delivered never below `read`
/// @param gone how far those who left had come; null if there are none
record Watermarks(
        long first, long delivered, long read, @Nullable Receipt gone) {
    /// In a conversation of more people than this, one's own messages stay `SENT`.
    static final int MEMBERS_MAX = 1_000;

    private static final int BATCH = 200;

    /// Somebody has nothing that matters.
    private static final Watermarks NONE = new Watermarks(0, 0, 0, null);

    /// In the place of a user id, for all who left.
    private static final String NOBODY = "";

    /// What became of one's own message with this number.
    MessageStatus status(long sequenceNumber) {
        if (sequenceNumber >= first) {
            return status(sequenceNumber, delivered, read);
        }
        return gone == null || sequenceNumber < gone.getFromSequence()
                ? MessageStatus.SENT
                : status(sequenceNumber, gone.getDeliveredUpToSequence(), gone.getReadUpToSequence());
    }

    private static MessageStatus status(long sequenceNumber, long delivered, long read) {
        if (sequenceNumber > delivered) {
            return MessageStatus.SENT;
        }
        return sequenceNumber <= read ? MessageStatus.READ : MessageStatus.DELIVERED;
    }

    /// One pass over members and receipts, which ends once it is plain that somebody lacks all that matters.
    ///
    /// @param lowest the lowest number that matters
    static Watermarks ofOthers(ConversationViews views, ConversationKey key, String userId, long lowest) {
        Receipt gone = views.receipt(new MemberKey(key, NOBODY));
        Watermarks all = new Watermarks(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, gone);
        String after = "";
        for (int passed = 0; passed <= MEMBERS_MAX; passed += BATCH) {
            List<Member> members = views.members(key, after, BATCH);
            Lookup receipts = Lookup.of(views, key, after);
            for (Member member : members) {
                if (!member.getUserId().equals(userId) && AccessRules.hasJoinedIn(member)) {
                    all = all.and(receipts.of(member));
                }
            }
            if (all.delivered < lowest || passed + members.size() > MEMBERS_MAX) {
                return NONE;
            }
            if (members.size() < BATCH) {
                return all;
            }
            after = members.getLast().getUserId();
        }
        return NONE;
    }

    private Watermarks and(Watermarks other) {
        return new Watermarks(
                Math.min(first, other.first), Math.min(delivered, other.delivered), Math.min(read, other.read), gone);
    }

    /// The receipts of a stretch of members, in one range.
    private record Lookup(
            ConversationViews views, ConversationKey key, Map<String, Receipt> found, boolean whole, String until) {

        private static Lookup of(ConversationViews views, ConversationKey key, String after) {
            List<Receipt> receipts = views.receipts(key, after, BATCH);
            Map<String, Receipt> found = HashMap.newHashMap(receipts.size());
            receipts.forEach(receipt -> found.put(receipt.getUserId(), receipt));
            String until = receipts.isEmpty() ? after : receipts.getLast().getUserId();
            return new Lookup(views, key, found, receipts.size() < BATCH, until);
        }

        private Watermarks of(Member member) {
            Receipt receipt = found.get(member.getUserId());
            if (receipt == null && !whole && member.getUserId().compareTo(until) > 0) {
                // Receipts of people who just left can push those of members out of the range.
                receipt = views.receipt(new MemberKey(key, member.getUserId()));
            }
            long joined = member.getJoinedSequence();
            long before = joined - 1;
            return receipt == null
                    ? new Watermarks(joined, before, before, null)
                    : new Watermarks(
                            joined,
                            Math.max(before, receipt.getDeliveredUpToSequence()),
                            Math.max(before, receipt.getReadUpToSequence()),
                            null);
        }
    }
}
