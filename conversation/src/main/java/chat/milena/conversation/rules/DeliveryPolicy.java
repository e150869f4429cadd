package chat.milena.conversation.rules;

import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.command.DeliveryRoute;
import chat.milena.conversation.state.ConversationEvent;
import chat.milena.conversation.state.ConversationEvent.MessageDeleted;
import chat.milena.conversation.state.ConversationEvent.MessageEdited;
import chat.milena.conversation.state.ConversationEvent.MessageReleased;
import chat.milena.conversation.state.ConversationEvent.ReactionChanged;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MembershipDelta;
import chat.milena.conversation.state.MessageAnnotations;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.ThreadState;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.DisclosedMessage;
import chat.milena.schemas.avro.EmojiUse;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.ShownReaction;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.word.ReceiptKind;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides who is notified of changes, and by which path. Pure.
final class DeliveryPolicy {
    private DeliveryPolicy() {}

    /// The path of an event. All events of a large conversation go through the fanout application, which learns
    /// the members from them: so they list the members whenever these have changed.
    static DeliveryRoute route(ConversationState before, ConversationEvent event, Open after) {
        MembershipDelta memberships = event.memberships();
        if (after.properties().large()) {
            boolean named = memberships.changesWhoIsIn() || !isLarge(before);
            return named ? new DeliveryRoute.Fanout(List.copyOf(after.members().keySet())) : DeliveryRoute.BY_FANOUT;
        }
        // A removed member is notified of the removal, and of nothing after it.
        return memberships.removed().isEmpty() ? DeliveryRoute.TO_MEMBERS : DeliveryRoute.TO_FORMER_MEMBERS;
    }

    /// The content for recipients beside an event, and which of them must not get it: members who were added after
    /// the message and may not read it. A deletion names those who do not get its reason, if there are any. A
    /// message that others were not shown until now, since it waited for a moderator, is sent whole.
    static @Nullable ShownContent content(ConversationEvent event, Open open) {
        if (event instanceof MessageEdited edited) {
            return new ShownContent(
                    edited.content(), notReading(edited.targetSequence(), open), edited.expiresAt(), null);
        }
        if (event instanceof MessageReleased released) {
            FirstSend message = released.message();
            return new ShownContent(
                    released.content(),
                    notReading(message.sequenceNumber(), open),
                    message.state() == null ? null : message.state().expiresAt(),
                    disclosed(message, released.thread()));
        }
        if (event instanceof MessageDeleted deleted && (deleted.reason() != null || deleted.disclosed() != null)) {
            List<String> withoutIt = notReading(deleted.targetSequence(), open);
            FirstSend held = deleted.disclosed();
            return withoutIt.isEmpty() && held == null
                    ? null
                    : new ShownContent(
                            MessageChangeRules.NOTHING,
                            withoutIt,
                            held == null || held.state() == null
                                    ? null
                                    : held.state().expiresAt(),
                            held == null ? null : disclosed(held, ThreadRules.threadOf(held)));
        }
        return null;
    }

    private static DisclosedMessage disclosed(FirstSend message, @Nullable ThreadState thread) {
        MessageState state = Objects.requireNonNull(message.state(), "a message that waits has a state");
        EventTime edited = state.edited();
        MessageAnnotations annotations = state.annotations();
        return new DisclosedMessage(
                message.senderId(),
                state.revision(),
                edited == null ? null : edited.timestamp(),
                state.replyTo(),
                state.place(),
                thread == null
                        ? null
                        : new ThreadSummary(thread.replyCount(), thread.lastReplyAt(), thread.participantIds()),
                annotations.emojis().stream()
                        .map(use -> new EmojiUse(use.emoji(), use.count(), use.since(), use.userIds()))
                        .toList(),
                annotations.isPinned(),
                message.wasShown());
    }

    /// The same of a reaction. In a large conversation gateways gather what comes of a message.
    static @Nullable ShownReaction reaction(ConversationEvent event, Open open) {
        if (!(event instanceof ReactionChanged changed)) {
            return null;
        }
        return new ShownReaction(
                changed.emoji(),
                changed.count(),
                open.properties().large(),
                notReading(changed.target().sequenceNumber(), open),
                changed.target().expiresAt());
    }

    /// The members who may not read the event of this number.
    private static List<String> notReading(long sequenceNumber, Open open) {
        ConversationSettings settings = open.properties().settings();
        return open.members().values().stream()
                .filter(member -> member.readsFrom(settings) > sequenceNumber)
                .map(Membership::userId)
                .toList();
    }

    /// Who is shown a receipt: all members; but before its user has joined in, and where one has blocked the other,
    /// that user alone; and in a conversation of many members that user and the senders of what was read.
    /// Their other devices clear a badge by what was read; that something is on a device is only for others.
    ///
    /// @param broadcastMax up to how many members all of them are shown it
    /// @param senders of what was read; found only where they alone are shown it
    static Recipients ofReceipt(
            Open open, Membership reader, ReceiptKind kind, int broadcastMax, Supplier<Set<String>> senders) {
        boolean toOthers = reader.accepted() && !open.isBlocked();
        boolean toAll = toOthers && open.members().size() <= broadcastMax;
        return switch (kind) {
            case READ -> {
                if (toAll) {
                    yield Recipients.MEMBERS;
                }
                Set<String> shown = new TreeSet<>(toOthers ? senders.get() : Set.of());
                shown.retainAll(open.members().keySet());
                shown.add(reader.userId());
                yield new Recipients.Some(List.copyOf(shown));
            }
            case DELIVERED -> toAll ? new Recipients.Others(reader.userId()) : Recipients.NOBODY;
        };
    }

    private static boolean isLarge(ConversationState state) {
        return switch (state) {
            case Absent absent -> false;
            case Open open -> open.properties().large();
        };
    }
}
