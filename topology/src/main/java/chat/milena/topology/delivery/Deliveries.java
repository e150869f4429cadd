package chat.milena.topology.delivery;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.ShownContent;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.avro.ShownReaction;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Addresses an event and the outcome of its command to shards: one delivery for each shard with recipients. Pure.
public record Deliveries(int shards) {

    /// A delivery and its shard.
    public record Addressed(ShardKey shard, Delivery delivery) {}

    /// What goes to recipients beside an event.
    ///
    /// @param content that the event gave a message; null if it gave none
    /// @param reaction null if the event is none
    public record Beside(
            @Nullable ShownContent content, @Nullable ShownReaction reaction) {
        private static final Beside NOTHING = new Beside(null, null);

        /// The same for these recipients: names of others would be of no use.
        private Beside among(List<String> recipients) {
            return content == null && reaction == null
                    ? this
                    : new Beside(among(content, recipients), among(reaction, recipients));
        }

        private static @Nullable ShownContent among(@Nullable ShownContent content, List<String> recipients) {
            return content == null
                    ? null
                    : new ShownContent(
                            content.getContent(),
                            among(content.getWithoutIt(), recipients),
                            content.getExpiresAt(),
                            content.getDisclosed());
        }

        private static @Nullable ShownReaction among(@Nullable ShownReaction reaction, List<String> recipients) {
            return reaction == null
                    ? null
                    : new ShownReaction(
                            reaction.getEmoji(),
                            reaction.getCount(),
                            reaction.getGathered(),
                            among(reaction.getWithoutIt(), recipients),
                            reaction.getExpiresAt());
        }

        private static List<String> among(List<String> withoutIt, List<String> recipients) {
            if (withoutIt.isEmpty()) {
                return withoutIt;
            }
            Set<String> names = Set.copyOf(withoutIt);
            return recipients.stream().filter(names::contains).toList();
        }
    }

    /// An event for the audience. The sender's shard gets the outcome with it; where it has nobody of the
    /// audience, it gets a delivery of its own.
    ///
    /// @param outcome null if the sender has it already
    public List<Addressed> ofEvent(
            UserKey sender,
            Audience audience,
            TimelineEvent event,
            @Nullable CommandOutcome outcome,
            @Nullable ConversationSnapshot snapshot,
            Beside beside) {
        ShardKey senderShard = sender.shard(shards);
        List<Addressed> deliveries = new ArrayList<>(audience.byShard().size() + 1);
        for (Map.Entry<Integer, List<String>> members : audience.byShard().entrySet()) {
            ShardKey shard = new ShardKey(members.getKey());
            CommandOutcome answer = shard.equals(senderShard) ? outcome : null;
            deliveries.add(new Addressed(
                    shard, delivery(event, members.getValue(), answer, snapshot, beside.among(members.getValue()))));
        }
        if (outcome != null && !audience.byShard().containsKey(senderShard.shard())) {
            deliveries.add(new Addressed(senderShard, delivery(event, List.of(), outcome, snapshot, Beside.NOTHING)));
        }
        return deliveries;
    }

    private static Delivery delivery(
            TimelineEvent event,
            List<String> recipients,
            @Nullable CommandOutcome outcome,
            @Nullable ConversationSnapshot snapshot,
            Beside beside) {
        Delivery delivery = delivery(event.getTenant(), event.getConversationId(), recipients, outcome);
        delivery.setEvent(event);
        delivery.setConversation(snapshot);
        delivery.setContent(beside.content());
        delivery.setReaction(beside.reaction());
        return delivery;
    }

    private static Delivery delivery(
            String tenant, String conversationId, List<String> recipients, @Nullable CommandOutcome outcome) {
        Delivery delivery = new Delivery();
        delivery.setTenant(tenant);
        delivery.setConversationId(conversationId);
        delivery.setRecipients(recipients);
        delivery.setOutcome(outcome);
        return delivery;
    }

    /// A user's receipt for the audience, which need not contain that user; that user's shard gets the outcome.
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
            Delivery delivery = delivery(
                    conversation.tenant(),
                    conversation.conversationId(),
                    recipients.getValue(),
                    shard.equals(userShard) ? outcome : null);
            delivery.setReceipt(receipt);
            deliveries.add(new Addressed(shard, delivery));
        }
        if (outcome != null && !audience.byShard().containsKey(userShard.shard())) {
            deliveries.add(ofOutcome(user, conversation, outcome, null));
        }
        return deliveries;
    }

    /// A user's own state of a conversation, for their own devices, with the outcome.
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
        List<String> recipients = audience.byShard().getOrDefault(shard.shard(), List.of());
        Delivery delivery = delivery(conversation.tenant(), conversation.conversationId(), recipients, outcome);
        delivery.setPersonal(personal);
        return new Addressed(shard, delivery);
    }

    /// How a user follows a thread, for their own devices, with the outcome.
    ///
    /// @param audience that user, or nobody
    /// @param outcome null if the user has it already
    public Addressed ofThread(
            UserKey user, Audience audience, FollowedThread thread, @Nullable CommandOutcome outcome) {
        ShardKey shard = user.shard(shards);
        Delivery delivery = new Delivery();
        delivery.setTenant(thread.getTenant());
        delivery.setConversationId(thread.getConversationId());
        delivery.setRecipients(audience.byShard().getOrDefault(shard.shard(), List.of()));
        delivery.setOutcome(outcome);
        delivery.setThread(thread);
        return new Addressed(shard, delivery);
    }

    /// An outcome for the sender only.
    public Addressed ofOutcome(
            UserKey sender,
            ConversationKey conversation,
            CommandOutcome outcome,
            @Nullable ConversationSnapshot snapshot) {
        Delivery delivery = delivery(conversation.tenant(), conversation.conversationId(), List.of(), outcome);
        delivery.setConversation(snapshot);
        return new Addressed(sender.shard(shards), delivery);
    }
}
