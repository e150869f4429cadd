package chat.milena.standalone.up;

import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A topic in one line, for operators. Pure.
final class TopicLine {
    private TopicLine() {}

    static String of(TopicSpec<?, ?> topic) {
        return String.format(
                Locale.ROOT,
                "%-24s partitions=%d replication=%d min.insync=%d cleanup=%s retention=%s",
                topic.name(),
                topic.partitions(),
                topic.replicationFactor(),
                topic.minInsyncReplicas(),
                topic.cleanup().policy(),
                retention(topic.retention()));
    }

    private static String retention(@Nullable Duration retention) {
        if (retention == null || retention.isNegative()) {
            return "unlimited";
        }
        return retention.toHours() % 24 == 0 ? retention.toDays() + "d" : retention.toHours() + "h";
    }
}
