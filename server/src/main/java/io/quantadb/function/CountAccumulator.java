package io.quantadb.function;

import java.util.Arrays;

/** count(*) and count(x). */
final class CountAccumulator extends Accumulator {
    private final boolean star;
    private long[] counts = new long[16];

    CountAccumulator(boolean star) {
        this.star = star;
    }

    @Override
    public void ensureGroups(int count) {
        if (count > counts.length) {
            counts = Arrays.copyOf(counts, Math.max(count, counts.length * 2));
        }
    }

    @Override
    public void add(int group, Object[] arguments) {
        if (star || arguments[0] != null) {
            counts[group]++;
        }
    }

    @Override
    public void addRows(int[] groups, int count) {
        if (groups == null) {
            counts[0] += count;
            return;
        }
        int start = 0;
        while (start < count) {
            int end = LongSum.runEnd(groups, start, count);
            counts[groups[start]] += end - start;
            start = end;
        }
    }

    private void addUnlessNull(int[] groups, boolean[] nulls, int[] selection, int count) {
        if (nulls == null) {
            addRows(groups, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            if (!nulls[selection == null ? i : selection[i]]) {
                counts[groups == null ? 0 : groups[i]]++;
            }
        }
    }

    @Override
    public void addLongs(int[] groups, long[] values, boolean[] nulls, int[] selection, int count) {
        addUnlessNull(groups, nulls, selection, count);
    }

    @Override
    public void addDoubles(int[] groups, double[] values, boolean[] nulls, int[] selection, int count) {
        addUnlessNull(groups, nulls, selection, count);
    }

    @Override
    public void addScaled(int[] groups, long[] values, int scale, boolean[] nulls, int[] selection, int count) {
        addUnlessNull(groups, nulls, selection, count);
    }

    @Override
    public void addObjects(int[] groups, Object[] values, int[] selection, int count) {
        for (int i = 0; i < count; i++) {
            if (values[selection == null ? i : selection[i]] != null) {
                counts[groups == null ? 0 : groups[i]]++;
            }
        }
    }

    @Override
    public boolean canRemove() {
        return true;
    }

    @Override
    public void remove(int group, Object[] arguments) {
        if (star || arguments[0] != null) {
            counts[group]--;
        }
    }

    @Override
    public void reset(int group) {
        counts[group] = 0;
    }

    @Override
    public boolean canCombine() {
        return true;
    }

    @Override
    public void combine(int group, Accumulator other, int otherGroup) {
        counts[group] += ((CountAccumulator) other).counts[otherGroup];
    }

    @Override
    public Object finish(int group) {
        return counts[group];
    }

    @Override
    public long memoryBytes() {
        return 8L * counts.length;
    }
}
