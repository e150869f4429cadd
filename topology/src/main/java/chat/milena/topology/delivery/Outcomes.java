package chat.milena.topology.delivery;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Detail;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Answer.Replied;
import chat.milena.conversation.state.ThreadState;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.ThreadSummary;
import chat.milena.schemas.word.OutcomeStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Turns answers into the records that are routed to the sender's connection. Pure.
public final class Outcomes {
    private Outcomes() {}

    /// The record of this answer to a command.
    public static CommandOutcome of(InboundCommand command, Answer answer) {
        CommandOutcome outcome = new CommandOutcome();
        outcome.setOrigin(command.getOrigin());
        outcome.setMessageId(messageId(command));
        switch (answer) {
            case Accepted accepted -> {
                outcome.setStatus(OutcomeStatus.ACCEPTED.word());
                outcome.setRevision(accepted.revision());
                outcome.setSequenceNumber(accepted.sequenceNumber());
                outcome.setTimestamp(accepted.timestamp());
                outcome.setHeld(accepted.held());
                setReply(outcome, accepted.reply());
            }
            case Duplicate duplicate -> {
                outcome.setStatus(OutcomeStatus.DUPLICATE.word());
                outcome.setRevision(duplicate.revision());
                outcome.setSequenceNumber(duplicate.sequenceNumber());
                outcome.setTimestamp(duplicate.timestamp());
                outcome.setHeld(duplicate.held());
                setReply(outcome, duplicate.reply());
            }
            case Rejected rejected -> {
                outcome.setStatus(OutcomeStatus.REJECTED.word());
                outcome.setCode(rejected.code().word());
                outcome.setReason(rejected.reason());
                switch (rejected.detail()) {
                    case null -> {}
                    case Detail.Revision(long revision) -> outcome.setRevision(revision);
                    case Detail.TooSoon(String limit, long seconds) -> {
                        outcome.setLimit(limit);
                        outcome.setRetryAfter(seconds);
                    }
                    case Detail.Banned(Instant until) -> {
                        outcome.setBanned(true);
                        outcome.setBannedUntil(until);
                    }
                }
            }
        }
        return outcome;
    }

    private static void setReply(CommandOutcome outcome, @Nullable Replied reply) {
        if (reply != null) {
            ThreadState thread = reply.thread();
            outcome.setThreadOrdinal(reply.ordinal());
            outcome.setThread(new ThreadSummary(thread.replyCount(), thread.lastReplyAt(), thread.participantIds()));
        }
    }

    private static @Nullable String messageId(InboundCommand command) {
        if (command.getMessage() != null) {
            return command.getMessage().getMessageId();
        }
        return command.getChange() == null ? null : command.getChange().getMessageId();
    }
}
