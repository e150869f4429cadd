package chat.milena.conversation.command;

/// The recipients of a delivery.
public sealed interface Recipients {
    /// All members after the command.
    Recipients MEMBERS = new Members();

    /// All members before the command.
    Recipients FORMER_MEMBERS = new FormerMembers();

    /// Nobody except the sender, who is answered.
    Recipients NOBODY = new Nobody();

    /// See [#MEMBERS].
    record Members() implements Recipients {}

    /// See [#FORMER_MEMBERS].
    record FormerMembers() implements Recipients {}

    /// All members except this one.
    record Others(String userId) implements Recipients {}

    /// This user only.
    record One(String userId) implements Recipients {}

    /// See [#NOBODY].
    record Nobody() implements Recipients {}
}
