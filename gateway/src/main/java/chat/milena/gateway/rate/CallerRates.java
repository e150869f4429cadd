package chat.milena.gateway.rate;

import chat.milena.gateway.inbound.Caller;
import chat.milena.gateway.rate.Allowances.Answer;

/// How often callers may do something. Implementations are safe for all threads and never wait.
public interface CallerRates {

    /// Counts one, if it may be.
    Answer take(Caller caller);

    /// What one was taken for could not be done after all.
    void giveBack(Caller caller);
}
