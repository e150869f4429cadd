package chat.milena.runtime.lifecycle;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/// What a process offers to the service that runs in it.
///
/// @param onFailure called when the service can never work again
public record HostProcess(Readiness readiness, MeterRegistry meters, Clock clock, Runnable onFailure) {}
