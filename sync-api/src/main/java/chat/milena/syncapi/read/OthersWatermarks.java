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

/// Up to where all other members of a conversation have received and read it. Immutable.
///
/// A member does not count for messages from before they were added: no watermark is below the number of a
/// member's addition. Messages from before any other member stay `SENT`. A member who leaves no longer counts, but
/// a read message stays read: for messages from before all present members, the watermarks of those who left
/// count. A member who has not joined in does not count, so that nobody waits for them.
///
/// @param first the number with which the first of them was added
/// @param delivered never below `read`
/// @param gone the furthest watermarks of those who left; null without any
record OthersWatermarks(
        long first, long delivered, long read, @Nullable Receipt gone) {
    /// In a conversation with more members, the user's own messages stay `SENT`.
    static final int MEMBERS_MAX = 1_000;

    private static final int BATCH = 200;

    /// A member has no watermark that matters.
    private static final OthersWatermarks NONE = new OthersWatermarks(0, 0, 0, null);

    /// In place of a user id, for all who left.
    private static final String NOBODY = "";

    /// The status of the user's own message with this number.
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

    /// One pass over members and receipts, which ends once a member has no watermark that matters.
    ///
    /// @param lowest the lowest number that matters
    static OthersWatermarks ofOthers(ConversationViews views, ConversationKey key, String userId, long lowest) {
        Receipt gone = views.receipt(new MemberKey(key, NOBODY));
        OthersWatermarks all = new OthersWatermarks(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, gone);
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

    private OthersWatermarks and(OthersWatermarks other) {
        return new OthersWatermarks(
                Math.min(first, other.first), Math.min(delivered, other.delivered), Math.min(read, other.read), gone);
    }

    /// The receipts of a run of members, in one range.
    private record Lookup(
            ConversationViews views, ConversationKey key, Map<String, Receipt> found, boolean whole, String until) {

        private static Lookup of(ConversationViews views, ConversationKey key, String after) {
            List<Receipt> receipts = views.receipts(key, after, BATCH);
            Map<String, Receipt> found = HashMap.newHashMap(receipts.size());
            receipts.forEach(receipt -> found.put(receipt.getUserId(), receipt));
            String until = receipts.isEmpty() ? after : receipts.getLast().getUserId();
            return new Lookup(views, key, found, receipts.size() < BATCH, until);
        }

        private OthersWatermarks of(Member member) {
            Receipt receipt = found.get(member.getUserId());
            if (receipt == null && !whole && member.getUserId().compareTo(until) > 0) {
                // Receipts of users who just left can displace those of members in the range.
                receipt = views.receipt(new MemberKey(key, member.getUserId()));
            }
            long joined = member.getJoinedSequence();
            long before = joined - 1;
            return receipt == null
                    ? new OthersWatermarks(joined, before, before, null)
                    : new OthersWatermarks(
                            joined,
                            Math.max(before, receipt.getDeliveredUpToSequence()),
                            Math.max(before, receipt.getReadUpToSequence()),
                            null);
        }
    }
}
