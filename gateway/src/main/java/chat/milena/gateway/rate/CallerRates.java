package chat.milena.gateway.rate;

import chat.milena.gateway.inbound.Caller;
import chat.milena.runtime.rate.Allowances.Answer;
import chat.milena.schemas.avro.InboundCommand;

/// How often callers may do something. Implementations are safe for all threads and never wait.
public interface CallerRates {

    /// Counts this command, if it may be appended.
    Answer take(Caller caller, InboundCommand command);

    /// A command that was counted could not be appended after all.
    void giveBack(Caller caller, InboundCommand command);
}
