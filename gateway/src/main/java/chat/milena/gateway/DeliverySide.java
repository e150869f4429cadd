package chat.milena.gateway;

import chat.milena.gateway.GatewayService.Platform;
import chat.milena.gateway.delivery.BulkConfig;
import chat.milena.gateway.delivery.DeliveryDispatcher;
import chat.milena.gateway.delivery.DeliveryLanes;
import chat.milena.gateway.delivery.ReactionRelay;
import chat.milena.gateway.delivery.ReceiptRelay;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.delivery.ShardReader;
import chat.milena.gateway.device.DeviceSessions;
import chat.milena.gateway.live.LivePresence;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;

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
            Consumer<byte[], byte[]> consumer) {
        Platform platform = run.dependencies().platform();
        MeterRegistry meters = platform.meters();
        ReceiptRelay relay = new ReceiptRelay(
                run.registry(),
                run.windows(),
                run.config().connection().commands().receipts().window(),
                RECEIPTS_HELD_MAX);
        reactions = new ReactionRelay(
                run.registry(), run.windows(), REACTION_WINDOW, REACTIONS_HELD_MAX, resume.recent::dispatched);
        DeliveryDispatcher dispatcher = new DeliveryDispatcher(
                commands.factory.gatewayId(),
                run.registry(),
                commands.calls,
                relay,
                reactions,
                resume.recent::dispatched,
                (sender, delivery) -> commands.rates.delivered(sender, delivery, run.shards()));
        lanes = new DeliveryLanes(dispatcher, BulkConfig.DEFAULT, meters, run.onFatal());
        shards = new ShardReader(
                run.dependencies().log().topics().deliveries(),
                consumer,
                SHARD_LINGER,
                ShardFeed.pipeline(devices, resume.recent, resume.polls.wakes(), lanes, presence),
                platform.clock(),
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
