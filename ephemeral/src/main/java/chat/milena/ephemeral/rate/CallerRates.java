package chat.milena.ephemeral.rate;

import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.InboundCommand;

/// How often callers may have commands appended. Implementations are safe for all threads and never wait.
public interface CallerRates {

    /// Charges the caller for this command, if it may be appended.
    Answer take(Caller caller, InboundCommand command);

    /// Returns the charge of a command that was not appended.
    void giveBack(Caller caller, InboundCommand command);
}
