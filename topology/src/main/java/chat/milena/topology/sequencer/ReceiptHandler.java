package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.OutcomeStatus;
import chat.milena.schemas.word.ReceiptKind;
import chat.milena.topology.conversation.Decision.Rejected;
import chat.milena.topology.conversation.Membership;
import chat.milena.topology.conversation.Position;
import chat.milena.topology.conversation.ReceiptDecision;
import chat.milena.topology.conversation.ReceiptDecision.Moved;
import chat.milena.topology.conversation.ReceiptDecision.Unmoved;
import chat.milena.topology.conversation.ReceiptMark;
import chat.milena.topology.conversation.ReceiptRules;
import chat.milena.topology.conversation.Watermarks;
import chat.milena.topology.delivery.Audience;
import chat.milena.topology.delivery.Deliveries;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/// Keeps how far each member has come: saves and emits what moved, as [ReceiptRules] decided.
///
/// For the stream thread alone. A message costs one write and no read: what its sender had read before does not matter.
final class ReceiptHandler {
    /// In the place of a user id, for all who left.
    private static final String NOBODY = "";

    private final KeyValueStore<MemberKey, Receipt> receipts;
    private final Emitter emitter;
    private final Deliveries deliveries;

    ReceiptHandler(ProcessorContext<?, ?> context, Emitter emitter, Deliveries deliveries) {
        this.receipts = context.getStateStore(SequencerStores.RECEIPTS);
        this.emitter = emitter;
        this.deliveries = deliveries;
    }

    Watermarks load(ConversationKey key, String userId) {
        Receipt stored = receipts.get(new MemberKey(key, userId));
        return stored == null ? Watermarks.NONE : StateRecords.watermarks(stored);
    }

    /// Writes what was decided.
    ///
    /// @param large whether the conversation is
    /// @param members all that are in it
    void apply(
            InboundCommand inbound,
            ReceiptMark mark,
            ReceiptDecision decision,
            boolean large,
            Audience members,
            Instant now) {
        ConversationKey key = new ConversationKey(inbound.getTenant(), inbound.getConversationId());
        UserKey user = new UserKey(inbound.getTenant(), inbound.getUserId());
        switch (decision) {
            case Moved(Watermarks next, boolean shown) -> {
                save(new MemberKey(key, mark.userId()), next, now);
                CommandOutcome outcome = Outcomes.receipt(inbound, OutcomeStatus.ACCEPTED, mark.kind(), next);
                Audience audience = audience(user, mark.kind(), shown && !large, members);
                deliveries
                        .ofReceipt(user, key, audience, moved(mark, outcome), outcome)
                        .forEach(to -> emitter.delivery(to, now));
            }
            case Unmoved(Watermarks before) ->
                answer(user, key, Outcomes.receipt(inbound, OutcomeStatus.DUPLICATE, mark.kind(), before), now);
            case Rejected rejected -> answer(user, key, Outcomes.rejected(inbound, rejected), now);
        }
    }

    /// Whoever sends has read up to there; others see it by the message itself.
    void sent(ConversationKey key, String userId, Position message) {
        save(new MemberKey(key, userId), ReceiptRules.ofSender(message), message.timestamp());
    }

    /// Whoever left has come nowhere, should they come back. What they had received and read stays so for those who
    /// wrote it, without their name; but for what nobody was shown, since they never joined in.
    void left(ConversationKey key, Membership leaver, Instant timestamp) {
        MemberKey member = new MemberKey(key, leaver.userId());
        Receipt last = receipts.delete(member);
        emitter.receipt(member, null, timestamp);
        if (last != null && leaver.accepted()) {
            MemberKey all = new MemberKey(key, NOBODY);
            Receipt gone = StateRecords.gone(all, receipts.get(all), last, leaver.joinedSequence());
            if (gone != null) {
                receipts.put(all, gone);
                emitter.receipt(all, gone, timestamp);
            }
        }
    }

    private void save(MemberKey member, Watermarks watermarks, Instant timestamp) {
        Receipt receipt = StateRecords.receipt(member, watermarks);
        receipts.put(member, receipt);
        emitter.receipt(member, receipt, timestamp);
    }

    private void answer(UserKey user, ConversationKey key, CommandOutcome outcome, Instant now) {
        emitter.delivery(deliveries.ofOutcome(user, key, outcome, null), now);
    }

    private static MovedReceipt moved(ReceiptMark mark, CommandOutcome outcome) {
        return new MovedReceipt(
                mark.userId(),
                mark.kind().word(),
                outcome.getSequenceNumber(),
                outcome.getTimestamp(),
                mark.messageIds());
    }

    /// Who is shown a receipt: all members; only its own user before they have joined in, and in a large group, where
    /// it would be told too often. Their own devices clear a badge by it; that something is on one of them is not
    /// for the others.
    private Audience audience(UserKey user, ReceiptKind kind, boolean toAll, Audience members) {
        return switch (kind) {
            case READ -> toAll ? members : Audience.of(user.tenant(), List.of(user.userId()), deliveries.shards());
            case DELIVERED -> toAll ? members.without(user.userId()) : Audience.EMPTY;
        };
    }
}
