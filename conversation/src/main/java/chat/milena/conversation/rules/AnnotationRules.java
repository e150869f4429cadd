package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;
import static chat.milena.schemas.word.ErrorCode.TOO_LARGE;

import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Change.MessageAnnotated;
import chat.milena.conversation.command.Change.PinsChanged;
import chat.milena.conversation.command.Change.ReactionsChanged;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.rules.MessageChangeRules.MessageBounds;
import chat.milena.conversation.state.ConversationEvent.MessagePinned;
import chat.milena.conversation.state.ConversationEvent.ReactionChanged;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageAnnotations;
import chat.milena.conversation.state.MessageAnnotations.MessagePin;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.conversation.state.OwnReactions.OwnReaction;
import chat.milena.schemas.word.ConversationType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Decides on what is added to messages: reactions and pins. Pure.
///
/// What is asked for and is so already is a duplicate, with the number that made it so; where nothing ever made it so,
/// with the message's own. What was deleted, is no longer shown or waits for a moderator takes nothing.
///
/// @param bounds how long messages are kept
record AnnotationRules(MessageBounds bounds) {
    private static final Changes TOO_MANY_EMOJIS = Changes.rejected(
            TOO_LARGE, "emoji: a message has at most " + MessageAnnotations.EMOJIS_MAX + " different ones");
    private static final Changes TOO_MANY_EMOJIS_EVER = Changes.rejected(
            TOO_LARGE,
            "emoji: a message has had at most " + MessageAnnotations.EMOJIS_EVER_MAX + " different ones over time");
    private static final Changes TOO_MANY_PINS = Changes.rejected(
            TOO_LARGE, "messageId: a conversation has at most " + MessageAnnotations.PINS_MAX + " pinned messages");
    private static final Changes ADMINS_ONLY =
            Changes.rejected(FORBIDDEN, "only admins of this group may pin messages");

    /// What comes of a command on a message that takes it.
    @FunctionalInterface
    private interface Decision {
        Changes on(FirstSend message, MessageState state);
    }

    Changes react(Open open, Membership member, ReactToMessage react, Lookups lookups, Instant now) {
        return decide(open, member, react.messageId(), lookups, now, (message, state) -> {
            MessageAnnotations annotations = state.annotations();
            int place = annotations.place(react.emoji());
            OwnReactions own = lookups.reactions(message.sequenceNumber(), member.userId());
            OwnReaction before = own.at(place);
            if (before == null ? react.remove() : before.removed() == react.remove()) {
                return duplicate(before == null ? message.sent() : before.by());
            }
            if (!react.remove() && annotations.count(place) == 0) {
                if (annotations.emojisInUse() >= MessageAnnotations.EMOJIS_MAX) {
                    return TOO_MANY_EMOJIS;
                }
                if (place >= MessageAnnotations.EMOJIS_EVER_MAX) {
                    return TOO_MANY_EMOJIS_EVER;
                }
            }
            Draft draft = Draft.of(open, event(member, react, message, state, place), now);
            EventTime by = draft.eventTime();
            MessageAnnotations next = react.remove()
                    ? annotations.toUnreacted(
                            place,
                            member.userId(),
                            () -> lookups.reactors(message.sequenceNumber(), place, member.userId()))
                    : annotations.toReacted(react.emoji(), member.userId(), by.sequenceNumber());
            return draft.withFirst(new ReactionsChanged(
                            message.sequenceNumber(),
                            member.userId(),
                            own.with(place, new OwnReaction(by, react.remove())),
                            by))
                    .withFirst(new MessageAnnotated(react.messageId(), message.toState(state.toAnnotated(next)), by))
                    .accepted();
        });
    }

    /// Who reacts has joined in, as who writes.
    private static ReactionChanged event(
            Membership member, ReactToMessage react, FirstSend message, MessageState state, int place) {
        int count = state.annotations().count(place) + (react.remove() ? -1 : 1);
        return new ReactionChanged(
                new ReactionChanged.Target(react.messageId(), message.sequenceNumber(), state.expiresAt()),
                place,
                react.emoji(),
                count,
                react.remove(),
                member.accepted() ? null : member.toAccepted());
    }

    Changes pin(Open open, Membership member, PinMessage pin, Lookups lookups, Instant now) {
        if (open.properties().type() == ConversationType.GROUP && !member.isAdmin()) {
            return ADMINS_ONLY;
        }
        return decide(open, member, pin.messageId(), lookups, now, (message, state) -> {
            MessagePin before = state.annotations().pin();
            if (before == null ? pin.remove() : before.removed() == pin.remove()) {
                return duplicate(before == null ? message.sent() : before.by());
            }
            List<PinnedMessage> pins = new ArrayList<>(lookups.pins());
            pins.removeIf(pinned -> pinned.sequenceNumber() == message.sequenceNumber());
            if (!pin.remove()) {
                if (pins.size() >= MessageAnnotations.PINS_MAX) {
                    pins.removeIf(pinned -> isGone(pinned, lookups, now));
                }
                if (pins.size() >= MessageAnnotations.PINS_MAX) {
                    return TOO_MANY_PINS;
                }
                pins.add(new PinnedMessage(pin.messageId(), message.sequenceNumber()));
            }
            Draft draft =
                    Draft.of(open, new MessagePinned(pin.messageId(), message.sequenceNumber(), pin.remove()), now);
            EventTime by = draft.eventTime();
            MessageAnnotations next = state.annotations().toPin(new MessagePin(member.userId(), by, pin.remove()));
            return draft.withFirst(new PinsChanged(List.copyOf(pins)))
                    .withFirst(new MessageAnnotated(pin.messageId(), message.toState(state.toAnnotated(next)), by))
                    .accepted();
        });
    }

    private Changes decide(
            Open open, Membership member, String messageId, Lookups lookups, Instant now, Decision decision) {
        FirstSend message = lookups.message(messageId);
        if (message == null || !MessageChangeRules.mayRead(open, member, message)) {
            return MessageChangeRules.NO_SUCH_MESSAGE;
        }
        MessageState state = message.state();
        if (state == null) {
            return MessageChangeRules.OF_AN_OLDER_RELEASE;
        }
        return state.deleted() != null || state.isHeld() || bounds.isGone(message, state, now)
                ? MessageChangeRules.NO_SUCH_MESSAGE
                : decision.on(message, state);
    }

    /// Pins of messages that are no longer shown take no place.
    private boolean isGone(PinnedMessage pinned, Lookups lookups, Instant now) {
        FirstSend message = lookups.message(pinned.messageId());
        MessageState state = message == null ? null : message.state();
        return message == null || state == null || bounds.isGone(message, state, now);
    }

    private static Changes duplicate(EventTime since) {
        return Changes.none(new Duplicate(since.sequenceNumber(), since.timestamp()));
    }
}
