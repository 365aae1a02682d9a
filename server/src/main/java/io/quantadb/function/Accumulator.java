package io.quantadb.function;

/**
 * The states of one aggregate for all groups of one aggregation, by group number: a column of states rather than
 * an object a group, so that the common ones live in primitive arrays. Confined to one thread.
 *
 * <p>The batch methods come in one form for each kind of vector. Row {@code i} of the batch is at
 * {@code selection[i]} (or {@code i} if selection is null), and belongs to group {@code groups[i]} (or group 0 if
 * groups
 * is null); {@code nulls} is indexed like the values and may be null if there are none. Their default goes through
 * {@link #add1}.
 */
public abstract class Accumulator {
    /**
     * Makes room for groups 0 to {@code count - 1}; new ones are in their initial state. Called with growing counts.
     */
    public abstract void ensureGroups(int count);

    /**
     * Takes one row's arguments, NULLs included; an aggregate whose transition is strict skips rows with nulls itself.
     *
     * @param arguments valid during the call only
     */
    public abstract void add(int group, Object[] arguments);

    private final Object[] single = new Object[1];

    /** As {@link #add} for aggregates of one argument. */
    public void add1(int group, Object argument) {
        single[0] = argument;
        add(group, single);
    }

    /** Takes rows of an aggregate without arguments: {@code count(*)}. */
    public void addRows(int[] groups, int count) {
        for (int i = 0; i < count; i++) {
            add(groups == null ? 0 : groups[i], NO_ARGUMENTS);
        }
    }

    /** Takes one argument of kind LONG or BOOL. */
    public void addLongs(int[] groups, long[] values, boolean[] nulls, int[] selection, int count) {
        for (int i = 0; i < count; i++) {
            int row = selection == null ? i : selection[i];
            add1(groups == null ? 0 : groups[i], nulls != null && nulls[row] ? null : boxLong(values[row]));
        }
    }

    /** Takes one argument of kind DOUBLE. */
    public void addDoubles(int[] groups, double[] values, boolean[] nulls, int[] selection, int count) {
        for (int i = 0; i < count; i++) {
            int row = selection == null ? i : selection[i];
            add1(groups == null ? 0 : groups[i], nulls != null && nulls[row] ? null : (Object) values[row]);
        }
    }

    /** Takes one argument of kind OBJECT; null elements are NULL. */
    public void addObjects(int[] groups, Object[] values, int[] selection, int count) {
        for (int i = 0; i < count; i++) {
            add1(groups == null ? 0 : groups[i], values[selection == null ? i : selection[i]]);
        }
    }

    /**
     * Takes numerics held as {@code value / 10^scale} in 64-bit integers.
     *
     * @param scale decimal digits after the point, for all values
     */
    public void addScaled(int[] groups, long[] values, int scale, boolean[] nulls, int[] selection, int count) {
        for (int i = 0; i < count; i++) {
            int row = selection == null ? i : selection[i];
            add1(groups == null ? 0 : groups[i], nulls != null && nulls[row] ? null
                    : io.quantadb.types.Numeric.of(values[row], scale));
        }
    }

    /** Boxes a primitive argument; BOOL aggregates override it. */
    protected Object boxLong(long value) {
        return value;
    }

    /** Values of the direct arguments of an ordered-set aggregate, before its first row and again before finishing. */
    public void directArguments(int group, Object[] arguments) {
    }

    /** Whether {@link #remove} works, for window frames whose start moves. */
    public boolean canRemove() {
        return false;
    }

    /** Undoes {@link #add} of the oldest row still contained. */
    public void remove(int group, Object[] arguments) {
        throw new UnsupportedOperationException(getClass().getName());
    }

    /** Puts a group back into its initial state. */
    public abstract void reset(int group);

    /**
     * Adds the state of a group of another accumulator of the same aggregate, whose rows come after ours.
     *
     * @throws UnsupportedOperationException if {@link #canCombine} says no
     */
    public void combine(int group, Accumulator other, int otherGroup) {
        throw new UnsupportedOperationException(getClass().getName());
    }

    public boolean canCombine() {
        return false;
    }

    /** The aggregate's value for a group; the state stays usable (window functions go on adding). */
    public abstract Object finish(int group);

    /** Rough heap bytes held by the states, for work_mem. */
    public abstract long memoryBytes();

    private static final Object[] NO_ARGUMENTS = {};
}
