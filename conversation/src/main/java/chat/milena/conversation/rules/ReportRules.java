package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.INVALID_REQUEST;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Rejected;
import chat.milena.conversation.command.Change;
import chat.milena.conversation.command.Change.Audited;
import chat.milena.conversation.command.Change.BanOrdered;
import chat.milena.conversation.command.Change.ReportChanged;
import chat.milena.conversation.command.Change.Warned;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.Decide;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.Flag;
import chat.milena.conversation.command.Command.Report;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.moderation.BanListRules;
import chat.milena.conversation.moderation.QueueRules;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.MessageReport;
import chat.milena.schemas.avro.ModerationDecision;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.Warning;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.DecisionAction;
import chat.milena.schemas.word.RuleAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides on reports of messages, on what rules found in them, and on what moderators decide about them. Pure.
///
/// A user reports a message once; the first report stands. Of two decisions the later one holds, and only a removal is
/// an event: it is final, whatever is decided afterwards. The same decision again is a duplicate. What moderators let
/// stand is not judged by rules again, unless it is edited. What was edited while it was held is released only by a
/// decision that names its revision: so no moderator shows others what they have not seen. Where the queue is full, a
/// flag is noted in the audit alone; reports are always listed.
///
/// @param changes deletes messages
record ReportRules(MessageChangeRules changes) {
    private static final Changes OWN =
            Changes.rejected(INVALID_REQUEST, "messageId: must be a message of somebody else");
    private static final Changes NOT_HELD = Changes.rejected(INVALID_REQUEST, "action: this message is not held");
    private static final Changes ONESELF =
            Changes.rejected(INVALID_REQUEST, "action: must not ban the moderator who decides");
    private static final Changes NO_USER =
            Changes.rejected(INVALID_REQUEST, "action: the author of this message is no user who can be banned");
    private static final Changes PAST = Changes.rejected(INVALID_REQUEST, "until: must be in the future");
    /// The reason of a ban for which the moderator gives none.
    private static final String OF_A_DECISION = "decision on a message";
    /// A flag for which the queue had no room.
    private static final String UNLISTED = "flag.unlisted";

    Changes report(Open open, Membership member, Report report, Lookups lookups, Instant now) {
        FirstSend message = lookups.message(report.messageId());
        if (message == null || !MessageChangeRules.mayRead(open, member, message)) {
            return MessageChangeRules.NO_SUCH_MESSAGE;
        }
        if (message.senderId().equals(member.userId())) {
            return OWN;
        }
        ReportedMessage before = lookups.report(report.messageId());
        MessageReport earlier = before == null ? null : QueueRules.reportOf(before, member.userId());
        if (earlier != null) {
            return Changes.none(new Duplicate(0, earlier.getTimestamp()));
        }
        if (changes.bounds().standing(open, member, report.messageId(), lookups, now) == null) {
            return MessageChangeRules.NO_SUCH_MESSAGE;
        }
        ReportedMessage next = QueueRules.reported(
                known(before, report.messageId(), message, now),
                new MessageReport(member.userId(), report.reason().word(), report.text(), now),
                report.copy());
        ModerationEvent event = event("report", report.actor(), report.messageId(), message, now);
        event.setReason(report.reason().word());
        return noted(List.of(new ReportChanged(before, next), new Audited(event)), now);
    }

    Changes flag(Open open, Flag flag, Lookups lookups, Instant now) {
        FlagMessage found = flag.flag();
        FirstSend message = lookups.message(found.getMessageId());
        MessageState state = message == null ? null : message.state();
        // An edit is judged by itself.
        if (message == null
                || state == null
                || state.deleted() != null
                || state.revision() != found.getRevision()
                || changes.bounds().isGone(message, state, now)) {
            return MessageChangeRules.NO_SUCH_MESSAGE;
        }
        ReportedMessage before = lookups.report(found.getMessageId());
        Instant settled = before == null ? null : QueueRules.judgedAt(before, found);
        if (settled != null) {
            return Changes.none(new Duplicate(0, settled));
        }
        ModerationEvent event = event("flag", flag.actor(), found.getMessageId(), message, now);
        event.setRule(found.getRule());
        event.setRuleVersion(found.getVersion());
        event.setReason(found.getLabel());
        if (flag.action() == RuleAction.FLAG
                && (before == null || !before.getOpen())
                && !lookups.mayQueue(QueueRules.openMax(found))) {
            event.setKind(UNLISTED);
            return noted(List.of(new Audited(event)), now);
        }
        ReportedMessage next = QueueRules.flagged(known(before, found.getMessageId(), message, now), found, now);
        return switch (flag.action()) {
            case FLAG -> noted(List.of(new ReportChanged(before, next), new Audited(event)), now);
            case REMOVE -> {
                String action = (state.isHeld() ? DecisionAction.REJECT : DecisionAction.REMOVE).word();
                event.setKind("decision");
                event.setAction(action);
                ModerationDecision decision =
                        new ModerationDecision(action, null, false, null, null, flag.userId(), now, state.revision());
                ReportedMessage removed = QueueRules.decided(next, decision);
                yield remove(
                        open,
                        new DeleteMessage(flag.actor(), found.getMessageId(), null),
                        List.of(new ReportChanged(before, removed), new Audited(event)),
                        lookups,
                        now);
            }
        };
    }

    Changes decide(Open open, Decide decide, Lookups lookups, Instant now) {
        DecideMessage asked = decide.decision();
        FirstSend message = lookups.message(asked.getMessageId());
        if (message == null) {
            return MessageChangeRules.NO_SUCH_MESSAGE;
        }
        MessageState state = message.state();
        long revision = state == null ? 0 : state.revision();
        ReportedMessage before = lookups.report(asked.getMessageId());
        // What is in the queue can be decided although its message has expired.
        boolean isGone = state != null && changes.bounds().isGone(message, state, now);
        if (before == null && state == null) {
            return MessageChangeRules.OF_AN_OLDER_RELEASE;
        }
        if (before == null && isGone) {
            return MessageChangeRules.NO_SUCH_MESSAGE;
        }
        ModerationDecision decision = new ModerationDecision(
                decide.action().word(),
                asked.getUntil(),
                asked.getInConversation(),
                asked.getText(),
                asked.getNote(),
                decide.userId(),
                now,
                message.isHeld() ? revision : QueueRules.decidedRevision(asked, before, revision));
        Instant decidedAt = before == null ? null : decidedAt(decide, message, before, decision);
        if (decidedAt != null) {
            return Changes.none(new Duplicate(0, decidedAt));
        }
        // A release shows the message to everybody, so a moderator must have seen the edit.
        boolean unseen = asked.getRevision() == null
                ? decide.action() == DecisionAction.RELEASE && message.isHeld() && revision > 0 && !isGone
                : asked.getRevision() != revision;
        if (unseen) {
            return Changes.none(MessageChangeRules.conflict(revision));
        }
        if (needsHold(decide.action()) && !message.isHeld()) {
            return NOT_HELD;
        }
        ReportedMessage next = QueueRules.decided(known(before, asked.getMessageId(), message, now), decision);
        ModerationEvent event = event("decision", decide.actor(), asked.getMessageId(), message, now);
        event.setAction(decide.action().word());
        event.setReason(asked.getNote());
        event.setUntil(asked.getUntil());
        event.setOverturned(before != null && QueueRules.overturns(before, decide.action()));
        List<Change> noted = List.of(new ReportChanged(before, next), new Audited(event));
        return switch (decide.action()) {
            case REMOVE, REJECT ->
                isGone
                        ? noted(noted, now)
                        : remove(
                                open,
                                new DeleteMessage(decide.shownAs(), asked.getMessageId(), null),
                                noted,
                                lookups,
                                now);
            case DISMISS -> noted(noted, now);
            case WARN ->
                noted(
                        with(
                                noted,
                                new Warned(
                                        message.senderId(),
                                        new Warning("", asked.getMessageId(), asked.getText(), now))),
                        now);
            case BAN -> ban(decide, message, noted, lookups, now);
            case RELEASE ->
                isGone ? noted(noted, now) : release(open, asked.getMessageId(), message, noted, lookups, now);
        };
    }

    private static @Nullable Instant decidedAt(
            Decide decide, FirstSend message, ReportedMessage before, ModerationDecision decision) {
        return decide.action() == DecisionAction.RELEASE && !message.isHeld()
                ? QueueRules.releasedAt(before, decide.decision(), decide.userId())
                : QueueRules.decidedAt(before, decision);
    }

    private Changes release(
            Open open, String messageId, FirstSend message, List<Change> noted, Lookups lookups, Instant now) {
        ReportedMessage row = lookups.report(messageId);
        Content content = row == null ? null : row.getHeldContent();
        return content == null || message.state() == null
                ? MessageChangeRules.NO_SUCH_MESSAGE
                : both(changes.release(open, messageId, message, message.state(), content, lookups, now), noted, now);
    }

    private Changes remove(Open open, DeleteMessage delete, List<Change> noted, Lookups lookups, Instant now) {
        return both(changes.deleteByDecision(open, delete, lookups, now), noted, now);
    }

    /// What a decision changes of the message, and what is noted of it.
    private static Changes both(Changes changed, List<Change> noted, Instant now) {
        if (changed.answer() instanceof Rejected) {
            return changed;
        }
        List<Change> all = new ArrayList<>(changed.list());
        all.addAll(noted);
        return new Changes(changed.next(), List.copyOf(all), new Accepted(0, now), null);
    }

    /// A message waits in the queue before others are shown it.
    static ReportChanged held(
            @Nullable ReportedMessage before,
            String messageId,
            FirstSend message,
            Content content,
            @Nullable Instant expiresAt,
            Instant now) {
        return new ReportChanged(before, QueueRules.held(known(before, messageId, message, now), content, expiresAt));
    }

    private static Changes ban(Decide decide, FirstSend message, List<Change> noted, Lookups lookups, Instant now) {
        Instant until = decide.decision().getUntil();
        if (message.senderId().equals(decide.userId())) {
            return ONESELF;
        }
        if (!Ids.isValidUser(message.senderId())) {
            return NO_USER;
        }
        if (until != null && !until.isAfter(now)) {
            return PAST;
        }
        if (!lookups.mayBan(message.senderId(), decide.decision().getInConversation())) {
            return Changes.none(BanListRules.FULL);
        }
        // The writer fills in the conversation.
        String scope = decide.decision().getInConversation() ? "" : null;
        String reason = decide.decision().getText();
        ChangeBan ban = new ChangeBan(message.senderId(), scope, true, until, reason == null ? OF_A_DECISION : reason);
        return noted(with(noted, new BanOrdered(decide.actor(), ban)), now);
    }

    private static boolean needsHold(DecisionAction action) {
        return action == DecisionAction.RELEASE || action == DecisionAction.REJECT;
    }

    private static List<Change> with(List<Change> noted, Change further) {
        List<Change> all = new ArrayList<>(noted);
        all.add(further);
        return List.copyOf(all);
    }

    private static Changes noted(List<Change> changes, Instant now) {
        return new Changes(null, changes, new Accepted(0, now), null);
    }

    /// A copy of what is known. The sequencer adds the tenant and the conversation.
    private static ReportedMessage known(
            @Nullable ReportedMessage before, String messageId, FirstSend message, Instant now) {
        return before == null
                ? new ReportedMessage(
                        "",
                        "",
                        messageId,
                        message.sequenceNumber(),
                        message.senderId(),
                        now,
                        true,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        false,
                        null,
                        null)
                : QueueRules.copy(before);
    }

    private static ModerationEvent event(String kind, Actor actor, String messageId, FirstSend message, Instant now) {
        ModerationEvent event = new ModerationEvent();
        event.setTenant("");
        event.setKind(kind);
        event.setTimestamp(now);
        event.setActorId(actor.userId());
        event.setActorKind(actor.kind().word());
        event.setUserId(message.senderId());
        event.setMessageId(messageId);
        return event;
    }
}
