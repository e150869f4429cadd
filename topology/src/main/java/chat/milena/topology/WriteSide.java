package chat.milena.topology;

import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.InstalledLog;
import chat.milena.streams.run.PacedApplication;
import chat.milena.streams.run.StateFolder;
import chat.milena.streams.run.StateReady;
import chat.milena.streams.run.StoreDamage;
import chat.milena.streams.run.StreamsService;
import chat.milena.topology.command.PastEvents;
import chat.milena.topology.delivery.FanoutTopology;
import chat.milena.topology.moderation.JudgeMeters;
import chat.milena.topology.moderation.ModerationTopology;
import chat.milena.topology.sequencer.ReportMeters;
import chat.milena.topology.sequencer.SequencerTopology;
import io.micrometer.core.instrument.Counter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;

/// The applications that decide, and what must be so before they start. They run once the topics exist.
public final class WriteSide {
    private static final String SEQUENCER = InstalledTopics.SEQUENCER;
    private static final String FANOUT = InstalledTopics.FANOUT;
    private static final String MODERATION = InstalledTopics.MODERATION;

    private final WriteSideConfig config;
    private final InstalledLog log;
    private final HostProcess host;
    private final PastEvents past;

    public WriteSide(WriteSideConfig config, InstalledLog log, HostProcess host) {
        this(config, log, host, PastEvents.NONE);
    }

    /// As above, for a second run of the commands.
    ///
    /// @param past the events of the first run
    public WriteSide(WriteSideConfig config, InstalledLog log, HostProcess host, PastEvents past) {
        this.config = config;
        this.log = log;
        this.host = host;
        this.past = past;
    }

    /// Both applications in one process, in the order in which they start.
    public List<Component> components() {
        return Stream.of(stateReady(), List.of(sequencer(), fanout()))
                .flatMap(List::stream)
                .toList();
    }

    /// Only the sequencer.
    public List<Component> onlySequencer() {
        return Stream.of(stateReady(), List.of(sequencer()))
                .flatMap(List::stream)
                .toList();
    }

    /// Only the fanout of large groups, whose state holds no message.
    public List<Component> onlyFanout() {
        return List.of(belongsToLog(), fanout());
    }

    /// Only the moderation application, whose state belongs to the log too.
    public List<Component> onlyModeration() {
        return List.of(belongsToLog(), moderation());
    }

    /// The moderation application, beside [#components()]. Messages do not need it, so its host may be one that
    /// takes no notice of its failure.
    public Component moderation(HostProcess host) {
        return new WriteSide(config, log, host).moderation();
    }

    /// What a sequencer does with the topics. It also makes and uses changelogs of its own.
    public static TopicAccess sequencerAccess(TopicCatalogue topics) {
        Set<String> reads = Set.of(
                topics.inbound().name(),
                topics.userCommands().name(),
                topics.bans().name(),
                LogStarts.TOPIC);
        Set<String> writes = new HashSet<>(Set.of(LogStarts.TOPIC));
        topics.all().forEach(topic -> writes.add(topic.name()));
        // Push workers, operators and moderation write them.
        List.of(topics.push(), topics.pushResults(), topics.tenants(), topics.sends())
                .forEach(topic -> writes.remove(topic.name()));
        return TopicAccess.of(reads, writes).withApplication(StreamsService.applicationId(SEQUENCER));
    }

    /// What a fanout does with the topics. It also makes and uses a changelog of its own.
    public static TopicAccess fanoutAccess(TopicCatalogue topics) {
        return TopicAccess.of(
                        Set.of(topics.fanout().name(), LogStarts.TOPIC),
                        Set.of(topics.deliveries().name(), topics.deadLetters().name(), LogStarts.TOPIC))
                .withApplication(StreamsService.applicationId(FANOUT));
    }

    /// What a moderation application does with the topics. It also makes and uses changelogs of its own.
    public static TopicAccess moderationAccess(TopicCatalogue topics) {
        return TopicAccess.of(
                        Set.of(
                                topics.messages().name(),
                                topics.sends().name(),
                                topics.memberships().name(),
                                topics.tenants().name(),
                                LogStarts.TOPIC),
                        Set.of(
                                topics.inbound().name(),
                                topics.sends().name(),
                                topics.deadLetters().name(),
                                LogStarts.TOPIC))
                .withApplication(StreamsService.applicationId(MODERATION));
    }

    private List<Component> stateReady() {
        String sequencerId = StreamsService.applicationId(SEQUENCER);
        return List.of(
                new ChangelogsReady(
                        log.topics(),
                        SequencerTopology.changelogs(sequencerId),
                        SequencerTopology.indexLog(sequencerId),
                        log.clients()),
                belongsToLog(),
                new RetentionReady(stateFolder(), config.sequencer().messageRetention()));
    }

    private Component belongsToLog() {
        return new StateReady(stateFolder(), log.clients(), log.topics().deliveries(), this::isOurs, host.clock());
    }

    private StateFolder stateFolder() {
        return new StateFolder(config.streams().stateFolder());
    }

    private Component sequencer() {
        TopicCatalogue topics = log.topics();
        // From the start on: an alarm watches how they rise, which it cannot do from nothing.
        Stream.of(topics.inbound(), topics.userCommands()).forEach(topic -> deadLetters(topic.name()));
        return application(
                SEQUENCER,
                commits -> SequencerTopology.again(
                        topics,
                        log.schemas(),
                        config.sequencer(),
                        commits,
                        new SequencerTopology.Watchers(
                                this::countDeadLetter, damage(SEQUENCER), new ReportMeters(host.meters())),
                        past));
    }

    private Component fanout() {
        TopicCatalogue topics = log.topics();
        deadLetters(topics.fanout().name());
        return application(
                FANOUT,
                commits -> FanoutTopology.build(
                        topics,
                        log.schemas(),
                        config.sequencer().cachedMembersMax(),
                        commits,
                        this::countDeadLetter,
                        damage(FANOUT)));
    }

    private Component moderation() {
        TopicCatalogue topics = log.topics();
        Stream.of(topics.messages(), topics.sends()).forEach(topic -> deadLetters(topic.name()));
        JudgeMeters meters = new JudgeMeters(host.meters());
        return application(
                MODERATION,
                commits -> ModerationTopology.build(
                        topics, log.schemas(), commits, meters, this::countDeadLetter, damage(MODERATION)));
    }

    private boolean isOurs(String topic) {
        return log.topics().all().stream().anyMatch(spec -> spec.name().equals(topic))
                || InstalledTopics.isChangelog(topic);
    }

    private Component application(String name, Function<CommitPacing, Topology> topology) {
        host.readiness().set(name, false, "starting");
        return new Deferred<>(name, () -> {
            StreamsService service =
                    PacedApplication.of(name, config.streams(), log.topics().inbound(), topology, log.clients(), host);
            new NewChangelogs(new InstalledTopics(log.topics()), log.clients())
                    .make(StreamsService.applicationId(name), service.topology());
            return service;
        });
    }

    private StoreDamage damage(String application) {
        return StoreDamage.of(application, host.meters());
    }

    private void countDeadLetter(String topic) {
        deadLetters(topic).increment();
    }

    private Counter deadLetters(String topic) {
        return DeadLetters.counter(topic, host.meters());
    }
}
