package chat.milena.standalone.operate;

import chat.milena.conversation.command.Answer;
import chat.milena.conversation.rules.AccessRules;
import chat.milena.conversation.rules.AccessRules.Denied;
import chat.milena.conversation.rules.AccessRules.Granted;
import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.topology.MessageTrial;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `explain`: says what a user may do in a conversation and why, by the records of the log and the rules that decide on
/// them, and how far each application is with that conversation's partition.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Prints whether a user may read and write in a conversation and why, and how far the sequencer and"
                        + " the views are. Reads the log only; no content of messages is printed.")
public final class ExplainCommand implements Callable<Integer> {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final String APPLICATIONS = "milena-";
    private static final int CANNOT = 1;

    private final CommandContext context;

    @Option(names = "--user", paramLabel = "USER", required = true, description = "The user's id.")
    private String userId = "";

    @Option(names = "--conversation", paramLabel = "ID", required = true, description = "The conversation's id.")
    private String conversationId = "";

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            defaultValue = "default",
            description = "Their tenant (default: default).")
    private String tenant = "default";

    @Mixin
    private LogOption option = new LogOption();

    public ExplainCommand(CommandContext context) {
        this.context = context;
    }

    /// What it does with the topics.
    static TopicAccess access(TopicCatalogue topics) {
        return TopicAccess.of(
                        List.of(
                                topics.conversations().name(),
                                topics.members().name(),
                                topics.bans().name(),
                                topics.receipts().name()),
                        List.of())
                .watchingGroups(APPLICATIONS);
    }

    /// What the log has of the two.
    private record Facts(
            @Nullable Conversation conversation,
            Map<MemberKey, Member> members,
            Map<BanKey, Ban> bans,
            @Nullable Receipt receipt) {}

    /// @return 1 if the user may not read or may not write
    @Override
    public Integer call() throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        if (!Ids.isValid(tenant) || !Ids.isValidUser(userId) || !Ids.isValid(conversationId)) {
            throw new IOException("--tenant, --user and --conversation must be ids");
        }
        LogOption.Log log = option.log(context);
        ConversationKey key = new ConversationKey(tenant, conversationId);
        Facts facts = LogOption.asked(() -> facts(log, key));
        boolean may = explain(facts);
        for (String line : LogOption.asked(() -> behind(log, key))) {
            say(line);
        }
        return may ? 0 : CANNOT;
    }

    private Facts facts(LogOption.Log log, ConversationKey key) {
        TopicCatalogue topics = log.topics();
        MemberKey member = new MemberKey(key, userId);
        try (LatestRecords records = new LatestRecords(log.clients())) {
            BanKey ban = BanKey.of(tenant, userId, null);
            Map<BanKey, Ban> bans = records.find(topics.bans(), ban, ban.toBytes());
            bans.keySet()
                    .removeIf(one -> !one.conversationId().isEmpty()
                            && !one.conversationId().equals(conversationId));
            return new Facts(
                    records.find(topics.conversations(), key, key.toBytes()).get(key),
                    records.find(topics.members(), member, MemberKey.prefix(key)),
                    bans,
                    records.find(topics.receipts(), member, member.toBytes()).get(member));
        }
    }

    private boolean explain(Facts facts) {
        Conversation conversation = facts.conversation();
        say("conversation  "
                + (conversation == null ? "none of this id in tenant " + tenant : described(conversation)));
        Member member = facts.members().get(new MemberKey(new ConversationKey(tenant, conversationId), userId));
        say("membership    " + (member == null ? "none" : described(member)));
        facts.bans().values().forEach(ban -> say("ban           " + described(ban)));
        boolean reads = switch (AccessRules.decide(conversation, member)) {
            case Granted granted -> {
                say("reads         yes, from number " + granted.firstSequence() + " on");
                yield true;
            }
            case Denied denied -> {
                say("reads         no: " + denied.refusal().code() + ", "
                        + denied.refusal().reason());
                yield false;
            }
        };
        Answer answer = MessageTrial.answer(
                conversation, facts.members().values(), facts.bans().values(), userId, now());
        boolean writes = !(answer instanceof Answer.Rejected);
        say("writes        "
                + (answer instanceof Answer.Rejected no ? "no: " + no.code() + ", " + no.reason() : "yes"));
        if (writes && conversation != null && conversation.getSettings().getSlowModeSeconds() > 0) {
            say("              one message each " + conversation.getSettings().getSlowModeSeconds()
                    + " s, unless they are an admin");
        }
        if (writes && conversation != null && conversation.getSettings().getPremoderation()) {
            say("              held for a moderator, unless they are an admin");
        }
        Receipt receipt = facts.receipt();
        say("receipts      "
                + (receipt == null
                        ? "none"
                        : "delivered up to number " + receipt.getDeliveredUpToSequence() + ", read up to "
                                + receipt.getReadUpToSequence()));
        return reads && writes;
    }

    private static String described(Conversation conversation) {
        return conversation.getType() + ", " + conversation.getMemberCount() + " members, since "
                + conversation.getCreatedAt() + (conversation.getLarge() ? ", delivered as a large group" : "");
    }

    private String described(Member member) {
        List<String> parts = new ArrayList<>();
        parts.add(member.getRole() + " since " + member.getJoinedAt() + " (number " + member.getJoinedSequence() + ")");
        parts.add(AccessRules.hasJoinedIn(member) ? "accepted" : "not accepted: hidden from the others");
        Instant mutedUntil = member.getMutedUntil();
        if (mutedUntil != null && mutedUntil.isAfter(now())) {
            parts.add("muted until " + mutedUntil);
        }
        if (member.getBlocks()) {
            parts.add("blocks the other user");
        }
        return String.join(", ", parts);
    }

    private static String described(Ban ban) {
        return (ban.getConversationId() == null ? "in the tenant" : "in this conversation") + " by " + ban.getBannedBy()
                + (ban.getUntil() == null ? "" : " until " + ban.getUntil());
    }

    /// How far each application is in the partition of the conversation, by its last commit.
    private static List<String> behind(LogOption.Log log, ConversationKey key) throws InterruptedException {
        int partition = log.topics().inbound().partitionOf(key);
        List<String> names = log.topics().groups().getOrDefault("conversation", List.of()).stream()
                .map(TopicSpec::name)
                .collect(Collectors.toList());
        List<String> lines = new ArrayList<>();
        try (Admin admin = Admin.create(log.clients().admin())) {
            List<String> groups = get(admin.listGroups().valid()).stream()
                    .map(GroupListing::groupId)
                    .filter(id -> id.startsWith(APPLICATIONS))
                    .sorted()
                    .toList();
            for (String group : groups) {
                Map<TopicPartition, OffsetAndMetadata> committed =
                        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
                Map<String, Long> ofConversation = new TreeMap<>();
                committed.forEach((place, offset) -> {
                    if (place.partition() == partition && names.contains(place.topic()) && offset != null) {
                        ofConversation.put(place.topic(), offset.offset());
                    }
                });
                for (Map.Entry<String, Long> one : ofConversation.entrySet()) {
                    TopicPartition place = new TopicPartition(one.getKey(), partition);
                    long end = get(admin.listOffsets(Map.of(place, OffsetSpec.latest()))
                                    .partitionResult(place))
                            .offset();
                    lines.add(String.format(
                            Locale.ROOT,
                            "%-13s %s: %d behind, as of its last commit",
                            group.substring(APPLICATIONS.length()),
                            place,
                            Math.max(0, end - one.getValue())));
                }
            }
        }
        return lines;
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no answer within " + WITHIN.toSeconds() + " s", e);
        }
    }

    private Instant now() {
        return context.clock().instant();
    }

    private void say(String line) {
        context.out().println(line);
        context.out().flush();
    }
}
