package chat.milena.topology.command;

import chat.milena.conversation.command.Command;

/// The result of reading an inbound record.
public sealed interface CommandReading {

    /// A command.
    record Known(Command command) implements CommandReading {}

    /// A command of a later version.
    ///
    /// @param word the word that this version does not know
    record Unknown(String word) implements CommandReading {}

    /// A record that no gateway of ours appends.
    ///
    /// @param reason for people: the field, then the rule that it breaks; never the content of the record
    record Malformed(String reason) implements CommandReading {}
}
