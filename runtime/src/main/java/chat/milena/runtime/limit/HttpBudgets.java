package chat.milena.runtime.limit;

import chat.milena.runtime.limit.Budget.Bounds;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// The memory that the calls of a process may hold: bodies in progress, and answers until they are written. A user
/// may hold an eighth, and a tenant its share while there are others.
///
/// @param bodies bytes of bodies received so far
/// @param answers bytes of answers: the maximum from the start of the call, then the actual size
public record HttpBudgets(Budget bodies, Budget answers) {
    private static final int USERS_PART = 8;
    private static final int TENANT_PERCENT = 50;

    /// Budgets of these sizes, with gauges of what is held.
    ///
    /// @param bodyBytesMax bytes of bodies
    /// @param answerBytesMax bytes of answers
    public static HttpBudgets of(long bodyBytesMax, long answerBytesMax, MeterRegistry meters) {
        HttpBudgets budgets = new HttpBudgets(budget(bodyBytesMax), budget(answerBytesMax));
        Gauge.builder("milena.http.body.bytes", budgets.bodies(), Budget::held)
                .description("Bytes of request bodies in progress")
                .register(meters);
        Gauge.builder("milena.http.answer.bytes", budgets.answers(), Budget::held)
                .description("Bytes of answers in progress, at their actual or maximum size")
                .register(meters);
        return budgets;
    }

    private static Budget budget(long bytesMax) {
        return new Budget(Bounds.of(bytesMax, TENANT_PERCENT).withUser(Math.max(1, bytesMax / USERS_PART)));
    }
}
