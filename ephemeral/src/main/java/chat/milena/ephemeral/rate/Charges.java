package chat.milena.ephemeral.rate;

import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.limit.RateLimiter.Refused;
import java.util.ArrayList;
import java.util.List;

/// The charge of one command to several allowances: all of them, or none. For one thread.
final class Charges {
    private static final int USUAL = 4;

    private final List<Charge<?>> charges = new ArrayList<>(USUAL);

    private record Charge<K>(RateLimiter<K> allowances, K holder, int tokens) {
        private Answer take() {
            return allowances.take(holder, tokens);
        }

        private void giveBack() {
            allowances.giveBack(holder, tokens);
        }
    }

    /// Adds a charge; charges are taken in the order of these calls.
    <K> Charges and(RateLimiter<K> allowances, K holder, int tokens) {
        charges.add(new Charge<>(allowances, holder, tokens));
        return this;
    }

    /// Takes all charges, or none.
    ///
    /// @return the first refusal, or the longest time to wait
    Answer take() {
        Allowed longest = Allowed.AT_ONCE;
        for (int i = 0; i < charges.size(); i++) {
            switch (charges.get(i).take()) {
                case Allowed allowed -> longest = allowed.after().compareTo(longest.after()) > 0 ? allowed : longest;
                case Refused refused -> {
                    charges.subList(0, i).forEach(Charge::giveBack);
                    return refused;
                }
            }
        }
        return longest;
    }

    /// Returns all charges: the command was not appended.
    void giveBack() {
        charges.forEach(Charge::giveBack);
    }
}
