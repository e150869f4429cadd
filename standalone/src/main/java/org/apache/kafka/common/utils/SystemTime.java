package org.apache.kafka.common.utils;

import chat.milena.runtime.time.SteadyClock;
import chat.milena.runtime.time.Ticker;

/// The clock of all Kafka classes in this process. It replaces Kafka's own class of this name and equals it,
/// except that its milliseconds make no steps.
///
/// Kafka measures its timeouts, polls, punctuations and heartbeats in milliseconds of the machine's clock, and its
/// clients accept no other clock. See ADR 10.
final class SystemTime implements Time {
    private static final SystemTime SYSTEM_TIME = new SystemTime();

    private final SteadyClock clock = new SteadyClock(Ticker.system(), System::currentTimeMillis);

    private SystemTime() {}

    /// Kafka names it and calls it.
    public static SystemTime getSystemTime() {
        return SYSTEM_TIME;
    }

    @Override
    public long milliseconds() {
        return clock.millis();
    }

    @Override
    public long nanoseconds() {
        return System.nanoTime();
    }

    @Override
    public void sleep(long millis) {
        Utils.sleep(millis);
    }
}
