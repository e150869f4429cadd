package chat.milena.runtime.lifecycle;

import chat.milena.schemas.word.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Times the requests of a listener by route and status, and counts their errors by code. Safe for all threads.
///
/// **Bound.** One timer for each route and status that our own code can answer with: no part of a request is a label.
public final class RequestMeters {
    /// The route of a request to anything but a call or an endpoint.
    private static final String OTHER = "other";

    private final MeterRegistry meters;
    private final Rejections rejections;
    private final Map<Answered, Timer> timers = new ConcurrentHashMap<>();

    private record Answered(String route, int status) {}

    public RequestMeters(MeterRegistry meters) {
        this.meters = meters;
        this.rejections = new Rejections(meters, "call");
    }

    /// A request has come.
    public Request begin() {
        return new Request();
    }

    private Timer timer(Answered answered) {
        return Timer.builder("milena.http.requests")
                .description("Requests of clients, from their head to the end of the answer")
                .tag("route", answered.route())
                .tag("status", Integer.toString(answered.status()))
                .register(meters);
    }

    /// One request, from its head to the end of its answer.
    public final class Request {
        private final long beganNanos = System.nanoTime();
        private volatile String route = OTHER;

        private Request() {}

        /// It has a route.
        ///
        /// @param found such as `GET /api/v1/users`, of a set that no client can extend
        public void route(String found) {
            route = found;
        }

        /// It is answered with an error.
        public void rejected(ErrorCode code) {
            rejections.count(code);
        }

        /// Its answer has ended.
        public void ended(int status) {
            timers.computeIfAbsent(new Answered(route, status), RequestMeters.this::timer)
                    .record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
        }
    }
}
