package chat.milena.gateway.command;

import chat.milena.runtime.limit.RateLimiter;

/// The result of submitting a command to the [CommandGate].
public sealed interface Submission {

    /// Accepted by the gate: its listener will be called.
    record Submitted() implements Submission {}

    /// The result of a reservation for a command.
    sealed interface Reservation permits CommandGate.Reserved, Refusal {}

    /// Rejected by the gate. Nothing stays reserved, and its listener is never called.
    sealed interface Refusal extends Submission, Reservation {}

    /// The disk has no room.
    record NoRoom() implements Refusal {}

    /// Too many commands of this kind and sender are in flight.
    record SenderFull() implements Refusal {}

    /// Too many commands are in flight, of the tenant or in all.
    record GatewayFull() implements Refusal {}

    /// The caller has used up a rate.
    record RateLimited(RateLimiter.Refused by) implements Refusal {}

    /// The log did not accept the command.
    record NotAppended() implements Refusal {}
}
