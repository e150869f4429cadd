package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Command;

/// What an inbound record turned out to be.
sealed interface CommandReading {

    /// A command.
    record Known(Command command) implements CommandReading {}

    /// A command of a later version.
    ///
    /// @param word that this version does not know
    record Unknown(String word) implements CommandReading {}

    /// A record that no gateway of ours appends.
    ///
    /// @param reason for people: the field, then the rule that it breaks; never what the record says
    record Malformed(String reason) implements CommandReading {}
}
