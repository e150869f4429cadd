package chat.milena.push.classify;

import chat.milena.push.courier.Courier;
import chat.milena.push.courier.CourierLimits;
import chat.milena.push.courier.HttpLimits;
import chat.milena.protocol.call.ClassifierBody;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.streams.run.InstalledLog;
import java.time.Duration;
import java.util.List;

/// The classifiers of tenants as components of a process, which may be that of the moderation application: they have
/// its permissions, but neither waits for the other.
public final class Classification {
    /// More than what tenants have in flight never waits for a connection.
    private static final int IN_FLIGHT_MAX = Backlog.ALL_ASKED_MAX;

    static final HttpLimits HTTP = new HttpLimits(
            IN_FLIGHT_MAX,
            Backlog.ORIGIN_ASKED_MAX,
            Duration.ofSeconds(5),
            ClassifierBody.DEADLINE_MAX,
            ClassifierCall.ANSWER_BYTES_MAX);

    private static final CourierLimits COURIER = new CourierLimits(
            IN_FLIGHT_MAX,
            Backlog.ASKED_MAX,
            10_000,
            ClassifierBody.DEADLINE_MAX.plusSeconds(2),
            Duration.ofSeconds(30),
            new CourierLimits.Breaker(5, 10, Duration.ofSeconds(10)),
            Duration.ofSeconds(1));

    private Classification() {}

    /// In the order in which they start.
    ///
    /// @param endpoints the addresses that may be called
    /// @param instanceId names the process among those of the installation
    public static List<Component> components(
            InstalledLog log, OutsideEndpoints endpoints, String instanceId, HostProcess host) {
        ClassifierCall call = new ClassifierCall(HTTP, endpoints, host.clock());
        Courier courier = new Courier(Asker.CARRIER, COURIER, host.clock(), host.meters());
        return List.of(
                new Closed("classifier-calls", call, courier),
                new ClassifierReader(log, instanceId, call, courier, host));
    }

    /// What is open already, and is closed once the reader has stopped.
    private record Closed(String name, ClassifierCall call, Courier courier) implements Component {
        @Override
        public void start() {}

        @Override
        public void stop(Duration within) {
            courier.close();
            call.close();
        }
    }
}
