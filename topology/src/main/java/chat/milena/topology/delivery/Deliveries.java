package chat.milena.topology.delivery;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Addresses an event and its command's outcome to shards: one delivery for each shard that is concerned. Pure.
public record Deliveries(int shards) {

    /// A delivery and where it goes.
    public record Addressed(ShardKey shard, Delivery delivery) {}

    /// An event for the audience. The sender's shard gets the outcome with it; where it has nobody of the audience, it
    /// gets a delivery of its own.
    ///
    /// @param outcome null if the sender has it already
    /// @param content that the event gave a message; null if it gave none
    public List<Addressed> ofEvent(
            UserKey sender,
            Audience audience,
            TimelineEvent event,
            @Nullable CommandOutcome outcome,
            @Nullable ConversationSnapshot snapshot,
            @Nullable ShownContent content) {
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
                    null,
                    null,
                    among(content, members.getValue()),
                    null);
            deliveries.add(new Addressed(shard, delivery));
        }
        if (outcome != null && !audience.byShard().containsKey(senderShard.shard())) {
            deliveries.add(new Addressed(
                    senderShard,
                    new Delivery(
                            sender.tenant(),
                            event.getConversationId(),
                            event,
                            List.of(),
                            outcome,
                            snapshot,
                            null,
                            null,
                            null,
                            null)));
        }
        return deliveries;
    }

    /// The content for these recipients: names of others would be of no use.
    private static @Nullable ShownContent among(@Nullable ShownContent content, List<String> recipients) {
        if (content == null || content.getWithoutIt().isEmpty()) {
            return content;
        }
        Set<String> withoutIt = Set.copyOf(content.getWithoutIt());
        return new ShownContent(
                content.getContent(),
                recipients.stream().filter(withoutIt::contains).toList());
    }

    /// A user's receipt for the audience, which need not hold that user; that user's shard gets the outcome.
    ///
    /// @param outcome null if the user has it already
    public List<Addressed> ofReceipt(
            UserKey user,
            ConversationKey conversation,
            Audience audience,
            MovedReceipt receipt,
            @Nullable CommandOutcome outcome) {
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
                    receipt,
                    null,
                    null,
                    null);
            deliveries.add(new Addressed(shard, delivery));
        }
        if (outcome != null && !audience.byShard().containsKey(userShard.shard())) {
            deliveries.add(ofOutcome(user, conversation, outcome, null));
        }
        return deliveries;
    }

    /// What a user keeps of a conversation, for their own devices, with the outcome.
    ///
    /// @param audience that user, or nobody
    /// @param outcome null if the user has it already
    public Addressed ofPersonal(
            UserKey user,
            ConversationKey conversation,
            Audience audience,
            ShownPersonal personal,
            @Nullable CommandOutcome outcome) {
        ShardKey shard = user.shard(shards);
        Delivery delivery = new Delivery();
        delivery.setTenant(conversation.tenant());
        delivery.setConversationId(conversation.conversationId());
        delivery.setRecipients(audience.byShard().getOrDefault(shard.shard(), List.of()));
        delivery.setOutcome(outcome);
        delivery.setPersonal(personal);
        return new Addressed(shard, delivery);
    }

    /// An outcome for the sender alone.
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
                        null,
                        null,
                        null,
                        null));
    }
}
