package chat.milena.topology.delivery;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Addresses an event and its command's outcome to shards: one delivery for each shard that is concerned. Pure.
public record Deliveries(int shards) {

    /// A delivery and where it goes.
    public record Addressed(ShardKey shard, Delivery delivery) {}

    /// What everybody in the audience must see; the sender's shard gets the outcome with it, and a delivery of its own
    /// where nobody of the audience is served from there: whoever asks is answered.
    public List<Addressed> ofEvent(
            UserKey sender,
            Audience audience,
            TimelineEvent event,
            @Nullable CommandOutcome outcome,
            @Nullable ConversationSnapshot snapshot) {
        ShardKey senderShard = sender.shard(shards);
        List<Addressed> deliveries = new ArrayList<>(audience.byShard().size() + 1);
        for (Map.Entry<Integer, List<String>> members : audience.byShard().entrySet()) {
            ShardKey shard = new ShardKey(members.getKey());
            Delivery delivery = new Delivery(
                    sender.tenant(),
                    event.getConversationId(),
                    event,
                    members.getValue(),
                    shard.equals(senderShard) ? outcome : null,
                    snapshot,
                    null);
            deliveries.add(new Addressed(shard, delivery));
        }
        if (outcome != null && !audience.byShard().containsKey(senderShard.shard())) {
            deliveries.add(new Addressed(
                    senderShard,
                    new Delivery(
                            sender.tenant(), event.getConversationId(), event, List.of(), outcome, snapshot, null)));
        }
        return deliveries;
    }

    /// That a user has come further, for the audience, which need not hold that user; their shard gets the outcome.
    public List<Addressed> ofReceipt(
            UserKey user,
            ConversationKey conversation,
            Audience audience,
            MovedReceipt receipt,
            CommandOutcome outcome) {
        ShardKey userShard = user.shard(shards);
        List<Addressed> deliveries = new ArrayList<>(audience.byShard().size() + 1);
        for (Map.Entry<Integer, List<String>> recipients : audience.byShard().entrySet()) {
            ShardKey shard = new ShardKey(recipients.getKey());
            Delivery delivery = new Delivery(
                    conversation.tenant(),
                    conversation.conversationId(),
                    null,
                    recipients.getValue(),
                    shard.equals(userShard) ? outcome : null,
                    null,
                    receipt);
            deliveries.add(new Addressed(shard, delivery));
        }
        if (!audience.byShard().containsKey(userShard.shard())) {
            deliveries.add(ofOutcome(user, conversation, outcome, null));
        }
        return deliveries;
    }

    /// What the sender alone must know.
    public Addressed ofOutcome(
            UserKey sender,
            ConversationKey conversation,
            CommandOutcome outcome,
            @Nullable ConversationSnapshot snapshot) {
        return new Addressed(
                sender.shard(shards),
                new Delivery(
                        conversation.tenant(),
                        conversation.conversationId(),
                        null,
                        List.of(),
                        outcome,
                        snapshot,
                        null));
    }
}
