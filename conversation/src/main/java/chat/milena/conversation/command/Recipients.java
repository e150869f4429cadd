package chat.milena.conversation.command;

import java.util.List;

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

    /// These users.
    record Some(List<String> userIds) implements Recipients {
        /// This user only.
        public static Some of(String userId) {
            return new Some(List.of(userId));
        }
    }

    /// See [#NOBODY].
    record Nobody() implements Recipients {}
}
