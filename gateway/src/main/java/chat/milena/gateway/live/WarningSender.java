package chat.milena.gateway.live;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.Submission.Submitted;
import chat.milena.gateway.device.DeviceQuery;
import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.frame.SafetyFrames.ModerationWarning;
import chat.milena.protocol.frame.SafetyFrames;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ActorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends clients that begin without a resume the bans of their user that hold, and the warnings that their user is
/// still to be shown, and notes once these are written. Safe for all threads.
///
/// At most [#QUESTIONS_MAX] questions are in progress. Beyond it, while the query side is away or slow, or while
/// the log takes no commands, the warnings stay for a later client.
public final class WarningSender {
    private static final Logger LOG = LoggerFactory.getLogger(WarningSender.class);
    private static final Duration APPEND_WITHIN = Duration.ofSeconds(10);
    static final int QUESTIONS_MAX = 128;
    /// How long a client without a connection waits for an answer.
    private static final Duration ANSWER_WITHIN = Duration.ofMillis(100);

    private final DeviceQuery query;
    private final CommandFactory commands;
    private final CommandGate gate;
    private final Executor blocking;
    private final Semaphore turns = new Semaphore(QUESTIONS_MAX);

    /// @param blocking runs steps that may wait for the views
    public WarningSender(DeviceQuery query, CommandFactory commands, CommandGate gate, Executor blocking) {
        this.query = query;
        this.commands = commands;
        this.gate = gate;
        this.blocking = blocking;
    }

    /// Bans and warnings for a client.
    ///
    /// @param written to be run once they are written
    public record Batch(List<ServerFrame> bans, List<ServerFrame> warnings, Runnable written) {
        private static final Batch NONE = new Batch(List.of(), List.of(), () -> {});
    }

    /// Sends them to a connection that is open, behind its first frames. Does not wait.
    public void send(Connection connection) {
        CompletableFuture<Void> _ = ask(connection.caller().user())
                .thenAcceptAsync(
                        answer -> {
                            Batch batch = batch(connection.caller(), connection.connectionId(), answer);
                            connection.sendBans(batch.bans());
                            if (!batch.warnings().isEmpty()) {
                                batch.warnings().forEach(connection::send);
                                connection.whenWritten(batch.written());
                            }
                        },
                        blocking)
                .exceptionally(e -> {
                    LOG.debug("A client that began was not sent its bans and warnings", e);
                    return null;
                });
    }

    /// Those for a client that begins now. Waits for the query side, for a moment.
    public Batch pending(Caller caller, String connectionId) {
        try {
            return batch(caller, connectionId, ask(caller.user()).get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Batch.NONE;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("A client that began was not sent its bans and warnings", e);
            return Batch.NONE;
        }
    }

    /// On another thread, so what follows may wait.
    private CompletableFuture<DeviceQuery.Answer<PendingWarnings>> ask(UserKey user) {
        CompletableFuture<DeviceQuery.Answer<PendingWarnings>> answer = new CompletableFuture<>();
        if (!turns.tryAcquire()) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("too many questions"));
        }
        try {
            blocking.execute(() -> {
                DeviceQuery.Answer<PendingWarnings> found;
                try {
                    found = query.warnings(user);
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                    return;
                } finally {
                    turns.release();
                }
                answer.complete(found);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The gateway has stopped");
            turns.release();
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private Batch batch(Caller caller, String connectionId, DeviceQuery.Answer<PendingWarnings> answer) {
        if (!(answer instanceof DeviceQuery.Found<PendingWarnings>(var pending))) {
            return Batch.NONE;
        }
        // A ban does not stop moderators.
        List<ServerFrame> bans = caller.kind() == ActorKind.MODERATOR
                ? List.of()
                : pending.bans().stream().map(ban -> SafetyFrames.of(ban)).toList();
        if (pending.warnings().isEmpty()) {
            return new Batch(bans, List.of(), () -> {});
        }
        Instant upTo = Instant.ofEpochMilli(pending.warnings().stream()
                .mapToLong(ModerationWarning::timestamp)
                .max()
                .orElseThrow());
        List<ServerFrame> warnings = pending.warnings().stream()
                .map(warning -> SafetyFrames.of(warning))
                .toList();
        return new Batch(bans, warnings, () -> note(caller, connectionId, upTo));
    }

    private void note(Caller caller, String connectionId, Instant upTo) {
        if (!(gate.submitUnheard(caller, commands.warningsShown(caller, connectionId, upTo), APPEND_WITHIN)
                instanceof Submitted)) {
            LOG.debug("It could not be noted that warnings were shown; they are shown again");
        }
    }
}
