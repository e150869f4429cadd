package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.syncapi.read.AccessRules.Granted;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One conversation, open to one member at one moment; the JSON of what they may know of it. For one thread.
///
/// @param access what was granted to them
record OpenConversation(ConversationViews views, ConversationKey key, Granted access, Expiry expiry) {

    private Timeline timeline() {
        return Timeline.open(views, key, access, expiry);
    }

    ObjectNode describe() {
        return describe(timeline());
    }

    private ObjectNode describe(Timeline timeline) {
        List<Member> members = views.members(key, "", ConversationJson.PARTICIPANTS_MAX);
        return ConversationJson.conversation(access.conversation(), members, timeline.last());
    }

    ObjectNode members(String afterUserId, int limit) {
        List<Member> members = views.members(key, afterUserId, limit + 1);
        ObjectNode json = ReadCodec.object();
        ArrayNode array = json.putArray("members");
        members.stream()
                .limit(limit)
                .forEach(member -> array.addObject()
                        .put("userId", member.getUserId())
                        .put("role", member.getRole())
                        .put("joinedAt", member.getJoinedAt().toEpochMilli()));
        if (members.size() > limit) {
            json.put("nextCursor", Cursors.user(members.get(limit - 1).getUserId()));
        }
        return json;
    }

    ObjectNode receipts(String afterUserId, int limit) {
        List<Receipt> receipts = views.receipts(key, afterUserId, limit + 1);
        ObjectNode json = ReadCodec.object();
        ArrayNode array = json.putArray("receipts");
        receipts.stream().limit(limit).filter(this::isShown).forEach(receipt -> {
            ObjectNode one = array.addObject();
            one.put("userId", receipt.getUserId());
            one.put("deliveredUpToSequence", receipt.getDeliveredUpToSequence());
            putMillis(one, "deliveredAt", receipt.getDeliveredAt());
            one.put("readUpToSequence", receipt.getReadUpToSequence());
            putMillis(one, "readAt", receipt.getReadAt());
        });
        if (receipts.size() > limit) {
            json.put("nextCursor", Cursors.user(receipts.get(limit - 1).getUserId()));
        }
        return json;
    }

    /// Nobody is shown the receipts of others who have not joined in.
    private boolean isShown(Receipt receipt) {
        if (receipt.getUserId().equals(access.member().getUserId())) {
            return true;
        }
        Member reader = views.member(new MemberKey(key, receipt.getUserId()));
        return reader != null && AccessRules.hasJoinedIn(reader);
    }

    /// Whom the asker's typing is told, the asker among them: those who have joined in, once the asker has. All
    /// members where they are as many as the limit, which is beyond what typing is told to.
    ObjectNode typingAudience(int limit) {
        List<Member> members = views.members(key, "", limit);
        boolean whole = members.size() >= limit;
        boolean joined = AccessRules.hasJoinedIn(access.member());
        ObjectNode json = ReadCodec.object();
        ArrayNode userIds = json.putArray("userIds");
        members.stream()
                .filter(member -> whole
                        || member.getUserId().equals(access.member().getUserId())
                        || (joined && AccessRules.hasJoinedIn(member)))
                .forEach(member -> userIds.add(member.getUserId()));
        return json;
    }

    private static void putMillis(ObjectNode json, String name, @Nullable Instant moment) {
        if (moment != null) {
            json.put(name, moment.toEpochMilli());
        }
    }

    ObjectNode history(Read.HistoryPage read) {
        Timeline timeline = timeline();
        PageBound bound = new PageBound(read.limit(), read.bytesMax(), true);
        Page page = switch (read.order()) {
            case NEWEST_FIRST -> timeline.newestFirst(read.edge(), bound);
            case OLDEST_FIRST -> timeline.oldestFirst(read.edge(), bound);
        };
        ObjectNode json = ReadCodec.object();
        putPage(json, page);
        if (page.hasMore()) {
            json.put("nextCursor", Cursors.sequence(page.nextEdge()));
        }
        return json;
    }

    ObjectNode sync(Read.SyncOne read) {
        Timeline timeline = timeline();
        ObjectNode json = ReadCodec.object();
        json.put("conversationId", key.conversationId());
        boolean ahead = read.lastSequence() > timeline.last();
        Page page = ahead
                ? Page.empty(Order.OLDEST_FIRST, 0)
                : timeline.oldestFirst(
                        read.lastSequence(), new PageBound(read.limit(), read.bytesMax(), read.atLeastOne()));
        putPage(json, page);
        json.put("upToSequence", page.to());
        json.put("lastSequence", timeline.last());
        json.put("unreadCount", unreadCount(timeline));
        if (ahead) {
            json.put("ahead", true);
        }
        return json;
    }

    ObjectNode summary() {
        Timeline timeline = timeline();
        ObjectNode json = describe(timeline);
        TimelineEvent lastMessage = timeline.lastMessage();
        if (lastMessage == null) {
            json.putNull("lastMessage");
        } else {
            json.set("lastMessage", entries(List.of(lastMessage)).get(0));
        }
        json.put("unreadCount", unreadCount(timeline));
        Instant mutedUntil = access.member().getMutedUntil();
        boolean muted = mutedUntil != null && mutedUntil.isAfter(expiry.now());
        json.put("muted", muted);
        if (muted) {
            putMillis(json, "mutedUntil", mutedUntil);
        }
        json.putObject("personal").put("accepted", AccessRules.hasJoinedIn(access.member()));
        json.put("lastEventAt", lastEventAt(lastMessage).toEpochMilli());
        return json;
    }

    /// Where it stands in an inbox, and how long its line may be.
    ObjectNode place() {
        TimelineEvent lastMessage = timeline().lastMessage();
        return place(lastEventAt(lastMessage), lastMessage);
    }

    /// Where a conversation stands whose last message, if any, was sent then.
    static ObjectNode place(Instant lastEventAt, @Nullable TimelineEvent lastMessage) {
        long bytes = ConversationJson.BYTES_MAX + (lastMessage == null ? 0 : EntryJson.bytes(lastMessage));
        return ReadCodec.object().put("lastEventAt", lastEventAt.toEpochMilli()).put("bytesMax", bytes);
    }

    private Instant lastEventAt(@Nullable TimelineEvent lastMessage) {
        return lastMessage == null ? access.conversation().getCreatedAt() : lastMessage.getTimestamp();
    }

    /// What was said before a member came is not unread.
    private long unreadCount(Timeline timeline) {
        Member member = access.member();
        Receipt receipt = views.receipt(new MemberKey(key, member.getUserId()));
        long read = receipt == null ? 0 : receipt.getReadUpToSequence();
        return timeline.messagesAfter(Math.max(read, member.getJoinedSequence()));
    }

    private void putPage(ObjectNode json, Page page) {
        json.set("messages", entries(page.entries()));
        json.put("hasMore", page.hasMore());
        ArrayNode expired = json.putArray("expired");
        page.missing()
                .forEach(range -> expired.addObject().put("from", range.from()).put("to", range.to()));
    }

    private ArrayNode entries(List<TimelineEvent> events) {
        OptionalLong lowestOwn = events.stream()
                .filter(this::isOwnMessage)
                .mapToLong(TimelineEvent::getSequenceNumber)
                .min();
        Watermarks others = lowestOwn.isPresent()
                ? Watermarks.ofOthers(views, key, access.member().getUserId(), lowestOwn.getAsLong())
                : null;
        ArrayNode entries = ReadCodec.array();
        for (TimelineEvent event : events) {
            MessageStatus status =
                    others != null && isOwnMessage(event) ? others.status(event.getSequenceNumber()) : null;
            entries.add(EntryJson.entry(event, status));
        }
        return entries;
    }

    private boolean isOwnMessage(TimelineEvent event) {
        return event.getActorId().equals(access.member().getUserId())
                && event.getKind().equals(EventKind.MESSAGE.word());
    }
}
