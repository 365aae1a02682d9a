package io.quantadb.it.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A model of a snapshot-isolated store of lists, driven by a seed, with mistakes that can be switched on: makes long
 * histories of known quality.
 */
final class SnapshotStore {
    /** What it does wrong. */
    enum Mistake {
        NONE,
        /** Each read takes a snapshot of its own. */
        READ_COMMITTED,
        /** The second of two overlapping writers overwrites the first. */
        LOST_UPDATE,
        /** Readers see what is not committed, and may be rolled back. */
        DIRTY_READ,
        /** Now and then a snapshot is old. */
        OLD_SNAPSHOT,
        /** Now and then an acknowledged commit is not there. */
        LOST_COMMIT
    }

    private static final int KEYS = 6;
    private static final int PROCESSES = 6;

    private final Mistake mistake;
    private final Random random;
    private final History history = new History();
    /** Committed states; the index is the commit number. */
    private final List<Map<Long, List<Long>>> versions = new ArrayList<>(List.of(Map.of()));
    private final Map<Long, Integer> lastChange = new HashMap<>();
    private final Map<Long, List<Long>> uncommitted = new HashMap<>();
    private long now;
    private long nextValue;

    private final class Open {
        final long invoked = ++now;
        int snapshot = versions.size() - 1;
        final Map<Long, List<Long>> own = new HashMap<>();
        final Set<Long> touched = new HashSet<>();
        final List<Action> actions = new ArrayList<>();
        int left = 1 + random.nextInt(4);
    }

    private SnapshotStore(Mistake mistake, long seed) {
        this.mistake = mistake;
        random = new Random(seed);
    }

    static History run(Mistake mistake, long seed, int steps) {
        return new SnapshotStore(mistake, seed).run(steps);
    }

    private History run(int steps) {
        Open[] open = new Open[PROCESSES];
        for (int i = 0; i < steps; i++) {
            int process = random.nextInt(PROCESSES);
            if (open[process] == null) {
                open[process] = new Open();
                if (mistake == Mistake.OLD_SNAPSHOT && random.nextInt(10) == 0) {
                    open[process].snapshot = Math.max(0, open[process].snapshot - 3);
                }
            } else if (open[process].left-- > 0) {
                step(open[process]);
            } else {
                finish(process, open[process]);
                open[process] = null;
            }
        }
        return history;
    }

    private void step(Open txn) {
        long key = random.nextInt(KEYS);
        if (mistake == Mistake.READ_COMMITTED && txn.touched.isEmpty()) {
            txn.snapshot = versions.size() - 1;
        }
        List<Long> committed = versions.get(txn.snapshot).getOrDefault(key, List.of());
        if (mistake == Mistake.DIRTY_READ && !txn.touched.contains(key)) {
            committed = uncommitted.getOrDefault(key, committed);
        }
        List<Long> current = txn.own.getOrDefault(key, committed);
        if (random.nextBoolean()) {
            txn.actions.add(new Action.ReadList(key, current));
        } else {
            List<Long> longer = new ArrayList<>(current);
            longer.add(++nextValue);
            txn.own.put(key, longer);
            txn.touched.add(key);
            uncommitted.put(key, longer);
            txn.actions.add(new Action.Append(key, nextValue));
        }
    }

    private void finish(int process, Open txn) {
        boolean conflict = txn.touched.stream().anyMatch(key -> lastChange.getOrDefault(key, 0) > txn.snapshot);
        boolean fails = random.nextInt(20) == 0 || (conflict && mistake != Mistake.LOST_UPDATE);
        txn.touched.forEach(uncommitted::remove);
        if (!fails && !txn.touched.isEmpty() && !(mistake == Mistake.LOST_COMMIT && random.nextInt(20) == 0)) {
            Map<Long, List<Long>> next = new HashMap<>(versions.getLast());
            next.putAll(txn.own);
            versions.add(next);
            txn.touched.forEach(key -> lastChange.put(key, versions.size() - 1));
        }
        boolean uncertain = random.nextInt(30) == 0 && !fails;
        history.add(process, "n1", true, Level.REPEATABLE_READ, txn.invoked, ++now,
            fails ? Outcome.FAIL : uncertain ? Outcome.INFO : Outcome.OK, txn.actions);
    }
}
