package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.rules.RuleBook;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.topology.command.CommandReader;
import chat.milena.topology.command.CommandReading;
import chat.milena.topology.command.PastEvents;
import chat.milena.topology.command.PastEvents.Past;
import java.time.Instant;
import java.util.List;

/// From a record to its result: everything pure, and so everything that a record alone can make fail.
///
/// The newest version of the rules decides, at the present time. But when a log of commands is run again, the commands
/// before an event are decided by the version and at the time of that event.
///
/// @param rules all versions of them
/// @param past the events of the first run
record Decider(Reader reader, RuleBook rules, PastEvents past) {

    /// Reads commands; see [CommandReader].
    @FunctionalInterface
    interface Reader {
        CommandReading read(ConversationKey key, InboundCommand inbound);
    }

    /// The result of a command.
    ///
    /// @param events the records of the events among the changes, in order
    /// @param at when it was decided
    record Decision(Changes changes, List<TimelineEvent> events, Instant at) {}

    /// Decides for the first time.
    static Decider of(RuleBook rules) {
        return of(rules, PastEvents.NONE);
    }

    /// Decides as in the run that made these events.
    static Decider of(RuleBook rules, PastEvents past) {
        return new Decider(CommandReader::read, rules, past);
    }

    CommandReading read(ConversationKey key, InboundCommand inbound) {
        return reader.read(key, inbound);
    }

    Decision decide(ConversationKey key, ConversationState state, Command command, Lookups lookups, Instant now) {
        Past first = past.of(key, nextSequence(state));
        int version = first == null ? rules.newest() : first.rulesVersion();
        Instant at = first == null || first.at() == null ? now : first.at();
        Changes changes = rules.version(version).decide(state, command, lookups, at);
        return new Decision(changes, EventRecords.of(key, command.shownAs(), version, changes), at);
    }

    private static long nextSequence(ConversationState state) {
        return switch (state) {
            case Absent absent -> 1;
            case Open open -> open.position().sequenceNumber() + 1;
        };
    }
}
