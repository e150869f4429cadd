package chat.milena.streams.run;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.runtime.lifecycle.TraceHop;
import chat.milena.runtime.lifecycle.Traces;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.topic.TopicSpec;
import io.micrometer.core.instrument.Gauge;
import java.util.function.Function;
import org.apache.kafka.streams.Topology;

/// Makes an application that writes: it commits at the pace of [CommitPacing], and counts its commits and its lag.
public final class PacedApplication {
    private PacedApplication() {}

    /// The application, which does not run yet.
    ///
    /// @param source one of its topics, whose copies its changelogs have too
    /// @param topology the graph, for these commits
    public static StreamsService of(
            String name,
            StreamsConfiguration streams,
            TopicSpec<?, ?> source,
            Function<CommitPacing, Topology> topology,
            KafkaClients clients,
            HostProcess host) {
        CommitWatch watch = CommitWatch.of(name, host.meters());
        Traces traces = clients.traces();
        TraceHop hop = traces == null ? null : traces.hop(StreamsService.applicationId(name));
        CommitPacing commits = new CommitPacing(streams, watch).traced(hop, name);
        StreamsService service = new StreamsService(
                new StreamsService.Application(
                        name,
                        topology.apply(commits),
                        StreamsSettings.writeSide(streams, source),
                        commits.clients(),
                        watch::waited),
                clients,
                host.readiness(),
                Ticker.system(),
                host.onFailure());
        Gauge.builder("milena.stream.lag", service, StreamsService::lag)
                .description("Records that the application has not read yet")
                .tag("application", name)
                .register(host.meters());
        // It ends with the process.
        StreamMeters _ = new StreamMeters(service, streams, host.meters());
        return service;
    }
}
