package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.topology.conversation.Command;
import chat.milena.topology.conversation.Command.Change;
import chat.milena.topology.conversation.Command.CreateConversation;
import chat.milena.topology.conversation.Command.SendMessage;
import chat.milena.topology.conversation.ConversationEvent.MemberRemoved;
import chat.milena.topology.conversation.ConversationEvent.MessageSent;
import chat.milena.topology.conversation.ConversationRules;
import chat.milena.topology.conversation.ConversationState;
import chat.milena.topology.conversation.ConversationState.Open;
import chat.milena.topology.conversation.Decision;
import chat.milena.topology.conversation.Decision.Accepted;
import chat.milena.topology.conversation.Decision.Duplicate;
import chat.milena.topology.conversation.Decision.Rejected;
import chat.milena.topology.conversation.FirstSend;
import chat.milena.topology.conversation.NumberedEvent;
import chat.milena.topology.delivery.Audience;
import chat.milena.topology.delivery.Deliveries;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles one command at a time: loads what the rules must know, lets them decide, saves and emits what they decided.
///
/// Everything that one command changes and emits is in one transaction. For the stream thread alone.
final class SequencerProcessor implements Processor<ConversationKey, InboundCommand, LogKey, SpecificRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(SequencerProcessor.class);

    private final ConversationRules rules;
    private final Deliveries deliveries;
    private final int cachedMembersMax;
    private @Nullable Task task;

    /// What lives as long as the task's state does: a task that starts over gets a new one.
    private record Task(
            ProcessorContext<LogKey, SpecificRecord> context,
            ConversationStore conversations,
            MessageIndex index,
            Emitter emitter) {

        Instant now() {
            return Instant.ofEpochMilli(context.currentSystemTimeMs());
        }
    }

    /// @param cachedMembersMax how many memberships each task keeps in memory
    SequencerProcessor(ConversationRules rules, Deliveries deliveries, int cachedMembersMax) {
        this.rules = rules;
        this.deliveries = deliveries;
        this.cachedMembersMax = cachedMembersMax;
    }

    @Override
    public void init(ProcessorContext<LogKey, SpecificRecord> context) {
        task = new Task(
                context,
                new ConversationStore(context, deliveries.shards(), cachedMembersMax),
                new MessageIndex(context),
                new Emitter(context));
    }

    @Override
    public void process(Record<ConversationKey, InboundCommand> record) {
        if (task == null) {
            throw new IllegalStateException("Not initialized");
        }
        InboundCommand command = record.value();
        if (command == null || !keyOf(command).equals(record.key())) {
            LOG.warn("Passed over an inbound record without a command, or under another conversation's key");
            return;
        }
        process(task, command);
    }

    private void process(Task task, InboundCommand inbound) {
        ConversationState state = task.conversations.load(keyOf(inbound));
        switch (decide(task, inbound, state)) {
            case Accepted accepted -> accept(task, inbound, state, accepted);
            case Duplicate duplicate ->
                answer(task, inbound, Outcomes.duplicate(inbound, duplicate), shown(inbound, state));
            case Rejected rejected -> answer(task, inbound, Outcomes.rejected(inbound, rejected), null);
        }
    }

    private Decision decide(Task task, InboundCommand inbound, ConversationState state) {
        Command command = CommandReader.read(inbound);
        return switch (command) {
            case null -> new Rejected(ErrorCode.INVALID_REQUEST, "type: this command is not understood");
            case SendMessage send -> {
                FirstSend firstSend = task.index.find(messageKey(inbound, send.message()));
                yield rules.decide(state, firstSend, send, task.now());
            }
            case CreateConversation create -> rules.decide(state, null, create, task.now());
            case Change change -> rules.decide(state, null, change, task.now());
        };
    }

    private void accept(Task task, InboundCommand inbound, ConversationState before, Accepted accepted) {
        ConversationKey key = keyOf(inbound);
        Open next = accepted.next();
        Audience audienceBefore = before instanceof Open open ? task.conversations.audience(key, open) : Audience.EMPTY;
        task.conversations.save(key, accepted);
        if (!accepted.isMessage()) {
            task.emitter.state(key, accepted);
        }
        ConversationSnapshot snapshot = accepted.isMessage() ? null : EventRecords.snapshot(next);
        CommandOutcome outcome =
                Outcomes.accepted(inbound, accepted.events().getFirst().position());
        for (NumberedEvent numbered : accepted.events()) {
            TimelineEvent event = EventRecords.timelineEvent(key, inbound.getUserId(), numbered);
            task.emitter.event(key, event);
            if (numbered.event() instanceof MessageSent sent) {
                task.index.add(messageKey(inbound, sent.message()), firstSend(event));
            }
            if (next.properties().large()) {
                List<String> members =
                        isLarge(before) ? null : List.copyOf(next.members().keySet());
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

    private static FirstSend firstSend(TimelineEvent event) {
        return new FirstSend(event.getActorId(), event.getSequenceNumber(), event.getTimestamp());
    }

    private static UserKey sender(InboundCommand inbound) {
        return new UserKey(inbound.getTenant(), inbound.getUserId());
    }
}
