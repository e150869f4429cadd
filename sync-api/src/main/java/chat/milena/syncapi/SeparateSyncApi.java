package chat.milena.syncapi;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.streams.run.StateFolder;
import chat.milena.streams.run.StateReady;
import chat.milena.syncapi.SyncApiService.Dependencies;
import chat.milena.syncapi.SyncApiService.Log;
import chat.milena.syncapi.view.View;
import java.util.List;

/// A sync API as a process of its own: the components that start once the topics are checked.
public final class SeparateSyncApi {
    private SeparateSyncApi() {}

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
