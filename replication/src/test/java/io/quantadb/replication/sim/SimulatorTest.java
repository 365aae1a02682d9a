package io.quantadb.replication.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Goal: no sequence of faults makes the cluster break a promise. Method: many seeds of {@link Simulation}; and bugs
 * planted one at a time, each of which has to be found.
 *
 * <p>{@code -Dquantadb.sim.seeds=N} runs more or fewer seeds, {@code -Dquantadb.sim.seed=S} one, with its trace.
 */
class SimulatorTest {
    private static final int SEEDS = Integer.getInteger("quantadb.sim.seeds", 20_000);
    private static final int PLANTED_SEEDS = 4_000;
    private static final int TRACE_LENGTH = 12_000;

    @Test
    void shouldKeepEveryPromiseUnderEverySeed() throws InterruptedException {
        Long only = Long.getLong("quantadb.sim.seed");
        if (only != null) {
            Violation violation = runTraced(only, Planted.NONE, Integer.MAX_VALUE);
            if (violation != null) {
                throw violation;
            }
            return;
        }
        AtomicLong next = new AtomicLong();
        AtomicLong failed = new AtomicLong(Long.MAX_VALUE);
        AtomicLong events = new AtomicLong();
        AtomicLong acknowledged = new AtomicLong();
        long start = System.nanoTime();
        onAllCores(() -> {
            long seed = next.getAndIncrement();
            while (seed < SEEDS && failed.get() == Long.MAX_VALUE) {
                Simulation simulation = new Simulation(seed, Planted.NONE, null);
                try {
                    simulation.run();
                } catch (RuntimeException e) {
                    long bad = seed;
                    failed.accumulateAndGet(bad, Math::min);
                }
                events.addAndGet(simulation.events());
                acknowledged.addAndGet(simulation.checker().acknowledgements());
                seed = next.getAndIncrement();
            }
        });
        System.err.printf("%d seeds, %.1f ms a seed (all cores), %d events, %d commits acknowledged%n", next.get() - 1,
                (System.nanoTime() - start) / 1e6 / Math.max(1, next.get() - 1), events.get(), acknowledged.get());
        if (failed.get() != Long.MAX_VALUE) {
            Violation violation = runTraced(failed.get(), Planted.NONE, TRACE_LENGTH);
            fail("seed " + failed.get() + ": " + (violation == null ? "did not fail again" : violation.getMessage()));
        }
    }

    private static void onAllCores(Runnable work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    failure.set(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }

    /** Replays a seed and prints the end of its trace. */
    private static Violation runTraced(long seed, Planted planted, int length) {
        StringBuilder trace = new StringBuilder();
        Violation violation = null;
        try {
            new Simulation(seed, planted, trace).run();
        } catch (Violation e) {
            violation = e;
        }
        System.err.println("seed " + seed + ", planted " + planted + ", end of the trace:");
        System.err.println(trace.substring(Math.max(0, trace.length() - length)));
        System.err.println(violation == null ? "no violation" : violation.getMessage());
        return violation;
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldFindThePlantedBug(Planted planted) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        AtomicReference<String> found = new AtomicReference<>();
        AtomicLong tried = new AtomicLong();
        onAllCores(() -> {
            long seed = next.getAndIncrement();
            while (seed < PLANTED_SEEDS && found.get() == null) {
                tried.incrementAndGet();
                try {
                    new Simulation(seed, planted, null).run();
                } catch (Violation e) {
                    found.compareAndSet(null, "seed " + seed + ": " + e.getMessage());
                }
                seed = next.getAndIncrement();
            }
        });
        System.err.println(planted + " found after " + tried + " seeds: " + found);
        assertNotNull(found.get(), planted + " was not found in " + PLANTED_SEEDS + " seeds");
    }

    @Test
    void shouldReplayASeedExactly() {
        for (long seed = 0; seed < 5; seed++) {
            StringBuilder first = new StringBuilder();
            StringBuilder second = new StringBuilder();
            run(seed, first);
            run(seed, second);
            assertEquals(first.toString(), second.toString());
        }
    }

    private static void run(long seed, StringBuilder trace) {
        try {
            new Simulation(seed, Planted.NONE, trace).run();
        } catch (Violation e) {
            trace.append(e.getMessage());
        }
    }
}
