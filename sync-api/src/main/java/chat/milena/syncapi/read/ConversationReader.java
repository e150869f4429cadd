package chat.milena.syncapi.read;

import chat.milena.conversation.rules.AccessRules;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.word.EventKind;
import chat.milena.schemas.word.Refusal;
import chat.milena.syncapi.read.Read.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/// Answers reads of one conversation from the views that hold it. Pure except for reading the views; safe for all
/// threads that bring their own views.
///
/// A tenant's retention and each message's `expiresAt` are applied here, so an expired message disappears
/// immediately, however long it stays on disk. The cost of a page is bounded: see [Timeline] and
/// [OthersWatermarks].
public final class ConversationReader {
    private final Function<String, Duration> retention;

    /// @param retention how long a tenant's events are shown
    public ConversationReader(Function<String, Duration> retention) {
        this.retention = retention;
    }

    /// Answers one read.
    ///
    /// @param now the time of the answer
    public ReadAnswer<?> answer(ConversationViews views, Read.OfConversation<?> read, Instant now) {
        ConversationKey key = read.conversation();
        Expiry expiry = Expiry.at(now, retention.apply(key.tenant()));
        if (read instanceof Read.Place) {
            List<TimelineEvent> newest = views.events(key, 1, Long.MAX_VALUE, 1, Order.NEWEST_FIRST);
            if (!newest.isEmpty() && isShownMessage(newest.getFirst(), expiry)) {
                // Every member may read it, and a user who is no member sees no line. Nothing was added to it,
                // since that would be newer.
                return new ReadAnswer.Answered<>(OpenConversation.place(
                        newest.getFirst().getTimestamp(),
                        EntryBytes.of(newest.getFirst()),
                        Timeline.shownOrdinal(newest.getFirst())));
            }
        }
        Conversation conversation = views.conversation(key);
        AccessRules.Access access = read instanceof Read.OfModerator<?>
                ? AccessRules.ofModerator(conversation, read.userId())
                : AccessRules.decide(conversation, views.member(new MemberKey(key, read.userId())));
        return switch (access) {
            case AccessRules.Denied(var refusal) -> new ReadAnswer.Refused<>(refusal);
            case AccessRules.Granted granted -> {
                OpenConversation open = new OpenConversation(views, key, granted, expiry);
                if (read instanceof Read.TypingAudience && open.isBlocked()) {
                    yield new ReadAnswer.Refused<>(Refusal.BLOCKED);
                }
                if (read instanceof Read.OfMessage<?> ofMessage) {
                    yield open.message(ofMessage);
                }
                Record answer = switch (read) {
                    case Read.OfMessage<?> ofMessage -> null;
                    case ModerationRead.InContext around -> open.inContext(around);
                    case Read.Describe describe -> open.describe();
                    case Read.MembersPage page -> open.members(page.afterUserId(), page.limit());
                    case Read.TypingAudience audience -> open.typingAudience(audience.limit());
                    case Read.NotifiableIn between -> open.notifiable(between);
                    case Read.ReceiptsPage page -> open.receipts(page.afterUserId(), page.limit());
                    case Read.HistoryPage page -> open.history(page);
                    case Read.PinsPage page -> open.pins(page);
                    case Read.SyncOne one -> open.sync(one);
                    case Read.Summary summary -> open.summary();
                    case Read.Place place -> open.place();
                    case Read.UnreadOf unread -> open.unreadCounts();
                    case Read.ThreadStand stand -> open.threadStand(stand.thread());
                    case Read.ThreadLine line -> open.threadLine(line.thread());
                };
                yield answer == null ? ReadAnswer.Refused.NO_SUCH_MESSAGE : new ReadAnswer.Answered<>(answer);
            }
        };
    }

    private static boolean isShownMessage(TimelineEvent event, Expiry expiry) {
        return Timeline.counts(event) && !Timeline.isAway(event) && !expiry.gone(event);
    }
}
