package io.quantadb.function;

import java.util.Arrays;

/**
 * Base of aggregates whose state is an object for each group: the easy way to write one.
 *
 * @param <S> state of a group; null is the initial state
 */
public abstract class ObjectAccumulator<S> extends Accumulator {
    private Object[] states = new Object[4];

    /**
     * The state after one more row. May change and return the old one. {@code arguments} are valid in the call only.
     */
    protected abstract S step(S state, Object[] arguments);

    /** The result; {@code state} is null if no row came. It must not be changed. */
    protected abstract Object result(S state);

    /** Rough heap bytes of one state. */
    protected long stateBytes(S state) {
        return 64;
    }

    @Override
    public final void ensureGroups(int count) {
        if (count > states.length) {
            states = Arrays.copyOf(states, Math.max(count, states.length * 2));
        }
    }

    @SuppressWarnings("unchecked")
    protected final S state(int group) {
        return (S) states[group];
    }

    @Override
    public final void add(int group, Object[] arguments) {
        states[group] = step(state(group), arguments);
    }

    @Override
    public void reset(int group) {
        states[group] = null;
    }

    @Override
    public Object finish(int group) {
        return result(state(group));
    }

    @Override
    public long memoryBytes() {
        long bytes = 8L * states.length;
        int step = Math.max(1, states.length / 64);
        long sampled = 0;
        int samples = 0;
        for (int i = 0; i < states.length; i += step) {
            if (states[i] != null) {
                sampled += stateBytes(state(i));
                samples++;
            }
        }
        return samples == 0 ? bytes : bytes + sampled * step;
    }
}
