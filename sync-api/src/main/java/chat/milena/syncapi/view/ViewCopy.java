package chat.milena.syncapi.view;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.graph.TopicSink;
import chat.milena.streams.progress.ViewClients;
import chat.milena.streams.progress.ViewProgress;
import chat.milena.streams.run.StoreDamage;
import chat.milena.streams.run.StreamMeters;
import chat.milena.streams.run.StreamsConfiguration;
import chat.milena.streams.run.StreamsService;
import chat.milena.streams.run.StreamsSettings;
import chat.milena.syncapi.read.ConversationViews;
import chat.milena.syncapi.read.MembershipViews;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.jspecify.annotations.Nullable;

/// This instance's part of one version of one copy of the views: a Streams application that all instances with the
/// same [ViewName] share. Safe for all threads.
public final class ViewCopy implements Component {
    private final ViewName name;
    private final Parts parts;
    private final ViewProgress progress = new ViewProgress();
    private final UnreadableValues unreadable;
    private final StreamsService service;
    private volatile @Nullable StreamMeters meters;

    /// The parts of every version.
    ///
    /// @param address where other instances reach this one
    public record Parts(
            TopicCatalogue topics,
            ViewsConfig views,
            StreamsConfiguration streams,
            HostInfo address,
            KafkaClients clients,
            MeterRegistry meters,
            Clock clock) {}

    /// The stores that answer one read: of a partition of conversations, or of users.
    public record Task(boolean ofConversations, int partition) {
        /// The views of it.
        List<View> views() {
            return ofConversations ? View.byConversation() : View.byUser();
        }
    }

    /// @param readiness set when it takes over or gives up
    /// @param onFailure called once when it has given up
    public ViewCopy(ViewName name, Parts parts, Readiness readiness, Runnable onFailure) {
        this.name = name;
        this.parts = parts;
        this.unreadable = new UnreadableValues(parts.meters());
        String address = parts.address().host() + ":" + parts.address().port();
        this.service = new StreamsService(
                new StreamsService.Application(
                        name.application(),
                        ViewsTopology.build(
                                parts.topics(),
                                parts.views(),
                                progress,
                                parts.clock(),
                                Ticker.system(),
                                StoreDamage.of(name.application(), parts.meters())),
                        StreamsSettings.readSide(parts.streams(), address),
                        new ViewClients(progress),
                        // Their commits are bookmarks, which nobody waits for.
                        () -> Duration.ZERO),
                parts.clients(),
                readiness,
                Ticker.system(),
                onFailure);
    }

    /// The consumer group of a version.
    public static String group(ViewName name) {
        return StreamsService.applicationId(name.application());
    }

    /// Which version of which copy.
    public ViewName viewName() {
        return name;
    }

    /// The progress of this instance's part.
    public ViewProgress progress() {
        return progress;
    }

    @Override
    public String name() {
        return name.application();
    }

    /// Returns when this instance's part has been restored; it may still be behind.
    @Override
    public void start() throws InterruptedException, TimeoutException {
        meters = new StreamMeters(service, parts.streams(), parts.meters());
        service.start();
    }

    @Override
    public void stop(Duration within) {
        service.stop(within);
        StreamMeters shown = meters;
        if (shown != null) {
            shown.close();
        }
    }

    /// Deletes its data on disk; only when stopped.
    void delete() {
        service.streams().cleanUp();
    }

    /// Stops filling the views here until [#resume()]: reads wait at the barrier.
    public void hold() {
        service.hold();
    }

    /// Fills the views here again.
    public void resume() {
        service.resume();
    }

    /// The instance that has a task now, as far as this one knows.
    public Optional<HostInfo> owner(Task task) {
        KeyQueryMetadata found = service.streams()
                .queryMetadataForKey(
                        task.views().getFirst().store(),
                        task.partition(),
                        TopicSink.<Integer, Object>partitioner(Integer::intValue));
        return found == null
                        || KeyQueryMetadata.NOT_AVAILABLE.equals(found)
                        || HostInfo.unavailable().equals(found.activeHost())
                ? Optional.empty()
                : Optional.of(found.activeHost());
    }

    /// The stores of a task of this instance. Reads fail with an
    /// [org.apache.kafka.streams.errors.InvalidStateStoreException] if the task is not here, or not restored.
    StoreViews views(Task task) {
        return new StoreViews(
                parts.topics(),
                view -> service.streams()
                        .store(StoreQueryParameters.fromNameAndType(
                                        view.store(), QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                                .withPartition(task.partition())),
                unreadable);
    }

    /// As above, of conversations.
    public ConversationViews conversations(int partition) {
        return views(new Task(true, partition));
    }

    /// As above, of users.
    public MembershipViews memberships(int partition) {
        return views(new Task(false, partition));
    }

    /// The partitions of the log that a task shows.
    public Set<TopicPartition> log(Task task) {
        return task.views().stream()
                .map(view -> new TopicPartition(view.topic(parts.topics()).name(), task.partition()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The partitions of the log that this instance shows.
    public Set<TopicPartition> assigned() {
        return service.streams().metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .flatMap(task -> task.topicPartitions().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
