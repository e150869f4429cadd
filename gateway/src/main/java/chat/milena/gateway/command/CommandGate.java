package chat.milena.gateway.command;

import chat.milena.ephemeral.rate.CallerRates;
import chat.milena.gateway.command.CommandLog.AppendFailure;
import chat.milena.gateway.command.CommandLog.When;
import chat.milena.gateway.command.InFlight.Places;
import chat.milena.gateway.command.InFlight.SentMessage;
import chat.milena.gateway.command.Submission.GatewayFull;
import chat.milena.gateway.command.Submission.NoRoom;
import chat.milena.gateway.command.Submission.NotAppended;
import chat.milena.gateway.command.Submission.RateLimited;
import chat.milena.gateway.command.Submission.Refusal;
import chat.milena.gateway.command.Submission.Reservation;
import chat.milena.gateway.command.Submission.SenderFull;
import chat.milena.gateway.command.Submission.Submitted;
import chat.milena.runtime.limit.RateLimiter.Allowed;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import java.time.Duration;

/// The path of every command into the log: it checks the disk, takes a place and charges the caller's rates,
/// appends, and returns place and charge if the append fails. Safe for all threads; never blocks.
public final class CommandGate {
    private final CommandLog log;
    private final CallerRates rates;
    private final Ticker ticker;

    /// @param rates the rates that its commands are charged to
    /// @param ticker measures the deadlines of [InFlight]
    public CommandGate(CommandLog log, CallerRates rates, Ticker ticker) {
        this.log = log;
        this.rates = rates;
        this.ticker = ticker;
    }

    /// Whether the disk has room for commands.
    public boolean hasRoom() {
        return log.hasRoom();
    }

    /// Submits a command.
    ///
    /// @param within how long its sender waits for the outcome
    /// @param listener called later, if the command was submitted
    public Submission submit(
            Caller caller, InboundCommand command, Places places, Duration within, CommandListener listener) {
        return switch (reserve(caller, command, places, within, listener)) {
            case Reserved reserved -> reserved.append(within);
            case Refusal refusal -> refusal;
        };
    }

    /// Submits a command whose sender is gone: it takes no place, and nobody is answered.
    public Submission submitUnheard(Caller caller, InboundCommand command, Duration within) {
        return switch (rates.take(caller, command)) {
            case Refused refused -> new RateLimited(refused);
            case Allowed allowed -> append(caller, command, new When(allowed.after(), within), commandId -> {});
        };
    }

    /// Same as [#submit] without the append, for a command that needs a slow check first. The charge pays for that
    /// check too.
    ///
    /// A caller that does not append must return the place itself.
    public Reservation reserve(
            Caller caller, InboundCommand command, Places places, Duration within, CommandListener listener) {
        if (!log.hasRoom()) {
            return new NoRoom();
        }
        long commandId = command.getOrigin().getCommandId();
        Message message = command.getMessage();
        SentMessage sent =
                message == null ? null : new SentMessage(command.getConversationId(), message.getMessageId());
        return switch (places.take(commandId, caller, listener, ticker.millis() + within.toMillis(), sent)) {
            case SENDER_FULL -> new SenderFull();
            case GATEWAY_FULL -> new GatewayFull();
            case FOUND ->
                switch (rates.take(caller, command)) {
                    case Allowed(var after) -> new Reserved(caller, command, places, after);
                    case Refused refused -> {
                        places.giveBack(commandId);
                        yield new RateLimited(refused);
                    }
                };
        };
    }

    /// A command that may be appended.
    public final class Reserved implements Reservation {
        private final Caller caller;
        private final InboundCommand command;
        private final Places places;
        private final Duration after;

        private Reserved(Caller caller, InboundCommand command, Places places, Duration after) {
            this.caller = caller;
            this.command = command;
            this.places = places;
            this.after = after;
        }

        /// Appends it.
        ///
        /// @param within how long its sender waits from now on
        public Submission append(Duration within) {
            Submission submission = CommandGate.this.append(caller, command, new When(after, within), places::failed);
            if (submission instanceof Refusal) {
                places.giveBack(command.getOrigin().getCommandId());
            }
            return submission;
        }
    }

    private Submission append(Caller caller, InboundCommand command, When when, AppendFailure failure) {
        if (log.append(command, when, failure)) {
            return new Submitted();
        }
        rates.giveBack(caller, command);
        return new NotAppended();
    }
}
