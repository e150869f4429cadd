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
import java.time.Instant;
import java.util.List;

/// From a record to its result: everything pure, and so everything that a record alone can make fail.
///
/// @param rules all versions of them
/// @param inForce says which version decides
record Decider(Reader reader, RuleBook rules, RulesInForce inForce) {

    /// Reads commands; see [CommandReader].
    @FunctionalInterface
    interface Reader {
        CommandReading read(ConversationKey key, InboundCommand inbound);
    }

    /// Says which version of the rules decides on the commands before an event. That is the newest one; but when a
    /// log of commands is run again, it is the one that made the event in the first run.
    @FunctionalInterface
    interface RulesInForce {
        int before(ConversationKey key, long sequenceNumber);
    }

    /// The result of a command.
    ///
    /// @param events the records of the events among the changes, in order
    record Decision(Changes changes, List<TimelineEvent> events) {}

    /// Decides by the newest version.
    static Decider of(RuleBook rules) {
        return new Decider(CommandReader::read, rules, (key, sequenceNumber) -> rules.newest());
    }

    CommandReading read(ConversationKey key, InboundCommand inbound) {
        return reader.read(key, inbound);
    }

    Decision decide(ConversationKey key, ConversationState state, Command command, Lookups lookups, Instant now) {
        int version = inForce.before(key, nextSequence(state));
        Changes changes = rules.version(version).decide(state, command, lookups, now);
        return new Decision(changes, EventRecords.of(key, command.shownAs(), version, changes));
    }

    private static long nextSequence(ConversationState state) {
        return switch (state) {
            case Absent absent -> 1;
            case Open open -> open.position().sequenceNumber() + 1;
        };
    }
}
