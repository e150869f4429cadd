package chat.milena.gateway;

import chat.milena.ephemeral.rate.CommandRates;
import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.ephemeral.rate.ReceiptRates;
import chat.milena.ephemeral.rate.SharedRates;
import chat.milena.gateway.GatewayService.Platform;
import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.CommandLog;
import chat.milena.gateway.command.GuardedLog;
import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.command.InboundLog;
import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.live.ReceiptSender;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.LogKey;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;

/// The command side of one run: gates, rates and the log of commands.
final class CommandSide {
    final CommandFactory factory;
    /// Commands of REST calls without an outcome.
    final InFlight calls = new InFlight();
    final OutcomeMeters outcomes;
    final CommandRates rates;
    final CommandGate gate;
    final CommandGate receiptGate;
    final ReceiptSender receipts;
    final InboundLog log;
    private final SharedRates shared;

    CommandSide(GatewayRun run, Producer<LogKey, InboundCommand> producer) {
        Platform platform = run.dependencies().platform();
        GatewayConfig config = run.config();
        RateConfig rateConfig = config.writes().rates();
        // A new id at each start, so that outcomes of an earlier run match no sender.
        factory = new CommandFactory("gw_" + UUID.randomUUID(), platform.clock());
        outcomes = new OutcomeMeters(platform.meters(), run.ticker());
        rates = new CommandRates(rateConfig, run.ticker()::nanos);
        shared = SharedRates.of(
                rates, config.presence().redis(), platform.readiness(), platform.meters(), run.ticker()::nanos);
        log = new InboundLog(
                run.dependencies().log().topics().inbound(),
                run.dependencies().log().topics().userCommands(),
                producer,
                config.writes()
                        .inbound()
                        .withTenantQueueMax(config.bounds()
                                .tenantShare(config.writes().inbound().queueMax())),
                platform.meters(),
                run.onFatal());
        CommandLog guarded = new GuardedLog(log, run.dependencies().log().room());
        gate = new CommandGate(guarded, rates, run.connectionTicker());
        receiptGate =
                new CommandGate(guarded, new ReceiptRates(rateConfig, run.ticker()::nanos), run.connectionTicker());
        receipts = new ReceiptSender(
                factory,
                receiptGate,
                config.connection().commands().receipts().window(),
                run.windows(),
                run.connectionTicker(),
                platform.meters());
    }

    void start() {
        log.start();
        shared.start();
    }

    void closeShared() throws InterruptedException {
        shared.close();
    }
}
