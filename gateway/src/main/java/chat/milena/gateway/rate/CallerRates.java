package chat.milena.gateway.rate;

import chat.milena.gateway.inbound.Caller;
import chat.milena.runtime.rate.Allowances.Answer;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;

/// How often callers may do something. Implementations are safe for all threads and never wait.
public interface CallerRates {

    /// Counts this command, if it may be appended.
    Answer take(Caller caller, InboundCommand command);

    /// An event of a counted command has been delivered: what its deliveries wrote is known now.
    ///
    /// @param delivery its delivery to the shard of the caller
    /// @param shards how many there are
    void delivered(Caller caller, Delivery delivery, int shards);

    /// A command that was counted could not be appended after all.
    void giveBack(Caller caller, InboundCommand command);
}
