package chat.milena.conversation.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The path of an event to its recipients.
public sealed interface DeliveryRoute {
    /// To all members, by the sequencer itself.
    DeliveryRoute TO_MEMBERS = new Direct(Recipients.MEMBERS);

    /// To all members before the command, by the sequencer itself.
    DeliveryRoute TO_FORMER_MEMBERS = new Direct(Recipients.FORMER_MEMBERS);

    /// Through the fanout application, which knows the members.
    DeliveryRoute BY_FANOUT = new Fanout(null);

    /// The sequencer makes the deliveries.
    record Direct(Recipients recipients) implements DeliveryRoute {}

    /// The fanout application makes the deliveries.
    ///
    /// @param members all members from now on, for an application that may not know; null to name nobody
    record Fanout(@Nullable List<String> members) implements DeliveryRoute {}
}
