package io.quantadb.session;

import io.quantadb.executor.operator.PreparedPlan;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Idle operator trees of one statement. Safe for use by many threads; each tree is used by one at a time. */
final class PlanPool {
    /** As many as there are likely to be threads running the statement at the same time. */
    private static final int SIZE = 4;

    private final AtomicReferenceArray<PreparedPlan> idle = new AtomicReferenceArray<>(SIZE);

    /** Null if none is idle. */
    PreparedPlan take() {
        for (int i = 0; i < SIZE; i++) {
            if (idle.getPlain(i) != null) {
                PreparedPlan plan = idle.getAndSet(i, null);
                if (plan != null) {
                    return plan;
                }
            }
        }
        return null;
    }

    void give(PreparedPlan plan) {
        for (int i = 0; i < SIZE; i++) {
            if (idle.getPlain(i) == null && idle.compareAndSet(i, null, plan)) {
                return;
            }
        }
    }
}
