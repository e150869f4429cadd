package chat.milena.conversation.command;

/// The people who get a delivery.
public sealed interface Recipients {
    /// All who are in the conversation after the command.
    Recipients MEMBERS = new Members();

    /// All who were in the conversation before the command.
    Recipients FORMER_MEMBERS = new FormerMembers();

    /// Nobody but the sender, who is answered.
    Recipients NOBODY = new Nobody();

    /// See [#MEMBERS].
    record Members() implements Recipients {}

    /// See [#FORMER_MEMBERS].
    record FormerMembers() implements Recipients {}

    /// All members but this one.
    record Others(String userId) implements Recipients {}

    /// This user alone.
    record One(String userId) implements Recipients {}

    /// See [#NOBODY].
    record Nobody() implements Recipients {}
}
