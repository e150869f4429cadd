package chat.milena.syncapi.read;

import chat.milena.protocol.call.Notifiable;
import chat.milena.protocol.read.History;
import chat.milena.protocol.read.MessageReactions;
import chat.milena.protocol.read.MessageReactions.ReactionLine;
import chat.milena.protocol.read.MessageReceipts;
import chat.milena.protocol.read.MessageReceipts.MessageReceiptLine;
import chat.milena.protocol.read.ReportQueue;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.EmojiUse;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.OwnReaction;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.EventKind;
import chat.milena.syncapi.read.Read.Order;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One message of a conversation, for one member at one moment. For one thread.
///
/// The views have no index of ids: it would cost each message a further record in each copy, for calls that are rare
/// and whose clients know the number. So a message is found by its number or, without it, among the newest
/// [#LOOKUP_MAX] entries. A thread is found by its replies; a message without one, for which a page is as cheap as
/// others, among the newest [#THREAD_LOOKUP_MAX].
final class MessageReads {
    /// How many entries are searched for a message.
    static final int LOOKUP_MAX = 10_000;

    /// How many entries are searched for a message without replies whose thread is read.
    static final int THREAD_LOOKUP_MAX = 1_000;

    /// The reactions of a page.
    static final int LINES_MAX = 100;

    /// How many users a page of reactions walks over; most of them may have taken theirs back.
    private static final int PASSED_MAX = 2_000;

    private static final int BATCH = 200;

    private final OpenConversation open;
    private final Timeline timeline;

    MessageReads(OpenConversation open, Timeline timeline) {
        this.open = open;
        this.timeline = timeline;
    }

    ReadAnswer<?> answer(Read.OfMessage<?> read) {
        if (read instanceof Read.ThreadPage page) {
            ThreadReplies replies = ThreadReplies.of(open.views(), open.key(), page.message(), timeline, open.expiry());
            return replies == null
                    ? found(page, THREAD_LOOKUP_MAX)
                    : new ReadAnswer.Answered<>(open.thread(replies, timeline, page));
        }
        return found(read, LOOKUP_MAX);
    }

    /// A message with the entries around it.
    ReportQueue.Surroundings inContext(ModerationRead.InContext read) {
        Additions additions = open.additions(timeline);
        Page.Bound bound = new Page.Bound(read.each(), read.bytesMax(), false);
        long number = read.sequenceNumber();
        Page before = timeline.newestFirst(number, bound, event -> true, additions::bytesOf);
        Page after = timeline.oldestFirst(number, bound, event -> true, additions::bytesOf);
        TimelineEvent message = timeline.message(number);
        return new ReportQueue.Surroundings(
                message == null ? null : open.entry(message, timeline),
                new ReportQueue.Context(
                        open.entries(before.entries().reversed(), additions),
                        open.entries(after.entries(), additions)));
    }

    /// The messages of a stretch that a member may have to be notified of, of at most [Timeline#GONE_SCAN_MAX] entries.
    Notifiable notifiable(Read.NotifiableIn read) {
        String userId = open.access().member().getUserId();
        List<Notifiable.Line> messages = new ArrayList<>();
        int[] left = {Timeline.GONE_SCAN_MAX};
        long first = Math.max(read.after() + 1, open.access().firstSequence());
        if (first <= read.upTo()) {
            open.views().events(open.key(), first, read.upTo(), Order.NEWEST_FIRST, event -> {
                TimelineEvent message = notifying(event, read);
                if (message != null && !open.expiry().retired(event)) {
                    messages.add(Notifiable.line(message, userId, event.getSequenceNumber()));
                }
                return messages.size() < read.limit() && --left[0] > 0;
            });
        }
        Receipt receipt = open.ownReceipt();
        Conversation conversation = open.access().conversation();
        return new Notifiable(
                conversation.getType().equals(ConversationType.DIRECT.word()),
                conversation.getName(),
                receipt == null ? 0 : receipt.getReadUpToSequence(),
                messages);
    }

    /// The message that an event may notify of: of one that waited for a moderator, its release, unless the member
    /// was notified of it before.
    private @Nullable TimelineEvent notifying(TimelineEvent event, Read.NotifiableIn read) {
        if (Timeline.isMessage(event)) {
            return event.getHold() == null ? event : null;
        }
        if (!EventKind.MESSAGE_RELEASED.is(event.getKind())) {
            return null;
        }
        TimelineEvent message = timeline.message(event.getChange().getTargetSequence());
        long release = event.getSequenceNumber();
        if (message == null || message.getHold() == null || message.getHold().getReleasedBy() != release) {
            return null;
        }
        boolean again = message.getHold().getShownBefore();
        return !again || (read.releases() != null && read.releases().contains(release)) ? message : null;
    }

    /// @param lookupMax how many entries are searched
    private ReadAnswer<?> found(Read.OfMessage<?> read, int lookupMax) {
        Search search = new Search(read.message().messageId(), lookupMax);
        Long number = read.message().sequenceNumber();
        long first = number == null ? timeline.firstKept(1) : number;
        if (number != null) {
            search.goesOn(timeline.message(number));
        } else if (first <= timeline.last()) {
            open.views().events(open.key(), first, timeline.last(), Order.NEWEST_FIRST, search::goesOn);
        }
        TimelineEvent message = search.found;
        if (message == null || open.expiry().gone(message) || timeline.hides(message)) {
            return message == null && search.lowest > first
                    ? new ReadAnswer.Refused<>(
                            ErrorCode.INVALID_REQUEST,
                            "sequenceNumber: is required for a message before the newest " + lookupMax + " entries")
                    : ReadAnswer.Refused.NO_SUCH_MESSAGE;
        }
        return new ReadAnswer.Answered<>(
                switch (read) {
                    case Read.OneMessage one -> open.entry(message, timeline);
                    case Read.ReactionsPage page -> reactions(message, page);
                    case Read.MessageReceiptsPage page -> receipts(message, page);
                    case Read.ThreadPage withoutReplies -> new History(List.of(), false, List.of(), null);
                });
    }

    /// Searches the newest entries.
    private static final class Search {
        private final String messageId;
        private final int max;
        private @Nullable TimelineEvent found;
        private int seen;
        private long lowest;

        Search(String messageId, int max) {
            this.messageId = messageId;
            this.max = max;
        }

        boolean goesOn(@Nullable TimelineEvent event) {
            if (event == null) {
                return false;
            }
            lowest = event.getSequenceNumber();
            if (Timeline.isMessage(event) && event.getMessage().getMessageId().equals(messageId)) {
                found = event;
            }
            return found == null && ++seen < max;
        }
    }

    private MessageReactions reactions(TimelineEvent message, Read.ReactionsPage page) {
        timeline.checkAnnotations();
        long number = message.getSequenceNumber();
        Annotation byAll = open.views().annotation(AnnotationKey.ofMessage(open.key(), number));
        List<ReactionLine> lines = new ArrayList<>();
        String after = page.afterUserId();
        int passed = 0;
        while (byAll != null && message.getDeletedAt() == null) {
            List<Annotation> batch = open.views().additions(open.key(), number, after, BATCH);
            for (Annotation own : batch) {
                List<ReactionLine> more = lines(own, byAll.getEmojis(), page.emoji());
                if (lines.size() + more.size() > LINES_MAX || passed == PASSED_MAX) {
                    return new MessageReactions(lines, Cursors.user(after));
                }
                lines.addAll(more);
                after = own.getUserId();
                passed++;
            }
            if (batch.size() < BATCH) {
                break;
            }
        }
        return new MessageReactions(lines, null);
    }

    /// @param emoji this one alone; null for all
    private static List<ReactionLine> lines(Annotation own, List<EmojiUse> emojis, @Nullable String emoji) {
        List<ReactionLine> lines = new ArrayList<>();
        for (OwnReaction reaction : own.getReactions()) {
            String its = reaction.getRemoved() || reaction.getEmoji() >= emojis.size()
                    ? null
                    : emojis.get(reaction.getEmoji()).getEmoji();
            if (its != null && (emoji == null || emoji.equals(its))) {
                lines.add(new ReactionLine(
                        own.getUserId(), its, reaction.getTimestamp().toEpochMilli()));
            }
        }
        return lines;
    }

    private MessageReceipts receipts(TimelineEvent message, Read.MessageReceiptsPage page) {
        List<Receipt> receipts = open.views().receipts(open.key(), page.afterUserId(), page.limit() + 1);
        long number = message.getSequenceNumber();
        List<MessageReceiptLine> lines = receipts.stream()
                .limit(page.limit())
                .filter(receipt -> counts(receipt, message))
                .map(receipt -> new MessageReceiptLine(
                        receipt.getUserId(),
                        receipt.getDeliveredUpToSequence() >= number,
                        receipt.getReadUpToSequence() >= number))
                .toList();
        return new MessageReceipts(
                lines,
                receipts.size() > page.limit()
                        ? Cursors.user(receipts.get(page.limit() - 1).getUserId())
                        : null);
    }

    /// The sender does not count, nor does a member for messages from before they were added.
    private boolean counts(Receipt receipt, TimelineEvent message) {
        Member member = open.views().member(new MemberKey(open.key(), receipt.getUserId()));
        return member != null
                && !receipt.getUserId().equals(message.getActorId())
                && member.getJoinedSequence() <= message.getSequenceNumber()
                && open.isShown(receipt);
    }
}
