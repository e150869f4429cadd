package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Change.AnnotationsDeleted;
import chat.milena.conversation.command.Change.Audited;
import chat.milena.conversation.command.Change.BanOrdered;
import chat.milena.conversation.command.Change.BlockDeleted;
import chat.milena.conversation.command.Change.BlockNoted;
import chat.milena.conversation.command.Change.DepartureDeleted;
import chat.milena.conversation.command.Change.DepartureNoted;
import chat.milena.conversation.command.Change.FollowChanged;
import chat.milena.conversation.command.Change.FollowEnded;
import chat.milena.conversation.command.Change.FollowShown;
import chat.milena.conversation.command.Change.FormerWatermarksMoved;
import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Change.MembershipChanged;
import chat.milena.conversation.command.Change.MessageAnnotated;
import chat.milena.conversation.command.Change.MessageIndexed;
import chat.milena.conversation.command.Change.MessageOverwritten;
import chat.milena.conversation.command.Change.Numbered;
import chat.milena.conversation.command.Change.PersonalChanged;
import chat.milena.conversation.command.Change.PersonalShown;
import chat.milena.conversation.command.Change.PinsChanged;
import chat.milena.conversation.command.Change.ReactionsChanged;
import chat.milena.conversation.command.Change.ReceiptShown;
import chat.milena.conversation.command.Change.ReportChanged;
import chat.milena.conversation.command.Change.SendNoted;
import chat.milena.conversation.command.Change.SenderIndexed;
import chat.milena.conversation.command.Change.Stored;
import chat.milena.conversation.command.Change.ThreadGrown;
import chat.milena.conversation.command.Change.Unlisted;
import chat.milena.conversation.command.Change.Warned;
import chat.milena.conversation.command.Change.WatermarksDeleted;
import chat.milena.conversation.command.Change.WatermarksMoved;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.command.DeliveryRoute;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.EventTime;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MembershipDelta;
import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.key.ReferenceKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.topology.annotation.AnnotationRecords;
import chat.milena.topology.annotation.AnnotationStore;
import chat.milena.topology.delivery.Audience;
import chat.milena.topology.delivery.Deliveries;
import chat.milena.topology.delivery.Deliveries.Beside;
import chat.milena.topology.delivery.Outcomes;
import chat.milena.topology.sequencer.Decider.Decision;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Applies the changes of a command: saves and publishes state, logs events, and addresses deliveries to shards.
/// The only class that writes. For the stream thread.
///
/// It has no rules: each change says who gets it.
record ChangeWriter(
        ConversationStore conversations,
        MessageIndex index,
        AnnotationStore annotations,
        MemberStores people,
        Deliveries deliveries,
        Erasures<ConversationKey> erasures,
        ReportWriter reports,
        Emitter emitter) {

    /// Shared by all changes of one command.
    ///
    /// @param before all members before it
    /// @param after all members after it
    /// @param shown the conversation that is shown with the deliveries
    /// @param events the records of its events
    /// @param deviceId of a receipt: the device that it comes from; null for none
    private record Scope(
            ConversationKey key,
            UserKey sender,
            Audience before,
            Audience after,
            @Nullable ConversationSnapshot shown,
            List<TimelineEvent> events,
            @Nullable String deviceId,
            Instant now) {

        /// The record of one of the command's events.
        TimelineEvent event(long sequenceNumber) {
            return events.stream()
                    .filter(event -> event.getSequenceNumber() == sequenceNumber)
                    .findFirst()
                    .orElseThrow(() -> new BrokenInvariantException("No event " + sequenceNumber));
        }

        MemberKey member(String userId) {
            return new MemberKey(key, userId);
        }

        ReferenceKey reference(String list, long number) {
            return new ReferenceKey(key, list, number);
        }
    }

    /// Applies all changes of one command, and answers its sender: with the first delivery, or separately.
    ///
    /// @param before the conversation until now
    void apply(InboundCommand inbound, ConversationState before, Decision decision, Instant now) {
        emitter.begin(inbound);
        Changes changes = decision.changes();
        Scope scope = save(inbound, before, decision, now);
        CommandOutcome outcome = Outcomes.of(inbound, changes.answer());
        int first = showsAnotherAuthor(inbound, decision) ? -1 : changes.firstDelivered();
        Iterator<TimelineEvent> records = decision.events().iterator();
        for (int i = 0; i < changes.list().size(); i++) {
            CommandOutcome answer = i == first ? outcome : null;
            switch (changes.list().get(i)) {
                case Numbered numbered -> number(scope, numbered, records.next(), answer);
                case ReceiptShown receipt -> show(scope, receipt, answer);
                case PersonalShown personal -> show(scope, personal, answer);
                case FollowShown follow -> show(scope, follow, answer);
                case Stored stored -> store(scope, stored);
            }
        }
        if (first < 0) {
            emitter.delivery(deliveries.ofOutcome(scope.sender, scope.key, outcome, scope.shown), now);
        }
    }

    /// Such an event carries no answer: that of a large group would go to the author who is shown.
    private static boolean showsAnotherAuthor(InboundCommand inbound, Decision decision) {
        return decision.events().stream().anyMatch(event -> !event.getActorId().equals(inbound.getUserId()));
    }

    /// Answers the sender of a command that changes nothing.
    void answer(InboundCommand inbound, Answer answer, Instant now) {
        emitter.begin(inbound);
        UserKey sender = new UserKey(inbound.getTenant(), inbound.getUserId());
        ConversationKey key = new ConversationKey(inbound.getTenant(), inbound.getConversationId());
        emitter.delivery(deliveries.ofOutcome(sender, key, Outcomes.of(inbound, answer), null), now);
    }

    /// Saves and publishes the conversation itself.
    private Scope save(InboundCommand inbound, ConversationState state, Decision decision, Instant now) {
        Changes changes = decision.changes();
        ConversationKey key = new ConversationKey(inbound.getTenant(), inbound.getConversationId());
        Audience before = state instanceof Open open ? conversations.audience(key, open) : Audience.EMPTY;
        Audience after = before;
        Open next = changes.next();
        if (next != null) {
            conversations.save(key, next, changes);
            after = conversations.audience(key, next);
            if (changes.changesConversation()) {
                emitter.conversation(
                        key,
                        StateRecords.conversation(key, next),
                        next.position().timestamp());
            }
        }
        Open shown = changes.shown();
        return new Scope(
                key,
                new UserKey(inbound.getTenant(), inbound.getUserId()),
                before,
                after,
                shown == null ? null : EventRecords.snapshot(shown),
                decision.events(),
                inbound.getReceipt() == null ? null : inbound.getReceipt().getDeviceId(),
                now);
    }

    private void number(Scope scope, Numbered numbered, TimelineEvent event, @Nullable CommandOutcome outcome) {
        MembershipDelta memberships = numbered.event().memberships();
        Instant timestamp = event.getTimestamp();
        memberships.added().forEach(member -> saveMember(scope, member, timestamp));
        memberships.changed().forEach(member -> saveMember(scope, member, timestamp));
        for (Membership member : memberships.removed()) {
            MemberKey key = scope.member(member.userId());
            conversations.deleteMember(key);
            emitter.member(key, null, timestamp);
        }
        emitter.event(scope.key, event);
        if (numbered.event().annotates()) {
            emitter.annotation(
                    AnnotationKey.ofConversation(scope.key),
                    annotations.marked(scope.key, event.getSequenceNumber()),
                    timestamp);
        }
        switch (numbered.route()) {
            case DeliveryRoute.Direct(Recipients recipients) ->
                deliveries
                        .ofEvent(
                                scope.sender,
                                audience(scope, recipients),
                                event,
                                outcome,
                                scope.shown,
                                new Beside(numbered.content(), numbered.reaction()))
                        .forEach(to -> emitter.delivery(to, timestamp));
            case DeliveryRoute.Fanout(List<String> members) ->
                emitter.fanout(
                        scope.key,
                        new FanoutEvent(event, outcome, scope.shown, members, numbered.content(), numbered.reaction()));
        }
    }

    private void show(Scope scope, ReceiptShown receipt, @Nullable CommandOutcome outcome) {
        MovedReceipt moved = new MovedReceipt(
                receipt.userId(),
                receipt.kind().word(),
                receipt.upToSequence(),
                receipt.at(),
                receipt.messageIds(),
                scope.deviceId());
        deliveries
                .ofReceipt(scope.sender, scope.key, audience(scope, receipt.recipients()), moved, outcome)
                .forEach(to -> emitter.delivery(to, scope.now));
    }

    private void show(Scope scope, PersonalShown shown, @Nullable CommandOutcome outcome) {
        UserKey user = new UserKey(scope.key.tenant(), shown.userId());
        emitter.delivery(
                deliveries.ofPersonal(user, scope.key, audience(scope, shown.recipients()), shown.personal(), outcome),
                scope.now);
    }

    private void show(Scope scope, FollowShown shown, @Nullable CommandOutcome outcome) {
        UserKey user = new UserKey(scope.key.tenant(), shown.follow().userId());
        FollowedThread thread = StateRecords.followed(scope.key, shown.follow(), shown.followed());
        emitter.delivery(deliveries.ofThread(user, audience(scope, shown.recipients()), thread, outcome), scope.now);
    }

    private Audience audience(Scope scope, Recipients recipients) {
        return switch (recipients) {
            case Recipients.Members members -> scope.after;
            case Recipients.FormerMembers members -> scope.before;
            case Recipients.Others(String userId) -> scope.after.without(userId);
            case Recipients.Some(List<String> userIds) -> Audience.of(scope.key.tenant(), userIds, deliveries.shards());
            case Recipients.Nobody nobody -> Audience.EMPTY;
        };
    }

    private void store(Scope scope, Stored stored) {
        switch (stored) {
            case MessageIndexed(var messageId, var firstSend) ->
                index.add(
                        new MessageKey(scope.key, messageId),
                        StateRecords.indexed(scope.event(firstSend.sequenceNumber()), firstSend));
            case SenderIndexed(FirstSend message) -> index.addSender(scope.key, message);
            case MessageOverwritten(var messageId, var message, var content, var deletedBy) -> {
                MessageKey key = new MessageKey(scope.key, messageId);
                IndexedMessage indexed = index.replace(key, message);
                emitter.overwrite(scope.key, EventRecords.message(key, indexed, content, deletedBy), scope.now);
                erasures.noted(scope.key);
            }
            case Listed listed -> {
                Reference reference = StateRecords.reference(scope.key, listed);
                emitter.reference(scope.reference(listed.list(), listed.number()), reference, scope.now);
            }
            case ThreadGrown(String rootId, FirstSend root, EventTime reply) -> {
                index.replace(new MessageKey(scope.key, rootId), root);
                emitter.reference(
                        scope.reference(rootId, ReferenceKey.HEAD),
                        StateRecords.head(scope.key, rootId, root, reply),
                        scope.now);
            }
            case Unlisted(String list, long number) ->
                emitter.reference(scope.reference(list, number), null, scope.now);
            case MessageAnnotated(var messageId, var message, var by) -> {
                index.replace(new MessageKey(scope.key, messageId), message);
                AnnotationKey key = AnnotationKey.ofMessage(scope.key, message.sequenceNumber());
                emitter.annotation(
                        key,
                        AnnotationRecords.ofMessage(
                                key, StateRecords.required(message.state()).annotations(), by.sequenceNumber()),
                        by.timestamp());
            }
            case ReactionsChanged(var number, var userId, var next, var by) -> {
                AnnotationKey key = new AnnotationKey(scope.key, number, userId);
                Annotation reactions = AnnotationRecords.ofUser(key, next, by.sequenceNumber());
                annotations.putReactions(key, reactions, by.timestamp().toEpochMilli());
                emitter.annotation(key, reactions, by.timestamp());
            }
            case PinsChanged(var next) -> annotations.putPins(scope.key, next);
            case AnnotationsDeleted(var number) ->
                emitter.annotation(AnnotationKey.ofMessage(scope.key, number), null, scope.now);
            case FollowChanged(Follow next) -> saveFollow(scope, next, StateRecords.followed(scope.key, next, true));
            case FollowEnded(Follow last) -> saveFollow(scope, last, null);
            case MembershipChanged(Membership member) -> saveMember(scope, member, scope.now);
            case BlockNoted(String userId, String blockedId, Instant at) ->
                people.blocks().add(scope.key, userId, blockedId, at);
            case BlockDeleted(String userId) -> people.blocks().delete(scope.key, userId);
            case PersonalChanged(String userId, var next, Instant at) -> {
                MemberKey key = scope.member(userId);
                Personal personal = StateRecords.personal(key, next);
                people.personal().put(key, personal);
                emitter.personal(key, personal, at);
            }
            case WatermarksMoved(String userId, var next, Instant at) -> {
                MemberKey key = scope.member(userId);
                saveReceipt(key, StateRecords.receipt(key, next), at);
            }
            case WatermarksDeleted(String userId, Instant at) -> {
                MemberKey key = scope.member(userId);
                people.receipts().delete(key);
                emitter.receipt(key, null, at);
            }
            case FormerWatermarksMoved(var next, Instant at) -> {
                MemberKey key = ReceiptStore.former(scope.key);
                saveReceipt(key, StateRecords.receipt(key, next), at);
            }
            case ReportChanged report -> reports.write(scope.key, report, scope.now);
            case Audited audited -> reports.write(scope.key, audited);
            case Warned warned -> reports.write(scope.key, warned, scope.now);
            case BanOrdered ordered -> reports.write(scope.key, ordered, scope.now);
            case SendNoted(String userId, Instant at) -> people.sends().put(scope.member(userId), at);
            case DepartureNoted(Membership member) -> people.departures().add(scope.key, member);
            case DepartureDeleted(String userId) -> people.departures().delete(scope.key, userId);
        }
    }

    private void saveFollow(Scope scope, Follow follow, @Nullable FollowedThread record) {
        FollowKey key = MemberStores.FollowStore.key(scope.key, follow.rootId(), follow.userId());
        people.follows().put(key, record);
        emitter.thread(key, record, scope.now);
    }

    private void saveMember(Scope scope, Membership membership, Instant timestamp) {
        MemberKey key = scope.member(membership.userId());
        Member member = StateRecords.member(scope.key, membership);
        conversations.saveMember(key, member);
        emitter.member(key, member, timestamp);
    }

    private void saveReceipt(MemberKey key, Receipt receipt, Instant timestamp) {
        people.receipts().put(key, receipt);
        emitter.receipt(key, receipt, timestamp);
    }
}
