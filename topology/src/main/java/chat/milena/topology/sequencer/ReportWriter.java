package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Change.Audited;
import chat.milena.conversation.command.Change.BanOrdered;
import chat.milena.conversation.command.Change.ReportChanged;
import chat.milena.conversation.command.Change.Warned;
import chat.milena.conversation.moderation.QueueRules;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.ChangeWarnings;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.ModerationDecision;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.Warning;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.DecisionAction;
import chat.milena.schemas.word.Word;
import chat.milena.topology.sequencer.ReportMeters.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Saves and publishes what reports, flags and decisions change. For the stream thread.
record ReportWriter(ReportStore reports, Emitter emitter, Erasures<ReportKey> erasures, ReportCare care) {
    private static final int SWEPT_MAX = 200;
    private static final String NOBODY = "";
    private static final String NO_CONVERSATION = "";

    /// What is done with reports as time passes.
    ///
    /// @param evidenceKeep how long a copy of a reported message is kept at most
    /// @param messageRetention how long messages are kept
    /// @param topic where the queue is published
    record ReportCare(
            Duration evidenceKeep,
            Duration messageRetention,
            TopicSpec<ReportKey, ReportedMessage> topic,
            ReportMeters meters) {}

    static ReportWriter of(ReportStore reports, Emitter emitter, ReportCare care) {
        Erasures<ReportKey> erasures = new Erasures<>(care.topic()::partitionOf, (place, now) -> {
            ReportKey nowhere = new ReportKey(place.tenant(), false, 0, "", "");
            // The log of the store has a segment of its own to end.
            reports.forget(nowhere);
            emitter.report(nowhere, null, now);
        });
        return new ReportWriter(reports, emitter, erasures, care);
    }

    /// A message that is decided, or reported again, moves to the other part of the queue.
    void write(ConversationKey key, ReportChanged changed, Instant now) {
        ReportedMessage next = changed.next();
        next.setTenant(key.tenant());
        next.setConversationId(key.conversationId());
        MessageKey message = new MessageKey(key, next.getMessageId());
        ReportKey place = ReportStore.place(next);
        ReportedMessage before = changed.before();
        boolean isOver = before != null && !next.getOpen() && next.getDecision() == null;
        if (before != null && isOver) {
            reports.delete(message, before);
        } else {
            reports.put(message, before, next);
        }
        if (before != null && !ReportStore.place(before).equals(place)) {
            emitter.report(ReportStore.place(before), null, now);
        }
        if (!isOver) {
            publish(place, next, now);
        }
        if (before != null && erases(before, next)) {
            erasures.noted(place);
        }
        if (before != null && overturns(before, next.getDecision())) {
            care.meters().overturned(before);
        }
    }

    private static boolean overturns(ReportedMessage before, @Nullable ModerationDecision decision) {
        return decision != null
                && !decision.equals(before.getDecision())
                && Word.parse(DecisionAction.class, decision.getAction())
                        .filter(action -> QueueRules.overturns(before, action))
                        .isPresent();
    }

    private static boolean erases(ReportedMessage before, ReportedMessage next) {
        return isGone(before.getCopy(), next.getCopy())
                || isGone(before.getLatestCopy(), next.getLatestCopy())
                || isGone(before.getHeldContent(), next.getHeldContent());
    }

    private static boolean isGone(@Nullable Object before, @Nullable Object next) {
        return before != null && !before.equals(next);
    }

    /// What waits is shown as the log has it.
    private void publish(ReportKey place, ReportedMessage message, Instant now) {
        ReportedMessage published = QueueRules.copy(message);
        published.setHeldContent(null);
        emitter.report(place, published, now);
    }

    void write(ConversationKey key, Audited audited) {
        ModerationEvent event = audited.event();
        event.setTenant(key.tenant());
        event.setConversationId(key.conversationId());
        emitter.moderation(event);
        care.meters().noted(event);
    }

    /// The result of a sweep.
    ///
    /// @param upTo where it ended; null at the end
    /// @param waiting those that it saw and left
    record Swept(@Nullable ReportKey upTo, Backlog waiting) {}

    /// Erases copies that were kept long enough, and ends the waiting of messages that have expired. A row may be
    /// large, and messages wait for this thread, so it looks at [#SWEPT_MAX] at a time.
    ///
    /// @param from where the last sweep ended; null for the beginning
    Swept sweep(@Nullable ReportKey from, Instant now) {
        AtomicReference<Backlog> waiting = new AtomicReference<>(Backlog.NONE);
        ReportKey upTo = reports.eachOpen(from, SWEPT_MAX, message -> {
            if (isKept(message, now)) {
                waiting.set(waiting.get().plus(message.getOpenedAt()));
            }
        });
        return new Swept(upTo, waiting.get());
    }

    private boolean isKept(ReportedMessage message, Instant now) {
        ReportKey place = ReportStore.place(message);
        if (QueueRules.hasExpired(message, now)) {
            ReportedMessage next = QueueRules.unheld(QueueRules.copy(message));
            write(new ConversationKey(place.tenant(), place.conversationId()), new ReportChanged(message, next), now);
            return next.getOpen();
        }
        if (message.getOpenedAt().plus(care.messageRetention()).isBefore(now)) {
            reports.forget(place);
            emitter.report(place, null, now);
            erasures.noted(place);
            return false;
        }
        if (message.getCopy() != null && isDue(message.getCopy(), now)) {
            MessageCopy latest = message.getLatestCopy();
            message.setCopy(latest == null || isDue(latest, now) ? null : latest);
            message.setLatestCopy(null);
            ConversationKey conversation = new ConversationKey(place.tenant(), place.conversationId());
            reports.put(new MessageKey(conversation, place.messageId()), message, message);
            publish(place, message, now);
            erasures.noted(place);
        }
        return true;
    }

    private boolean isDue(MessageCopy copy, Instant now) {
        return !copy.getTakenAt().plus(care.evidenceKeep()).isAfter(now);
    }

    void write(ConversationKey key, Warned warned, Instant now) {
        Warning warning = warned.warning();
        warning.setConversationId(key.conversationId());
        UserKey author = new UserKey(key.tenant(), warned.userId());
        InboundCommand command =
                command(key, new Actor(author.userId(), ActorKind.SYSTEM), CommandKind.USER_WARNINGS, now);
        command.setWarnings(new ChangeWarnings(warning, null));
        emitter.userCommand(author, command, now);
    }

    void write(ConversationKey key, BanOrdered ordered, Instant now) {
        ChangeBan ban = ordered.ban();
        if (ban.getConversationId() != null) {
            ban.setConversationId(key.conversationId());
        }
        InboundCommand command = command(key, ordered.moderator(), CommandKind.MODERATION_BAN, now);
        command.setBan(ban);
        emitter.userCommand(UserKey.moderation(key.tenant()), command, now);
    }

    /// Nobody waits for its outcome.
    private static InboundCommand command(ConversationKey key, Actor actor, CommandKind kind, Instant now) {
        InboundCommand command = new InboundCommand();
        command.setTenant(key.tenant());
        command.setConversationId(NO_CONVERSATION);
        command.setUserId(actor.userId());
        command.setActorKind(actor.kind().word());
        command.setKind(kind.word());
        command.setOrigin(new CommandOrigin(NOBODY, NOBODY, 0L));
        command.setAcceptedAt(now);
        return command;
    }
}
