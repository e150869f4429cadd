package chat.milena.topology;

import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.kafka.TopicCheck;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.TopicRemake;
import chat.milena.runtime.kafka.TopicRemake.Moved;
import chat.milena.runtime.kafka.Topics;
import chat.milena.schemas.topic.Cleanup;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.run.StreamsService;
import chat.milena.topology.moderation.ModerationTopology;
import chat.milena.topology.sequencer.SequencerTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/// All topics of an installation: those of the catalogue, and the changelogs that Kafka Streams has made for the
/// sequencer, the fanout, moderation and push. A record that Kafka deletes from a changelog is missing in a
/// rebuilt state.
public record InstalledTopics(TopicCatalogue catalogue) {
    /// The applications that decide, by the names that operators see.
    public static final String SEQUENCER = "sequencer";

    public static final String FANOUT = "fanout";

    /// The application that judges messages by the rules of their tenants.
    public static final String MODERATION = "moderation";

    /// The application that decides whom push notifies.
    public static final String PUSH = "push";

    /// How the names of changelogs end.
    static final String CHANGELOG = "-changelog";

    /// Whether a name is that of such a changelog.
    public static boolean isChangelog(String topic) {
        return topic.endsWith(CHANGELOG)
                && Stream.of(SEQUENCER, FANOUT, MODERATION, PUSH)
                        .map(StreamsService::applicationId)
                        .anyMatch(application -> topic.startsWith(application + "-"));
    }

    /// The specification of each.
    ///
    /// @param there the names of the existing topics; Kafka Streams makes its own when it starts
    public List<TopicSpec<?, ?>> all(Set<String> there) {
        List<TopicSpec<?, ?>> all = new ArrayList<>(catalogue.all());
        Set<String> changelogs = new TreeSet<>();
        there.stream()
                .map(TopicRemake::original)
                .filter(InstalledTopics::isChangelog)
                .forEach(changelogs::add);
        changelogs.forEach(name -> all.add(changelog(name)));
        return all;
    }

    /// Compares all with what a process needs.
    ///
    /// @throws TopicException if Kafka did not do its part within the time
    public TopicCheck check(TopicAccess access, Admin admin, Duration within)
            throws TopicException, InterruptedException {
        return TopicCheck.of(
                new TopicCheck.Needs(
                        all(Topics.names(admin, within)), catalogue.groups(), Set.of(LogStarts.TOPIC), access),
                admin,
                within);
    }

    /// Whether a topic shows how many partitions the installation was made with.
    public boolean isWitness(TopicSpec<?, ?> topic) {
        return !topic.equals(catalogue.deadLetters()) && !topic.equals(catalogue.tenants());
    }

    /// Which records of a topic a repair must move.
    public Moved moved(TopicSpec<?, ?> topic) {
        if (topic.equals(catalogue.inbound())) {
            return new Moved.Unread(StreamsService.applicationId(SEQUENCER));
        }
        if (topic.equals(catalogue.fanout())) {
            return new Moved.Unread(StreamsService.applicationId(FANOUT));
        }
        if (topic.equals(catalogue.sends())) {
            return new Moved.Unread(StreamsService.applicationId(MODERATION));
        }
        return topic.equals(catalogue.deliveries()) ? new Moved.None() : new Moved.All();
    }

    /// The specification of a changelog.
    TopicSpec<?, ?> changelog(String name) {
        if (ModerationTopology.sendsLog(StreamsService.applicationId(MODERATION))
                .equals(name)) {
            return catalogue.sends().as(name, Cleanup.COMPACT_AND_DELETE, ModerationTopology.SENDS_LOG_RETENTION);
        }
        if (isOf(MODERATION, name)) {
            return catalogue.sends().as(name, Cleanup.COMPACT, null);
        }
        if (SequencerTopology.openReportsLog(StreamsService.applicationId(SEQUENCER))
                .equals(name)) {
            return SequencerTopology.openReportsLog(catalogue, name);
        }
        // Those of push are by user.
        TopicSpec<?, ?> alike = isOf(PUSH, name) ? catalogue.push() : catalogue.conversations();
        if (!SequencerTopology.logsOfMessages(StreamsService.applicationId(SEQUENCER))
                .contains(name)) {
            return alike.as(name, Cleanup.COMPACT, null);
        }
        Duration messages = Objects.requireNonNull(catalogue.messages().retention());
        return alike.as(name, Cleanup.COMPACT_AND_DELETE, SequencerTopology.indexLogRetention(messages));
    }

    private static boolean isOf(String application, String changelog) {
        return changelog.startsWith(StreamsService.applicationId(application) + "-");
    }
}
