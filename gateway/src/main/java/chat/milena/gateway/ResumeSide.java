package chat.milena.gateway;

import chat.milena.gateway.GatewayService.Platform;
import chat.milena.gateway.RunningGateway.KafkaEnds;
import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.resume.LogScan;
import chat.milena.gateway.resume.Polls;
import chat.milena.gateway.resume.RecentDeliveries;
import chat.milena.gateway.resume.ResumeConfig;
import chat.milena.gateway.resume.ResumeTokens;
import chat.milena.gateway.resume.Resumes;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;

/// The resume side of one run: missed deliveries, from memory or from the log.
final class ResumeSide {
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    final RecentDeliveries recent;
    final Resumes resumes;
    final Polls polls;

    ResumeSide(GatewayRun run, KafkaEnds kafka) {
        Platform platform = run.dependencies().platform();
        ResumeConfig config = run.config().resume();
        TopicSpec<ShardKey, Delivery> topic = run.dependencies().log().topics().deliveries();
        Duration retention = topic.retention();
        ResumeTokens tokens = new ResumeTokens(
                run.dependencies().keys().resumeSecret(),
                retention == null ? FOR_EVER : retention,
                platform.clock(),
                kafka.starts());
        LogScan scan = new LogScan(new DeliveryCodec(topic), kafka.scanning(), config.scans());
        recent = new RecentDeliveries(config.recent(), platform.clock(), run.ticker());
        resumes = new Resumes(tokens, recent, scan, config, run.shards(), platform.clock(), platform.meters());
        polls = new Polls(tokens, recent, scan, config, run.shards(), platform.clock());
    }
}
