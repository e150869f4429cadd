package chat.milena.runtime.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/// What a process does with topics. Pure.
///
/// @param reads names of topics
/// @param writes names of topics
public record TopicAccess(Set<String> reads, Set<String> writes) {
    /// It only describes them.
    public static final TopicAccess NONE = new TopicAccess(Set.of(), Set.of());

    public TopicAccess {
        reads = Set.copyOf(reads);
        writes = Set.copyOf(writes);
    }

    public static TopicAccess of(Collection<String> reads, Collection<String> writes) {
        return new TopicAccess(Set.copyOf(reads), Set.copyOf(writes));
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
}
