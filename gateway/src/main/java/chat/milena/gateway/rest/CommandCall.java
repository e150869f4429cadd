package chat.milena.gateway.rest;

import chat.milena.gateway.delivery.Shards;
import chat.milena.gateway.inbound.Caller;
import chat.milena.gateway.inbound.CommandLog;
import chat.milena.gateway.inbound.CommandLog.When;
import chat.milena.gateway.inbound.GuardedLog;
import chat.milena.gateway.inbound.OutcomeMeters;
import chat.milena.gateway.inbound.PendingCalls;
import chat.milena.runtime.rate.Allowances.Allowed;
import chat.milena.runtime.rate.Allowances.Answer;
import chat.milena.runtime.rate.Allowances.Refused;
import chat.milena.gateway.rate.CallerRates;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.word.OutcomeStatus;
import chat.milena.schemas.word.Word;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Appends one command and waits for what becomes of it, as a call must that has no connection to be told on. Blocks,
/// so it is for virtual threads.
final class CommandCall {
    private final Shards shards;
    private final int shardCount;
    private final CallerRates rates;
    private final CommandLog log;
    private final PendingCalls calls;
    private final OutcomeMeters meters;
    private final Duration within;

    /// @param rates the allowance that a call is taken from
    /// @param within how long an outcome is waited for
    CommandCall(RestApi.Backing backing, CallerRates rates, Duration within) {
        this.shards = backing.shards();
        this.shardCount = backing.shardCount();
        this.rates = rates;
        this.log = backing.log();
        this.calls = backing.calls();
        this.meters = backing.meters();
        this.within = within;
    }

    /// There is no outcome to tell of.
    abstract static sealed class UnansweredException extends Exception {
        private static final long serialVersionUID = 1L;

        private UnansweredException(String message) {
            super(message);
        }
    }

    /// The log cannot take a command, or its outcome did not come in time; trying again is safe.
    static final class UnavailableException extends UnansweredException {
        private static final long serialVersionUID = 1L;

        private UnavailableException(String message) {
            super(message);
        }
    }

    /// There is no room on the disk; nothing was appended.
    static final class NoRoomException extends UnansweredException {
        private static final long serialVersionUID = 1L;

        private NoRoomException() {
            super(GuardedLog.NO_ROOM);
        }
    }

    /// The caller has used up an allowance; nothing was appended.
    static final class RateLimitedException extends UnansweredException {
        private static final long serialVersionUID = 1L;

        // Exceptions can be serialized; this one never is.
        private final transient Refused refused;

        private RateLimitedException(Refused refused) {
            super(refused.limit());
            this.refused = refused;
        }

        Refused refused() {
            return refused;
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

    /// What must be known before a command is appended.
    @FunctionalInterface
    interface LookUp {
        void complete(InboundCommand command) throws UnansweredException;
    }

    /// The delivery that carries the command's outcome.
    Delivery ask(Caller caller, InboundCommand command) throws UnansweredException {
        return ask(caller, command, known -> {});
    }

    /// As above.
    ///
    /// @param lookUp completes the command once its caller has paid for it, or refuses it: what it costs is held to
    ///     the same rate
    Delivery ask(Caller caller, InboundCommand command, LookUp lookUp) throws UnansweredException {
        if (!log.hasRoom()) {
            meters.unavailable();
            throw new NoRoomException();
        }
        long deadline = System.nanoTime() + within.toNanos();
        long commandId = command.getOrigin().getCommandId();
        // The outcome comes on the caller's shard, which must be read before there can be one.
        Shards.Lease lease = shards.acquire(caller.user().shard(shardCount).shard());
        try {
            await(lease.ready(), deadline);
            // Only now: what cannot be appended costs nothing.
            Duration after = after(rates.take(caller, command));
            lookUp.complete(command);
            CompletableFuture<Delivery> outcome = calls.expect(commandId);
            When when = new When(after, Duration.ofNanos(deadline - System.nanoTime()));
            if (!log.append(
                    command, when, id -> outcome.completeExceptionally(new UnavailableException("append failed")))) {
                rates.giveBack(caller, command);
                throw new UnavailableException("too many commands are waiting");
            }
            Delivery delivery = await(outcome, deadline);
            rates.delivered(caller, delivery, shardCount);
            Word.parse(OutcomeStatus.class, delivery.getOutcome().getStatus()).ifPresent(meters::decided);
            return delivery;
        } catch (UnavailableException e) {
            meters.unavailable();
            throw e;
        } finally {
            calls.forget(commandId);
            lease.release();
        }
    }

    private Duration after(Answer answer) throws RateLimitedException {
        return switch (answer) {
            case Allowed allowed -> allowed.after();
            case Refused refused -> {
                meters.rateLimited();
                throw new RateLimitedException(refused);
            }
        };
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
