package chat.milena.syncapi.read;

import chat.milena.conversation.rules.AccessRules.Granted;
import chat.milena.conversation.rules.AccessRules;
import chat.milena.protocol.call.Notifiable;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.read.FollowedThreads;
import chat.milena.protocol.read.History;
import chat.milena.protocol.read.InboxLine.Personal;
import chat.milena.protocol.read.InboxLine;
import chat.milena.protocol.read.Members.MemberLine;
import chat.milena.protocol.read.Members;
import chat.milena.protocol.read.Pins;
import chat.milena.protocol.read.Receipts.ReceiptLine;
import chat.milena.protocol.read.Receipts;
import chat.milena.protocol.read.ReportQueue;
import chat.milena.protocol.read.SyncedConversation;
import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.Held;
import chat.milena.protocol.timeline.MessageStatus;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.PinnedMessage;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.EventKind;
import chat.milena.syncapi.read.Read.Order;
import chat.milena.syncapi.read.ReadAnswer.Placed;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One conversation, open to one member at one moment, with what they may know of it. For one thread.
///
/// @param access the member's access
record OpenConversation(ConversationViews views, ConversationKey key, Granted access, Expiry expiry) {
    /// The size of a conversation as JSON, and of its line in an inbox, without the last message: hardly one is larger.
    private static final int CONVERSATION_BYTES_MAX = 12 * 1024;

    private Timeline timeline() {
        return Timeline.open(views, key, access, expiry);
    }

    ConversationView describe() {
        return describe(timeline());
    }

    private ConversationView describe(Timeline timeline) {
        List<Member> members = views.members(key, "", ConversationView.PARTICIPANTS_MAX);
        return ConversationView.of(
                access.conversation(),
                members.stream().map(member -> new Participant(member.getUserId(), member.getRole())),
                timeline.last());
    }

    Members members(String afterUserId, int limit) {
        List<Member> members = views.members(key, afterUserId, limit + 1);
        List<MemberLine> lines = members.stream()
                .limit(limit)
                .map(member -> new MemberLine(
                        member.getUserId(),
                        member.getRole(),
                        member.getJoinedAt().toEpochMilli(),
                        null,
                        null))
                .toList();
        return new Members(
                lines,
                members.size() > limit ? Cursors.user(members.get(limit - 1).getUserId()) : null);
    }

    Receipts receipts(String afterUserId, int limit) {
        List<Receipt> receipts = views.receipts(key, afterUserId, limit + 1);
        List<ReceiptLine> lines = receipts.stream()
                .limit(limit)
                .filter(this::isShown)
                .map(receipt -> new ReceiptLine(
                        receipt.getUserId(),
                        receipt.getDeliveredUpToSequence(),
                        millis(receipt.getDeliveredAt()),
                        receipt.getReadUpToSequence(),
                        millis(receipt.getReadAt())))
                .toList();
        return new Receipts(
                lines,
                receipts.size() > limit ? Cursors.user(receipts.get(limit - 1).getUserId()) : null);
    }

    /// Whether one of the two people of a direct conversation has blocked the other.
    boolean isBlocked() {
        return access.conversation().getType().equals(ConversationType.DIRECT.word())
                && views.members(key, "", 2).stream().anyMatch(Member::getBlocks);
    }

    /// Nobody is shown the receipts of others who have not joined in, or with whom there is a block.
    boolean isShown(Receipt receipt) {
        if (receipt.getUserId().equals(access.member().getUserId())) {
            return true;
        }
        Member reader = views.member(new MemberKey(key, receipt.getUserId()));
        return reader != null && AccessRules.hasJoinedIn(reader) && !isBlocked();
    }

    /// The recipients of the user's typing, including the user: those who have joined in, once the user has. All
    /// members if there are as many as the limit, beyond which typing is not sent.
    UserIds typingAudience(int limit) {
        List<Member> members = views.members(key, "", limit);
        boolean whole = members.size() >= limit;
        boolean joined = AccessRules.hasJoinedIn(access.member());
        return new UserIds(members.stream()
                .filter(member -> whole
                        || member.getUserId().equals(access.member().getUserId())
                        || (joined && AccessRules.hasJoinedIn(member)))
                .map(Member::getUserId)
                .toList());
    }

    private static @Nullable Long millis(@Nullable Instant moment) {
        return moment == null ? null : moment.toEpochMilli();
    }

    History history(Read.HistoryPage read) {
        Timeline timeline = timeline();
        Page.Bound bound = new Page.Bound(read.limit(), read.bytesMax(), true);
        Predicate<TimelineEvent> counted = read.messagesOnly() ? Timeline::counts : event -> true;
        Additions additions = additions(timeline);
        long edge = read.moment() == null ? read.edge() : timeline.edge(read.order(), read.moment());
        Page page = switch (read.order()) {
            case NEWEST_FIRST -> timeline.newestFirst(edge, bound, counted, additions::bytesOf);
            case OLDEST_FIRST -> timeline.oldestFirst(edge, bound, counted, additions::bytesOf);
        };
        return new History(
                entries(page.entries().stream().filter(counted).toList(), additions),
                page.hasMore(),
                page.missing(),
                page.hasMore() ? Cursors.sequence(page.nextEdge()) : null);
    }

    /// The pinned messages that are shown to the asker. Of a page at least one.
    Pins pins(Read.PinsPage read) {
        Timeline timeline = timeline();
        Additions additions = additions(timeline);
        Annotation ofAll = views.annotation(AnnotationKey.ofConversation(key));
        List<Long> numbers = ofAll == null
                ? List.of()
                : ofAll.getPins().stream()
                        .map(PinnedMessage::getSequenceNumber)
                        .filter(number -> number > read.after())
                        .sorted()
                        .toList();
        List<TimelineEvent> page = new ArrayList<>();
        long bytes = 0;
        for (long number : numbers) {
            TimelineEvent message = timeline.message(number);
            if (message == null) {
                continue;
            }
            bytes += EntryBytes.of(message) + additions.bytesOf(message);
            if (!page.isEmpty() && bytes > read.bytesMax()) {
                return new Pins(
                        entries(page, additions),
                        Cursors.sequence(page.getLast().getSequenceNumber()));
            }
            page.add(message);
        }
        return new Pins(entries(page, additions), null);
    }

    /// A message with the entries around it.
    ReportQueue.Surroundings inContext(ModerationRead.InContext read) {
        return new MessageReads(this, timeline()).inContext(read);
    }

    /// An answer about one message.
    ReadAnswer<?> message(Read.OfMessage<?> read) {
        return new MessageReads(this, timeline()).answer(read);
    }

    /// The entry of a message.
    Entry.Message entry(TimelineEvent message, Timeline timeline) {
        return (Entry.Message) entries(List.of(message), additions(timeline)).getFirst();
    }

    /// A page of the replies in a thread.
    History thread(ThreadReplies replies, Timeline timeline, Read.ThreadPage read) {
        Page page = replies.page(read.order(), read.edge(), new Page.Bound(read.limit(), read.bytesMax(), true));
        return new History(
                entries(page.entries(), additions(timeline)),
                page.hasMore(),
                page.missing(ThreadReplies::ordinal),
                page.hasMore() ? Cursors.sequence(page.nextEdge()) : null);
    }

    /// How a thread stands for the asker, who follows it; null if they may not read it, or it has no replies.
    ReadAnswer.@Nullable ThreadUnread threadStand(Read.Followed thread) {
        Reference head = access.firstSequence() > thread.rootSequence()
                ? null
                : views.reference(new ReferenceKey(key, thread.rootId(), ReferenceKey.HEAD));
        if (head == null || head.getThread() == null) {
            return null;
        }
        long last = head.getThread().getReplyCount();
        long unread = ThreadReplies.unread(views, key, expiry, thread, last);
        return new ReadAnswer.ThreadUnread(unread, head.getTimestamp().toEpochMilli(), isMuted());
    }

    /// Its line among the threads that the asker follows; null where [#threadStand] is, or the message is gone.
    FollowedThreads.@Nullable Line threadLine(Read.Followed thread) {
        ReadAnswer.ThreadUnread stand = threadStand(thread);
        Timeline timeline = timeline();
        TimelineEvent root = stand == null ? null : timeline.message(thread.rootSequence());
        return stand == null || root == null
                ? null
                : new FollowedThreads.Line(
                        key.conversationId(),
                        entries(List.of(root), additions(timeline)).getFirst(),
                        stand.unread(),
                        stand.lastReplyAt());
    }

    SyncedConversation sync(Read.SyncOne read) {
        Timeline timeline = timeline();
        boolean ahead = read.lastSequence() > timeline.last();
        Additions additions = additions(timeline);
        Additions.ChangedMessages changed = new Additions.ChangedMessages(timeline, additions, read.lastSequence());
        Page page = ahead
                ? Page.empty(Order.OLDEST_FIRST, 0)
                : timeline.oldestFirst(
                        read.lastSequence(),
                        new Page.Bound(read.limit(), read.bytesMax(), read.atLeastOne()),
                        event -> true,
                        event -> changed.bytesOf(event) + additions.bytesOf(event));
        Unread unread = unread(timeline);
        long messages = unread.messages();
        return new SyncedConversation(
                key.conversationId(),
                entries(page.entries(), additions),
                entries(changed.of(page.entries()), additions),
                page.hasMore(),
                page.missing(),
                page.to(),
                timeline.last(),
                messages,
                unread.mentions(),
                messages == 0 ? null : unread.first(),
                ahead ? true : null);
    }

    Notifiable notifiable(Read.NotifiableIn read) {
        return new MessageReads(this, timeline()).notifiable(read);
    }

    InboxLine summary() {
        Timeline timeline = timeline();
        TimelineEvent lastMessage = timeline.lastMessage();
        Unread unread = unread(timeline);
        long messages = unread.messages();
        boolean muted = isMuted();
        return new InboxLine(
                describe(timeline),
                lastMessage == null
                        ? null
                        : entries(List.of(lastMessage), additions(timeline)).getFirst(),
                messages,
                unread.mentions(),
                messages == 0 ? null : unread.first(),
                muted,
                muted ? millis(access.member().getMutedUntil()) : null,
                personal(),
                lastEventAt(lastMessage).toEpochMilli());
    }

    /// Its position in an inbox, and the maximum size of its line.
    Placed place() {
        Timeline timeline = timeline();
        TimelineEvent lastMessage = timeline.lastMessage();
        long bytes = lastMessage == null
                ? 0
                : EntryBytes.of(lastMessage) + additions(timeline).bytesOf(lastMessage);
        return place(lastEventAt(lastMessage), bytes, timeline.shownOrdinal());
    }

    /// The position of a conversation whose last message, if any, was sent then.
    ///
    /// @param bytes of the entry of that message
    static Placed place(Instant lastEventAt, long bytes, long shownOrdinal) {
        return new Placed(lastEventAt.toEpochMilli(), CONVERSATION_BYTES_MAX + bytes, shownOrdinal);
    }

    Additions additions(Timeline timeline) {
        return Additions.of(views, key, access.member().getUserId(), timeline);
    }

    private Instant lastEventAt(@Nullable TimelineEvent lastMessage) {
        return lastMessage == null ? access.conversation().getCreatedAt() : lastMessage.getTimestamp();
    }

    ReadAnswer.UnreadCounts unreadCounts() {
        Unread unread = unread(timeline());
        return new ReadAnswer.UnreadCounts(unread.messages(), unread.mentions(), isMuted());
    }

    private boolean isMuted() {
        Instant mutedUntil = access.member().getMutedUntil();
        return mutedUntil != null && mutedUntil.isAfter(expiry.now());
    }

    /// Messages from before a member was added are not unread, unless the member marks them so.
    private Unread unread(Timeline timeline) {
        Member member = access.member();
        Receipt receipt = ownReceipt();
        Long unreadFrom = receipt == null ? null : receipt.getUnreadFrom();
        long read = receipt == null ? 0 : receipt.getReadUpToSequence();
        long before = unreadFrom == null ? Math.max(read, member.getJoinedSequence()) : unreadFrom - 1;
        long after = Math.max(before, access.firstSequence() - 1);
        return new Unread(timeline, views, key, member.getUserId(), expiry, after);
    }

    @Nullable
    Receipt ownReceipt() {
        return views.receipt(new MemberKey(key, access.member().getUserId()));
    }

    /// The parts that are stored with the conversation.
    private Personal personal() {
        Receipt receipt = ownReceipt();
        return new Personal(
                AccessRules.hasJoinedIn(access.member()),
                false,
                false,
                false,
                receipt == null ? null : receipt.getUnreadFrom(),
                null,
                null);
    }

    List<Entry> entries(List<TimelineEvent> events, Additions additions) {
        OptionalLong lowestOwn = events.stream()
                .filter(this::isOwnMessage)
                .mapToLong(TimelineEvent::getSequenceNumber)
                .min();
        OthersWatermarks others = lowestOwn.isPresent() && !isBlocked()
                ? OthersWatermarks.ofOthers(views, key, access.member().getUserId(), lowestOwn.getAsLong())
                : null;
        additions.add(events);
        List<Entry> entries = new ArrayList<>(events.size());
        for (TimelineEvent event : events) {
            if (additions.hides(event)) {
                entries.add(Held.hidden(event));
                continue;
            }
            MessageStatus status = isOwnMessage(event) ? status(others, event) : null;
            Entry entry = Entry.of(event, additions.of(event), additions.thread(event), status);
            boolean bare = entry instanceof Entry.MessageDeleted deletion
                    && deletion.targetSequence() < access.firstSequence();
            entries.add(bare ? ((Entry.MessageDeleted) entry).withoutReason() : entry);
        }
        return entries;
    }

    /// Where there is a block nothing is shown of the other; and what waits for a moderator has come to nobody.
    private static MessageStatus status(@Nullable OthersWatermarks others, TimelineEvent event) {
        return others == null || Held.waits(event) ? MessageStatus.SENT : others.status(event.getSequenceNumber());
    }

    private boolean isOwnMessage(TimelineEvent event) {
        return event.getActorId().equals(access.member().getUserId())
                && event.getKind().equals(EventKind.MESSAGE.word());
    }
}
