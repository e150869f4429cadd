package chat.milena.conversation.rules;

import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Replied;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Change.Stored;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.state.ConversationEvent;
import chat.milena.conversation.state.ConversationEvent.ConversationCreated;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.NumberedEvent;
import chat.milena.conversation.state.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The changes of one accepted command, while the rules collect them: it numbers each event and advances the
/// state.
final class Draft {
    private final List<Change> list = new ArrayList<>(4);
    private final Position first;
    private Open open;

    private Draft(ConversationState before, NumberedEvent event, Open after) {
        this.first = event.position();
        this.open = after;
        add(before, event);
    }

    /// Starts with the event that makes a conversation.
    static Draft of(Absent absent, ConversationCreated created, Position position) {
        return new Draft(absent, new NumberedEvent(position, created), absent.toOpen(created, position));
    }

    /// Starts with an event of a conversation.
    static Draft of(Open open, ConversationEvent event, Instant now) {
        NumberedEvent numbered = new NumberedEvent(open.position().next(event, now), event);
        return new Draft(open, numbered, open.toAfter(numbered));
    }

    /// Adds another event.
    Draft with(ConversationEvent event, Instant now) {
        Open before = open;
        NumberedEvent numbered = new NumberedEvent(before.position().next(event, now), event);
        open = before.toAfter(numbered);
        add(before, numbered);
        return this;
    }

    /// Adds further state to save.
    Draft with(Stored stored) {
        list.add(stored);
        return this;
    }

    /// Adds state to save before the events: a reader that sees the events sees it too.
    Draft withFirst(Stored stored) {
        list.addFirst(stored);
        return this;
    }

    /// The conversation after all events so far.
    Open open() {
        return open;
    }

    /// The position of the last event so far.
    Position position() {
        return open.position();
    }

    /// The number and time of the last event so far.
    EventTime eventTime() {
        return new EventTime(position().sequenceNumber(), position().timestamp());
    }

    /// The result; the answer names the first event.
    Changes accepted() {
        return ends(new Accepted(first.sequenceNumber(), first.timestamp()));
    }

    /// The result; the answer names the first event, the revision that it made, and whether that waits for a moderator.
    Changes accepted(long revision, boolean held) {
        return ends(new Accepted(first.sequenceNumber(), first.timestamp(), revision, null, held));
    }

    /// The result; the answer names the first event, what a reply became, and whether it waits for a moderator.
    Changes accepted(@Nullable Replied reply, boolean held) {
        return ends(new Accepted(first.sequenceNumber(), first.timestamp(), null, reply, held));
    }

    private Changes ends(Accepted answer) {
        return Changes.of(open, Collections.unmodifiableList(list), answer);
    }

    private void add(ConversationState before, NumberedEvent numbered) {
        list.add(new Numbered(
                numbered,
                DeliveryPolicy.route(before, numbered.event(), open),
                DeliveryPolicy.content(numbered.event(), open),
                DeliveryPolicy.reaction(numbered.event(), open)));
    }
}
