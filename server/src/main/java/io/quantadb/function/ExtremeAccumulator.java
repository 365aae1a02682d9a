package io.quantadb.function;

import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.TypeOps;
import java.util.Arrays;

/** min and max in the order of the type. */
final class ExtremeAccumulator extends Accumulator {
    private final boolean max;
    private final TypeOps ops;
    private final PgType type;
    private Object[] best = new Object[4];
    /** For types held as long whose order is that of longs: the current best, valid if {@code seen}. */
    private long[] bestLongs = new long[16];
    private boolean[] seen = new boolean[16];
    private final boolean plainLong;

    ExtremeAccumulator(boolean max, PgType type) {
        this.max = max;
        this.type = type;
        this.ops = type.ops();
        this.plainLong = type.kind() == PhysicalKind.LONG && type.typtype() != 'e';
    }

    @Override
    public void ensureGroups(int count) {
        if (plainLong) {
            if (count > seen.length) {
                int size = Math.max(count, seen.length * 2);
                seen = Arrays.copyOf(seen, size);
                bestLongs = Arrays.copyOf(bestLongs, size);
            }
        } else if (count > best.length) {
            best = Arrays.copyOf(best, Math.max(count, best.length * 2));
        }
    }

    private void addLong(int group, long value) {
        if (!seen[group]) {
            seen[group] = true;
            bestLongs[group] = value;
        } else {
            int order = ops.compareLong(value, bestLongs[group]);
            if (max ? order > 0 : order < 0) {
                bestLongs[group] = value;
            }
        }
    }

    @Override
    public void add(int group, Object[] arguments) {
        Object value = arguments[0];
        if (value == null) {
            return;
        }
        if (plainLong) {
            addLong(group, (Long) value);
            return;
        }
        Object old = best[group];
        if (old == null || (max ? ops.compare(value, old) > 0 : ops.compare(value, old) < 0)) {
            best[group] = value;
        }
    }

    @Override
    public void addLongs(int[] groups, long[] values, boolean[] nulls, int[] selection, int count) {
        if (!plainLong) {
            super.addLongs(groups, values, nulls, selection, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int row = selection == null ? i : selection[i];
            if (nulls == null || !nulls[row]) {
                addLong(groups == null ? 0 : groups[i], values[row]);
            }
        }
    }

    @Override
    protected Object boxLong(long value) {
        return type.ops().box(value);
    }

    @Override
    public void reset(int group) {
        if (plainLong) {
            seen[group] = false;
        } else {
            best[group] = null;
        }
    }

    @Override
    public boolean canCombine() {
        return true;
    }

    @Override
    public void combine(int group, Accumulator other, int otherGroup) {
        add1(group, other.finish(otherGroup));
    }

    @Override
    public Object finish(int group) {
        return plainLong ? seen[group] ? (Object) bestLongs[group] : null : best[group];
    }

    @Override
    public long memoryBytes() {
        return plainLong ? 9L * seen.length : 40L * best.length;
    }
}
