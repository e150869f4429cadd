package chat.milena.bench.load;

import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Notices;
import java.util.concurrent.atomic.LongAdder;

/// Measures the sends of one step whose index is at or above `measuredFrom` and ignores the others. Thread-safe.
public final class StepMeter {
    private volatile Schedule schedule;
    private final long firstIndex;
    private final long measuredFrom;
    private final long measuredStartNanos;
    private volatile long measuredEndNanos;
    private final int deliveriesEach;
    private final Latencies delivery = new Latencies();
    private final Latencies ack = new Latencies();
    private final Latencies behind = new Latencies();
    private final LongAdder sent = new LongAdder();
    private final LongAdder acked = new LongAdder();
    private final LongAdder ackedInTime = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder deliveredInTime = new LongAdder();
    private final Notices refused = new Notices();

    /// @param deliveriesEach the number of deliveries of each message
    public StepMeter(Schedule schedule, long firstIndex, long unmeasured, int deliveriesEach) {
        this.schedule = schedule;
        this.firstIndex = firstIndex;
        this.measuredFrom = firstIndex + unmeasured;
        this.measuredStartNanos = schedule.dueNanos(unmeasured);
        this.measuredEndNanos = schedule.dueNanos(schedule.count());
        this.deliveriesEach = deliveriesEach;
    }

    /// Ends the step early, after this many sends; at least one of them is measured.
    public void cut(long sends) {
        schedule = schedule.withCount(Math.max(sends, measuredFrom - firstIndex + 1));
        measuredEndNanos = schedule.dueNanos(schedule.count());
    }

    public Schedule schedule() {
        return schedule;
    }

    public void sent(long index) {
        if (measures(index)) {
            sent.increment();
        }
    }

    public void acked(long index, long nowNanos, long writtenNanos) {
        if (inTime(nowNanos)) {
            ackedInTime.increment();
        }
        if (measures(index)) {
            acked.increment();
            long due = schedule.dueNanos(index - firstIndex);
            ack.record(nowNanos - due);
            behind.record(writtenNanos - due);
        }
    }

    public void delivered(long index, long nowNanos) {
        if (inTime(nowNanos)) {
            deliveredInTime.increment();
        }
        if (measures(index)) {
            delivered.increment();
            delivery.record(nowNanos - schedule.dueNanos(index - firstIndex));
        }
    }

    public void refused(long index, String code) {
        if (measures(index)) {
            refused.add(code);
        }
    }

    public boolean settled() {
        return acked.sum() + refused.total() >= sent.sum() && delivered.sum() >= acked.sum() * deliveriesEach;
    }

    /// The figures of the step.
    ///
    /// @param violations of the contract during the step
    /// @param lostSockets during the step
    public StepResult result(MachineUse machine, long violations, long lostSockets) {
        double seconds = (schedule.count() - (measuredFrom - firstIndex)) / schedule.perSecond();
        return new StepResult(
                schedule.perSecond(),
                ackedInTime.sum() / seconds,
                deliveredInTime.sum() / seconds,
                seconds,
                sent.sum(),
                acked.sum(),
                delivered.sum(),
                Math.max(0, acked.sum() * deliveriesEach - delivered.sum()),
                refused.counts(),
                violations,
                lostSockets,
                delivery.summary(),
                ack.summary(),
                behind.summary(),
                machine);
    }

    private boolean inTime(long nowNanos) {
        return nowNanos - measuredStartNanos >= 0 && nowNanos - measuredEndNanos < 0;
    }

    private boolean measures(long index) {
        return index >= measuredFrom && index < firstIndex + schedule.count();
    }
}
