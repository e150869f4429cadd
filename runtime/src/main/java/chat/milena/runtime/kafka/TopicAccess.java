package chat.milena.runtime.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/// What a process does at the brokers. Pure.
///
/// @param reads names of topics
/// @param writes names of topics
/// @param owns begins the names of what it has for itself
public record TopicAccess(Set<String> reads, Set<String> writes, Owns owns) {
    /// It only describes them.
    public static final TopicAccess NONE = of(Set.of(), Set.of());

    private static final String CATALOGUE = "chat.";
    private static final String OURS = "milena-";
    private static final String ANY_HOST = "*";

    public TopicAccess {
        reads = Set.copyOf(reads);
        writes = Set.copyOf(writes);
    }

    /// Prefixes of names; null where there are none.
    ///
    /// @param application of its own topics, groups and transactional ids
    /// @param groups in which it reads, and which it deletes
    /// @param transactions of its own transactional ids, without an application
    /// @param watched groups whose progress it asks for
    public record Owns(
            @Nullable String application,
            @Nullable String groups,
            @Nullable String transactions,
            @Nullable String watched) {
        private static final Owns NOTHING = new Owns(null, null, null, null);
    }

    public static TopicAccess of(Collection<String> reads, Collection<String> writes) {
        return new TopicAccess(Set.copyOf(reads), Set.copyOf(writes), Owns.NOTHING);
    }

    /// The same, for a process that decides: its application has topics, groups and transactions of its own.
    public TopicAccess withApplication(String id) {
        return new TopicAccess(reads, writes, new Owns(id, owns.groups, owns.transactions, owns.watched));
    }

    /// The same, for a process that also reads in groups.
    public TopicAccess withGroups(String prefix) {
        return new TopicAccess(reads, writes, new Owns(owns.application, prefix, owns.transactions, owns.watched));
    }

    /// The same, for a command that writes transactions.
    public TopicAccess withTransactions(String prefix) {
        return new TopicAccess(reads, writes, new Owns(owns.application, owns.groups, prefix, owns.watched));
    }

    /// The same, for a command that asks how far groups are.
    public TopicAccess watchingGroups(String prefix) {
        return new TopicAccess(reads, writes, new Owns(owns.application, owns.groups, owns.transactions, prefix));
    }

    /// What is not permitted, one line each.
    ///
    /// @param permitted as the brokers report it; null if they do not
    List<String> missing(String topic, @Nullable Set<AclOperation> permitted) {
        List<String> lines = new ArrayList<>();
        if (permitted == null || permitted.contains(AclOperation.ALL)) {
            return lines;
        }
        if (reads.contains(topic) && !permitted.contains(AclOperation.READ)) {
            lines.add("no permission to read " + topic);
        }
        if (writes.contains(topic) && !permitted.contains(AclOperation.WRITE)) {
            lines.add("no permission to write to " + topic);
        }
        return lines;
    }

    /// The permissions that it needs, and no other.
    ///
    /// @param user the name by which the brokers know the process
    public List<AclBinding> permissions(String user) {
        String principal = "User:" + user;
        List<AclBinding> all = new ArrayList<>();
        // To read or write includes to describe, but not the settings.
        all.add(binding(principal, AclOperation.DESCRIBE, ResourceType.TOPIC, PatternType.PREFIXED, CATALOGUE));
        AclOperation settings = AclOperation.DESCRIBE_CONFIGS;
        all.add(binding(principal, settings, ResourceType.TOPIC, PatternType.PREFIXED, CATALOGUE));
        all.add(binding(principal, settings, ResourceType.TOPIC, PatternType.LITERAL, LogStarts.TOPIC));
        if (!reads.contains(LogStarts.TOPIC)) {
            all.add(binding(
                    principal, AclOperation.DESCRIBE, ResourceType.TOPIC, PatternType.LITERAL, LogStarts.TOPIC));
        }
        new TreeSet<>(reads)
                .forEach(topic ->
                        all.add(binding(principal, AclOperation.READ, ResourceType.TOPIC, PatternType.LITERAL, topic)));
        new TreeSet<>(writes)
                .forEach(topic -> all.add(
                        binding(principal, AclOperation.WRITE, ResourceType.TOPIC, PatternType.LITERAL, topic)));
        if (owns.application != null) {
            for (ResourceType type : List.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)) {
                all.add(binding(principal, AclOperation.ALL, type, PatternType.PREFIXED, owns.application));
            }
        }
        if (owns.groups != null) {
            for (AclOperation operation : List.of(AclOperation.READ, AclOperation.DELETE)) {
                all.add(binding(principal, operation, ResourceType.GROUP, PatternType.PREFIXED, owns.groups));
            }
        }
        if (owns.transactions != null) {
            all.add(binding(
                    principal,
                    AclOperation.WRITE,
                    ResourceType.TRANSACTIONAL_ID,
                    PatternType.PREFIXED,
                    owns.transactions));
        }
        if (owns.watched != null) {
            all.add(binding(principal, AclOperation.DESCRIBE, ResourceType.GROUP, PatternType.PREFIXED, owns.watched));
        }
        return all;
    }

    /// The permissions of the command that makes the topics.
    ///
    /// @param user the name by which the brokers know it
    public static List<AclBinding> permissionsToCreate(String user) {
        String principal = "User:" + user;
        List<AclBinding> all = new ArrayList<>();
        for (AclOperation operation : List.of(
                AclOperation.CREATE,
                AclOperation.DESCRIBE,
                AclOperation.DESCRIBE_CONFIGS,
                AclOperation.ALTER_CONFIGS)) {
            all.add(binding(principal, operation, ResourceType.TOPIC, PatternType.PREFIXED, CATALOGUE));
            all.add(binding(principal, operation, ResourceType.TOPIC, PatternType.PREFIXED, OURS));
        }
        return all;
    }

    private static AclBinding binding(
            String principal, AclOperation operation, ResourceType type, PatternType pattern, String name) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW));
    }
}
