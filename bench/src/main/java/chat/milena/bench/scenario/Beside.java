package chat.milena.bench.scenario;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.load.Shape;

/// The load that runs beside pairs in a mixed run.
public sealed interface Beside {

    /// Groups of the same tenant, open loop.
    record GroupLoad(Shape.Groups shape, double rate) implements Beside {
        public GroupLoad {
            if (!(rate > 0)) {
                throw new UsageFailure("--group-rate must be above 0");
            }
        }
    }

    /// Edits of messages, and reactions to them, of other pairs of the same tenant, open loop.
    record Changes(Shape.Pairs shape, double rate) implements Beside {
        public Changes {
            if (!(rate > 0)) {
                throw new UsageFailure("--change-rate must be above 0");
            }
        }
    }

    /// Users of another tenant, in pairs, each with `window` unanswered sends at all times.
    ///
    /// @param rude whether a refused send is followed immediately by the next one, without a polite wait
    record TenantFlood(TokenSource tokens, Shape.Pairs shape, int window, boolean rude) implements Beside {
        public TenantFlood {
            if (window < 1 || window > 1024) {
                throw new UsageFailure("--flood-window must be 1 to 1024");
            }
        }
    }
}
