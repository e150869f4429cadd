package chat.milena.gateway.rest;

import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.CommandGate.Reserved;
import chat.milena.gateway.command.CommandListener;
import chat.milena.gateway.command.GuardedLog;
import chat.milena.gateway.command.InFlight.Places;
import chat.milena.gateway.command.Outcome;
import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.command.Submission.GatewayFull;
import chat.milena.gateway.command.Submission.NoRoom;
import chat.milena.gateway.command.Submission.NotAppended;
import chat.milena.gateway.command.Submission.RateLimited;
import chat.milena.gateway.command.Submission.Refusal;
import chat.milena.gateway.command.Submission.SenderFull;
import chat.milena.gateway.command.Submission.Submitted;
import chat.milena.gateway.delivery.Shards;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.word.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Submits one command and waits for its outcome, for a call without a connection. Blocks, so it is for virtual
/// threads.
final class CommandCall {
    private final Shards shards;
    private final int shardCount;
    private final CommandGate gate;
    private final Places places;
    private final OutcomeMeters meters;
    private final Duration within;

    /// @param outcomes where its outcome comes from
    /// @param gate with the rates of its commands
    /// @param places for commands of calls
    /// @param within how long to wait for an outcome
    CommandCall(RestApi.Outcomes outcomes, CommandGate gate, Places places, Duration within) {
        this.shards = outcomes.shards();
        this.shardCount = outcomes.shardCount();
        this.gate = gate;
        this.places = places;
        this.meters = outcomes.meters();
        this.within = within;
    }

    /// There is no outcome to answer with.
    abstract static sealed class UnansweredException extends Exception {
        private static final long serialVersionUID = 1L;

        private UnansweredException(String message) {
            super(message);
        }
    }

    /// The log cannot take a command, or its outcome did not come in time; a retry is safe.
    static final class UnavailableException extends UnansweredException {
        private static final long serialVersionUID = 1L;

        private UnavailableException(String message) {
            super(message);
        }
    }

    /// The command is not appended, for a reason that the gateway knows.
    static final class RefusedException extends UnansweredException {
        private static final long serialVersionUID = 1L;

        // Exceptions can be serialized; this one never is.
        private final transient HttpAnswer answer;

        RefusedException(HttpAnswer answer) {
            super("refused before it was appended");
            this.answer = answer;
        }

        HttpAnswer answer() {
            return answer;
        }
    }

    /// A lookup that is needed before a command is appended.
    @FunctionalInterface
    interface LookUp {
        void complete(InboundCommand command) throws UnansweredException;
    }

    /// The outcome of the command.
    Outcome ask(Caller caller, InboundCommand command) throws UnansweredException {
        return ask(caller, command, known -> {});
    }

    /// As above.
    ///
    /// @param lookUp completes the command once its caller has been charged, or rejects it: the same rate limits
    /// how often it runs
    Outcome ask(Caller caller, InboundCommand command, LookUp lookUp) throws UnansweredException {
        long began = meters.began();
        long deadline = System.nanoTime() + within.toNanos();
        // The outcome comes on the caller's shard, which must be read before.
        Shards.Lease lease = shards.acquire(caller.user().shard(shardCount).shard());
        try {
            await(lease.ready(), deadline);
            Outcome outcome = submitted(caller, command, lookUp, deadline, began);
            meters.decided(outcome.status(), command.getMessage() == null ? null : command.getTenant(), began);
            return outcome;
        } catch (UnavailableException e) {
            meters.unavailable(began);
            throw e;
        } finally {
            places.giveBack(command.getOrigin().getCommandId());
            lease.release();
        }
    }

    private Outcome submitted(Caller caller, InboundCommand command, LookUp lookUp, long deadline, long began)
            throws UnansweredException {
        Waiting waiting = new Waiting(new CompletableFuture<>());
        switch (gate.reserve(caller, command, places, left(deadline), waiting)) {
            case Refusal refusal -> throw refused(refusal, began);
            case Reserved reserved -> {
                lookUp.complete(command);
                return switch (reserved.append(left(deadline))) {
                    case Submitted submitted -> await(waiting.outcome(), deadline);
                    case Refusal refusal -> throw refused(refusal, began);
                };
            }
        }
    }

    /// A call that waits on its own thread.
    private record Waiting(CompletableFuture<Outcome> outcome) implements CommandListener {
        @Override
        public void decided(Outcome decided) {
            outcome.complete(decided);
        }

        @Override
        public void unknown() {
            outcome.completeExceptionally(new UnavailableException("append failed"));
        }
    }

    private UnansweredException refused(Refusal refusal, long began) {
        return switch (refusal) {
            case NoRoom full -> {
                meters.unavailable(began);
                yield new RefusedException(HttpAnswer.error(ErrorCode.UNAVAILABLE, GuardedLog.NO_ROOM));
            }
            case RateLimited(var by) -> {
                meters.rateLimited(began);
                yield new RefusedException(HttpAnswer.rateLimited(by));
            }
            case SenderFull full -> new UnavailableException("too many calls in progress");
            case GatewayFull full -> new UnavailableException("too many commands in progress");
            case NotAppended refused -> new UnavailableException("too many commands in progress");
        };
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    private static <T> T await(CompletableFuture<T> future, long deadline) throws UnavailableException {
        try {
            return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new UnavailableException("no outcome in time");
        } catch (ExecutionException e) {
            throw new UnavailableException("the log cannot be used now");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted");
        }
    }
}
