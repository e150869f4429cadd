package chat.milena.gateway.command;

import chat.milena.runtime.limit.RateLimiter;

/// What came of handing a command to the [CommandGate].
public sealed interface Submission {

    /// The gate took it: its listener is called.
    record Submitted() implements Submission {}

    /// What came of a reservation for a command.
    sealed interface Reservation permits CommandGate.Reserved, Refusal {}

    /// The gate did not take it. Nothing stays reserved, and its listener is never called.
    sealed interface Refusal extends Submission, Reservation {}

    /// There is no room on the disk.
    record NoRoom() implements Refusal {}

    /// Too many commands of this kind and sender are in flight.
    record SenderFull() implements Refusal {}

    /// Too many commands are in flight, of its tenant or of all.
    record GatewayFull() implements Refusal {}

    /// The caller has used up a rate.
    record RateLimited(RateLimiter.Refused by) implements Refusal {}

    /// The log did not take the command.
    record NotAppended() implements Refusal {}
}
