package org.apache.kafka.common.utils;

import chat.milena.runtime.time.SteadyClock;
import chat.milena.runtime.time.Ticker;

/// What all of Kafka in this process goes by, in place of Kafka's own class of this name: the same, but that its
/// milliseconds make no steps.
///
/// Kafka counts its timeouts, polls, punctuations and heartbeats in milliseconds of the machine's clock, and has no way
/// to give its clients another one. See ADR 10.
final class SystemTime implements Time {
    private static final SystemTime SYSTEM_TIME = new SystemTime();

    private final SteadyClock clock = new SteadyClock(Ticker.system(), System::currentTimeMillis);

    private SystemTime() {}

    /// Named and called by Kafka.
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
