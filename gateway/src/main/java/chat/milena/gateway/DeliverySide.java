package chat.milena.gateway;

import chat.milena.gateway.GatewayService.Platform;
import chat.milena.gateway.delivery.BulkConfig;
import chat.milena.gateway.delivery.DeliveryDispatcher;
import chat.milena.gateway.delivery.DeliveryLanes;
import chat.milena.gateway.delivery.DeliveryTraces;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.ReactionRelay;
import chat.milena.gateway.delivery.ReceiptRelay;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.delivery.ShardReader;
import chat.milena.gateway.device.DeviceSessions;
import chat.milena.gateway.live.LivePresence;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Consumer;

/// The delivery side of one run: from the log to the outboxes, as one feed of stages.
///
/// ```
/// ShardReader ─▶ DeviceSessions ─▶ RecentDeliveries ─▶ waiting polls ─▶ DeliveryLanes ─▶ LivePresence
///                      ▲                                   │
///                      └────── dispatched ── DeliveryDispatcher
/// ```
final class DeliverySide {
    /// How long a shard is read after its last user has left.
    private static final Duration SHARD_LINGER = Duration.ofSeconds(30);
    private static final int RECEIPTS_HELD_MAX = 10_000;
    private static final int REACTIONS_HELD_MAX = 10_000;
    private static final Duration REACTION_WINDOW = Duration.ofMillis(200);

    final ShardReader shards;
    private final DeliveryLanes lanes;
    private final ReactionRelay reactions;

    DeliverySide(
            GatewayRun run,
            CommandSide commands,
            ResumeSide resume,
            LivePresence presence,
            DeviceSessions devices,
            RunningGateway.KafkaEnds kafka) {
        Platform platform = run.dependencies().platform();
        MeterRegistry meters = platform.meters();
        ReceiptRelay relay = new ReceiptRelay(
                run.registry(),
                run.windows(),
                run.config().connection().commands().receipts().window(),
                RECEIPTS_HELD_MAX);
        DeliveryTraces traces = kafka.traces();
        Consumer<LoggedDelivery> dispatched = traces == null
                ? resume.recent::dispatched
                : delivery -> {
                    traces.dispatched(delivery);
                    resume.recent.dispatched(delivery);
                };
        reactions = new ReactionRelay(run.registry(), run.windows(), REACTION_WINDOW, REACTIONS_HELD_MAX, dispatched);
        DeliveryDispatcher dispatcher = new DeliveryDispatcher(
                commands.factory.gatewayId(),
                run.registry(),
                commands.calls,
                relay,
                reactions,
                dispatched,
                (sender, delivery) -> commands.rates.delivered(sender, delivery, run.shards()));
        lanes = new DeliveryLanes(dispatcher, BulkConfig.DEFAULT, platform.clock(), meters, run.onFatal());
        shards = new ShardReader(
                run.dependencies().log().topics().deliveries(),
                kafka.consumer(),
                SHARD_LINGER,
                ShardFeed.pipeline(devices, resume.recent, resume.polls.wakes(), lanes, presence),
                run.ticker(),
                meters,
                run.onFatal());
    }

    void start() {
        lanes.start();
        shards.start();
    }

    /// Sends what waits; from now on nothing waits.
    void drain() {
        reactions.close();
    }

    void close(Duration within) {
        // The lanes first: the reader may be waiting for them.
        lanes.close();
        shards.close(within);
    }
}
