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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends clients that begin without a resume the warnings that their user is still to be shown, and notes that. Safe
/// for
/// all threads. Bounded in questions in progress; beyond it the warnings stay for a later client.
///
/// While the query side is away, or the log takes no commands, the warnings stay for a later client.
public final class WarningSender {
    private static final Logger LOG = LoggerFactory.getLogger(WarningSender.class);
    private static final int QUESTIONS_MAX = 128;
    private static final Duration APPEND_WITHIN = Duration.ofSeconds(10);

    private final DeviceQuery query;
    private final CommandFactory commands;
    private final CommandGate gate;
    private final Executor blocking;
    private final Semaphore questions = new Semaphore(QUESTIONS_MAX);

    /// @param blocking runs steps that may wait for the views
    public WarningSender(DeviceQuery query, CommandFactory commands, CommandGate gate, Executor blocking) {
        this.query = query;
        this.commands = commands;
        this.gate = gate;
        this.blocking = blocking;
    }

    /// Sends them to a connection that is open, behind its first frames. Does not wait.
    public void send(Connection connection) {
        try {
            blocking.execute(
                    () -> frames(connection.caller(), connection.connectionId()).forEach(connection::send));
        } catch (RejectedExecutionException e) {
            LOG.debug("The gateway has stopped");
        }
    }

    /// The frames for a client that begins now. Waits for the query side.
    public List<ServerFrame> frames(Caller caller, String connectionId) {
        if (!(asked(caller.user()) instanceof DeviceQuery.Found<PendingWarnings>(var pending))
                || pending.warnings().isEmpty()) {
            return List.of();
        }
        Instant upTo = Instant.ofEpochMilli(pending.warnings().stream()
                .mapToLong(ModerationWarning::timestamp)
                .max()
                .orElseThrow());
        if (!(gate.submitUnheard(caller, commands.warningsShown(caller, connectionId, upTo), APPEND_WITHIN)
                instanceof Submitted)) {
            LOG.debug("It could not be noted that warnings were shown; they are shown again");
        }
        return pending.warnings().stream().map(SafetyFrames::of).toList();
    }

    private DeviceQuery.Answer<PendingWarnings> asked(UserKey user) {
        if (!questions.tryAcquire()) {
            return DeviceQuery.NONE.warnings(user);
        }
        try {
            return query.warnings(user);
        } finally {
            questions.release();
        }
    }
}
