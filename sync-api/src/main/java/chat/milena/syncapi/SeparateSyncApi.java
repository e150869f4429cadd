package chat.milena.syncapi;

import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.run.StateFolder;
import chat.milena.streams.run.StateReady;
import chat.milena.streams.run.StreamsService;
import chat.milena.syncapi.SyncApiService.Dependencies;
import chat.milena.syncapi.SyncApiService.Log;
import chat.milena.syncapi.view.View;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A sync API as a process of its own: the components that start once the topics are checked.
public final class SeparateSyncApi {
    private SeparateSyncApi() {}

    /// What a sync API does with the topics.
    public static TopicAccess access(TopicCatalogue topics) {
        Set<String> reads = View.all().stream()
                .map(view -> view.topic(topics).name())
                .collect(Collectors.toCollection(HashSet::new));
        reads.add(LogStarts.TOPIC);
        return TopicAccess.of(reads, Set.of(LogStarts.TOPIC)).withGroups(StreamsService.applicationId("views"));
    }

    /// In the order in which they start.
    ///
    /// @param beforeViews runs before the first view is opened
    public static List<Component> components(SyncApiConfig config, Dependencies dependencies, Runnable beforeViews) {
        Log log = dependencies.log();
        return List.of(
                new StateReady(
                        new StateFolder(log.streams().stateFolder()),
                        log.clients(),
                        log.topics().deliveries(),
                        name -> View.all().stream()
                                .anyMatch(
                                        view -> view.topic(log.topics()).name().equals(name)),
                        dependencies.platform().clock()),
                new Deferred<>("sync-api", () -> {
                    beforeViews.run();
                    return new SyncApiService(config, dependencies);
                }));
    }
}
