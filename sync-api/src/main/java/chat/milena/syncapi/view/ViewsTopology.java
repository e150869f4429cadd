package chat.milena.syncapi.view;

import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.graph.TaskProcessor;
import chat.milena.streams.progress.ViewProgress;
import chat.milena.streams.run.CheckedStores;
import chat.milena.streams.run.StoreDamage;
import chat.milena.syncapi.view.ViewProjector.Upkeep;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The views as a graph: each topic into the store that shows it.
///
/// ```text
///   chat.messages.v1      ──▶ history        ┐
///   chat.annotations.v1   ──▶ annotations    │
///   chat.conversations.v1 ──▶ conversations  │ one task a partition of conversations
///   chat.members.v1       ──▶ members        │
///   chat.receipts.v1      ──▶ receipts       │
///   chat.references.v1    ──▶ references     ┘
///   chat.memberships.v1   ──▶ memberships    ┐ one task a partition of users
///   chat.users.v1         ──▶ users          │
///   chat.personal.v1      ──▶ personal       │
///   chat.blocks.v1        ──▶ blocks         │
///   chat.threads.v1       ──▶ threads        │
///   chat.devices.v1       ──▶ devices        │
///   chat.bans.v1          ──▶ bans           │
///   chat.reports.v1       ──▶ reports        │
///   chat.warnings.v1      ──▶ warnings       ┘
/// ```
public final class ViewsTopology {
    private ViewsTopology() {}

    /// Builds the graph over the topics of the catalogue.
    ///
    /// @param progress notified of each record that a store holds
    /// @param clock decides what is too old to be shown
    /// @param damage of the stores
    public static Topology build(
            TopicCatalogue topics,
            ViewsConfig config,
            ViewProgress progress,
            Clock clock,
            Ticker ticker,
            StoreDamage damage) {
        Topology topology = new Topology();
        for (View view : View.all()) {
            Upkeep upkeep = switch (view) {
                case HISTORY ->
                    erasing(topics.messages())
                            .and(expiry((context, store) -> HistoryExpiry.ofHistory(
                                    store,
                                    context.getStateStore(View.ANNOTATIONS.store()),
                                    topics,
                                    config,
                                    clock,
                                    ticker)));
                case ANNOTATIONS -> erasing(topics.annotations());
                case REFERENCES ->
                    expiry((context, store) -> HistoryExpiry.ofReferences(store, topics, config, clock, ticker));
                case REPORTS ->
                    erasing(topics.reports())
                            .and(expiry(
                                    (context, store) -> HistoryExpiry.ofReports(store, topics, config, clock, ticker)));
                case CONVERSATIONS,
                        MEMBERS,
                        RECEIPTS,
                        MEMBERSHIPS,
                        USERS,
                        PERSONAL,
                        BLOCKS,
                        THREADS,
                        DEVICES,
                        BANS,
                        WARNINGS -> Upkeep.NONE;
            };
            String topic = view.topic(topics).name();
            add(
                    topology,
                    view,
                    topics,
                    damage,
                    TaskProcessor.supplier(
                            Set.of(),
                            (ProcessorContext<Void, Void> context) ->
                                    new ViewProjector(context, view.store(), topic, progress, damage, upkeep)));
        }
        // One task for everything about a conversation, or about a user: topics that a processor joins stay
        // together.
        together(topology, View.HISTORY, View.byConversation());
        together(topology, View.MEMBERSHIPS, View.byUser());
        return topology;
    }

    private static void together(Topology topology, View first, List<View> views) {
        topology.connectProcessorAndStateStores(
                first.projector(),
                views.stream().filter(view -> view != first).map(View::store).toArray(String[]::new));
    }

    private static Upkeep expiry(
            BiFunction<ProcessorContext<Void, Void>, KeyValueStore<Bytes, byte[]>, HistoryExpiry> of) {
        return (context, store) -> {
            HistoryExpiry expiry = of.apply(context, store);
            context.schedule(HistoryExpiry.PIECE_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> expiry.walk());
        };
    }

    /// Removes edited and deleted content from the disk within the time that holds for its topic too: a file is
    /// rewritten when it is half as old, and each look for such files takes a sixth.
    private static Upkeep erasing(TopicSpec<?, ?> topic) {
        Duration within = Objects.requireNonNull(topic.life().eraseWithin());
        return (context, store) -> context.schedule(
                within.dividedBy(6),
                PunctuationType.WALL_CLOCK_TIME,
                now -> CheckedStores.rewrite(store, within.dividedBy(2)));
    }

    private static void add(
            Topology topology,
            View view,
            TopicCatalogue topics,
            StoreDamage damage,
            ProcessorSupplier<Bytes, byte[], Void, Void> projector) {
        StoreBuilder<KeyValueStore<Bytes, byte[]>> store = Stores.keyValueStoreBuilder(
                CheckedStores.keyValue(view.store(), damage), Serdes.Bytes(), Serdes.ByteArray());
        topology.addReadOnlyStateStore(
                store,
                view.source(),
                // A record's own timestamp may be missing, which would stop the thread; nothing here depends on
                // it.
                new WallclockTimestampExtractor(),
                new BytesDeserializer(),
                new ByteArrayDeserializer(),
                view.topic(topics).name(),
                view.projector(),
                projector);
    }
}
