package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.topology.conversation.BrokenInvariantException;
import chat.milena.topology.conversation.Command;
import chat.milena.topology.conversation.ConversationEvent;
import chat.milena.topology.conversation.ConversationEvent.ConversationCreated;
import chat.milena.topology.conversation.ConversationEvent.ConversationUpdated;
import chat.milena.topology.conversation.ConversationEvent.MemberRemoved;
import chat.milena.topology.conversation.ConversationEvent.MembersAdded;
import chat.milena.topology.conversation.ConversationEvent.MessageSent;
import chat.milena.topology.conversation.ConversationEvent.RoleChanged;
import chat.milena.topology.conversation.ConversationState;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Decision.Duplicate;
import chat.milena.topology.conversation.Decision.Rejected;
import chat.milena.topology.conversation.FirstSend;
import chat.milena.topology.conversation.Membership;
import chat.milena.topology.conversation.MembershipDecision;
import chat.milena.topology.conversation.MembershipDecision.Changed;
import chat.milena.topology.conversation.MembershipDecision.Unchanged;
import chat.milena.topology.conversation.NumberedEvent;
import chat.milena.topology.conversation.Position;
import chat.milena.topology.conversation.ReceiptDecision;
import chat.milena.topology.conversation.ReceiptMark;
import chat.milena.topology.conversation.ReceiptRules;
import chat.milena.topology.conversation.Watermarks;
import chat.milena.topology.deadletter.DeadLetters;
import chat.milena.topology.deadletter.Faults;
import chat.milena.topology.deadletter.Reading.Illegible;
import chat.milena.topology.deadletter.Reading.Legible;
import chat.milena.topology.deadletter.RecordReader;
import chat.milena.topology.delivery.Audience;
import chat.milena.topology.delivery.Deliveries;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Handles one command at a time: loads what the rules must know, lets them decide, saves and emits what they decided.
///
/// Everything that one command changes and emits is in one transaction. For the stream thread alone.
///
/// A record that cannot be read, that breaks a rule every gateway keeps, or that the rules fail on becomes a dead
/// letter. Nothing is written before the rules are through with a command, so nothing is half done. Where our own state
/// is at fault, the task stops instead: see [BrokenInvariantException].
final class SequencerProcessor implements Processor<byte[], byte[], LogKey, SpecificRecord> {
    private final RecordReader<ConversationKey, InboundCommand> reader;
    private final Rules rules;
    private final Deliveries deliveries;
    private final int cachedMembersMax;
    private final Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> aside;
    private @Nullable Task task;

    /// What decides; see [chat.milena.topology.conversation.ConversationRules].
    @FunctionalInterface
    interface Rules {
        Decision decide(ConversationState state, @Nullable FirstSend firstSend, Command command, Instant now);
    }

    /// @param events the records of the decision's events, if it was accepted
    private record Judgement(Decision decision, List<TimelineEvent> events) {}

    /// What lives as long as the task's state does: a task that starts over gets a new one.
    private record Task(
            ProcessorContext<LogKey, SpecificRecord> context,
            ConversationStore conversations,
            MessageIndex index,
            Departures departures,
            ReceiptHandler receipts,
            Emitter emitter,
            DeadLetters deadLetters) {

        Instant now() {
            return Instant.ofEpochMilli(context.currentSystemTimeMs());
        }

        int partition() {
            return context.taskId().partition();
        }
    }

    /// @param cachedMembersMax how many memberships each task keeps in memory
    /// @param aside makes what takes the records that cannot be handled
    SequencerProcessor(
            RecordReader<ConversationKey, InboundCommand> reader,
            Rules rules,
            Deliveries deliveries,
            int cachedMembersMax,
            Function<ProcessorContext<LogKey, SpecificRecord>, DeadLetters> aside) {
        this.reader = reader;
        this.aside = aside;
        this.rules = rules;
        this.deliveries = deliveries;
        this.cachedMembersMax = cachedMembersMax;
    }

    @Override
    public void init(ProcessorContext<LogKey, SpecificRecord> context) {
        Emitter emitter = new Emitter(context);
        task = new Task(
                context,
                new ConversationStore(context, deliveries.shards(), cachedMembersMax),
                new MessageIndex(context),
                new Departures(context),
                new ReceiptHandler(context, emitter, deliveries),
                emitter,
                aside.apply(context));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        switch (reader.read(record, task.partition())) {
            case Illegible<?, ?> illegible -> task.deadLetters.add(record, illegible.reason());
            case Legible<ConversationKey, InboundCommand> legible ->
                handle(task, record, legible.key(), legible.value());
        }
    }

    private void handle(Task task, Record<byte[], byte[]> record, ConversationKey key, InboundCommand inbound) {
        String broken = InboundRules.broken(key, inbound);
        if (broken != null) {
            putAside(task, record, inbound, broken);
            return;
        }
        ConversationState state = task.conversations.load(key);
        ReceiptMark mark =
                ReceiptReader.read(inbound, state, messageId -> task.index.find(new MessageKey(key, messageId)));
        if (mark != null) {
            handleReceipt(task, record, inbound, state, mark);
            return;
        }
        if (MembershipReader.isOwn(inbound)) {
            handleOwn(task, record, inbound, state);
            return;
        }
        Message message = inbound.getMessage();
        FirstSend firstSend = message == null ? null : task.index.find(messageKey(inbound, message));
        Set<String> left = task.departures.among(key, inbound, state);
        Instant now = task.now();
        Judgement judgement = tried(task, record, inbound, () -> judge(inbound, state, firstSend, left, now));
        if (judgement == null) {
            return;
        }
        switch (judgement.decision()) {
            case Accepted accepted -> accept(task, inbound, state, accepted, judgement.events());
            case Duplicate duplicate ->
                answer(task, inbound, Outcomes.duplicate(inbound, duplicate), shown(inbound, state));
            case Rejected rejected -> answer(task, inbound, Outcomes.rejected(inbound, rejected), null);
        }
    }

    private void handleReceipt(
            Task task,
            Record<byte[], byte[]> record,
            InboundCommand inbound,
            ConversationState state,
            ReceiptMark mark) {
        ConversationKey key = keyOf(inbound);
        Instant now = task.now();
        Watermarks before = task.receipts.load(key, mark.userId());
        ReceiptDecision decision = tried(task, record, inbound, () -> ReceiptRules.decide(state, before, mark, now));
        if (decision != null) {
            Audience members = state instanceof Open open ? task.conversations.audience(key, open) : Audience.EMPTY;
            task.receipts.apply(inbound, mark, decision, isLarge(state), members, now);
        }
    }

    /// What a member changes of their own membership.
    private void handleOwn(Task task, Record<byte[], byte[]> record, InboundCommand inbound, ConversationState state) {
        MembershipDecision decision = tried(task, record, inbound, () -> MembershipReader.decide(inbound, state));
        switch (decision) {
            case null -> {}
            case Changed(Open next, Membership member) -> {
                ConversationKey key = keyOf(inbound);
                task.conversations.save(key, next, member);
                task.emitter.member(key, member, task.now());
                answer(task, inbound, Outcomes.accepted(inbound, next.position()), null);
            }
            case Unchanged(Open open) -> answer(task, inbound, Outcomes.unchanged(inbound, open.position()), null);
            case Rejected rejected -> answer(task, inbound, Outcomes.rejected(inbound, rejected), null);
        }
    }

    /// What was decided; null if the rules failed and the command was put aside.
    private <T> @Nullable T tried(Task task, Record<byte[], byte[]> record, InboundCommand inbound, Supplier<T> rules) {
        try {
            return rules.get();
        } catch (BrokenInvariantException e) {
            throw e;
        } catch (RuntimeException e) {
            putAside(task, record, inbound, "rules: " + Faults.describe(e));
            return null;
        }
    }

    /// All that is pure, and so all that a command alone can make fail.
    private Judgement judge(
            InboundCommand inbound,
            ConversationState state,
            @Nullable FirstSend firstSend,
            Set<String> left,
            Instant now) {
        Command command = CommandReader.read(inbound, left);
        Decision decision = command == null
                ? new Rejected(ErrorCode.INVALID_REQUEST, "type: this command is not understood")
                : rules.decide(state, firstSend, command, now);
        List<TimelineEvent> events = decision instanceof Accepted accepted
                ? accepted.events().stream()
                        .map(event -> EventRecords.timelineEvent(keyOf(inbound), inbound.getUserId(), event))
                        .toList()
                : List.of();
        return new Judgement(decision, events);
    }

    /// Whoever asked is told, if the record says who that is.
    private void putAside(Task task, Record<byte[], byte[]> record, InboundCommand inbound, String reason) {
        task.deadLetters.add(record, reason);
        if (Ids.isValid(inbound.getTenant()) && Ids.isValid(inbound.getUserId())) {
            Rejected rejected = new Rejected(ErrorCode.INVALID_REQUEST, "this command cannot be handled");
            answer(task, inbound, Outcomes.rejected(inbound, rejected), null);
        }
    }

    private void accept(
            Task task,
            InboundCommand inbound,
            ConversationState before,
            Accepted accepted,
            List<TimelineEvent> events) {
        ConversationKey key = keyOf(inbound);
        Open next = accepted.next();
        Audience audienceBefore = before instanceof Open open ? task.conversations.audience(key, open) : Audience.EMPTY;
        task.conversations.save(key, accepted);
        task.emitter.state(key, accepted);
        ConversationSnapshot snapshot = accepted.isMessage() ? null : EventRecords.snapshot(next);
        CommandOutcome outcome =
                Outcomes.accepted(inbound, accepted.events().getFirst().position());
        for (int i = 0; i < events.size(); i++) {
            NumberedEvent numbered = accepted.events().get(i);
            TimelineEvent event = events.get(i);
            task.emitter.event(key, event);
            keep(task, inbound, numbered);
            if (next.properties().large()) {
                boolean told = !isLarge(before) || changesMembers(numbered.event());
                List<String> members = told ? List.copyOf(next.members().keySet()) : null;
                task.emitter.fanout(key, new FanoutEvent(event, outcome, snapshot, members));
            } else {
                // Who is removed must be told; what follows is none of theirs.
                Audience audience = numbered.event() instanceof MemberRemoved
                        ? audienceBefore
                        : task.conversations.audience(key, next);
                deliveries
                        .ofEvent(sender(inbound), audience, event, outcome, snapshot)
                        .forEach(to -> task.emitter.delivery(to, event.getTimestamp()));
            }
            outcome = null;
        }
    }

    private static boolean changesMembers(ConversationEvent event) {
        return switch (event) {
            case ConversationCreated created -> true;
            case MembersAdded added -> true;
            case MemberRemoved removed -> true;
            case MessageSent sent -> false;
            case ConversationUpdated updated -> false;
            case RoleChanged changed -> false;
        };
    }

    /// What else is kept of an event than the conversation itself.
    private static void keep(Task task, InboundCommand inbound, NumberedEvent numbered) {
        Position position = numbered.position();
        switch (numbered.event()) {
            case MessageSent sent -> {
                task.index.add(
                        messageKey(inbound, sent.message()),
                        new FirstSend(inbound.getUserId(), position.sequenceNumber(), position.timestamp()));
                task.receipts.sent(keyOf(inbound), inbound.getUserId(), position);
            }
            case MemberRemoved(Membership member) -> {
                task.receipts.left(keyOf(inbound), member, position.timestamp());
                if (member.userId().equals(inbound.getUserId())) {
                    task.departures.left(keyOf(inbound), member);
                }
            }
            case MembersAdded(List<Membership> members) -> task.departures.cameBack(keyOf(inbound), members);
            case ConversationCreated created -> {}
            case ConversationUpdated updated -> {}
            case RoleChanged changed -> {}
        }
    }

    private static boolean isLarge(ConversationState state) {
        return state instanceof Open open && open.properties().large();
    }

    private void answer(
            Task task, InboundCommand inbound, CommandOutcome outcome, @Nullable ConversationSnapshot snapshot) {
        Deliveries.Addressed to = deliveries.ofOutcome(sender(inbound), keyOf(inbound), outcome, snapshot);
        task.emitter.delivery(to, task.now());
    }

    /// Who asks for a conversation, or for a change of it, that is there already is shown it.
    private static @Nullable ConversationSnapshot shown(InboundCommand inbound, ConversationState state) {
        return inbound.getMessage() == null && state instanceof Open open ? EventRecords.snapshot(open) : null;
    }

    private static ConversationKey keyOf(InboundCommand inbound) {
        return new ConversationKey(inbound.getTenant(), inbound.getConversationId());
    }

    private static MessageKey messageKey(InboundCommand inbound, Message message) {
        return new MessageKey(keyOf(inbound), message.getMessageId());
    }

    private static UserKey sender(InboundCommand inbound) {
        return new UserKey(inbound.getTenant(), inbound.getUserId());
    }
}
