package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * All implementations the server has, by PostgreSQL's internal names. Built once at start, then immutable and
 * thread-safe.
 *
 * <p>Scalar and set-returning functions and window functions are found by {@code pg_proc.prosrc}; aggregates, which all
 * share one prosrc there, by {@code proname}, and bind by argument types.
 */
public final class FunctionRegistry {
    private final Map<String, ScalarFunction.Factory> scalars;
    private final Map<String, SetFunction.Factory> sets;
    private final Map<String, AggregateFunction.Factory> aggregates;
    private final Map<String, WindowFunction.Factory> windows;

    private FunctionRegistry(Builder builder) {
        scalars = Map.copyOf(builder.scalars);
        sets = Map.copyOf(builder.sets);
        aggregates = Map.copyOf(builder.aggregates);
        windows = Map.copyOf(builder.windows);
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean hasScalar(String prosrc) {
        return scalars.containsKey(prosrc);
    }

    public boolean hasSet(String prosrc) {
        return sets.containsKey(prosrc);
    }

    public boolean hasAggregate(String name) {
        return aggregates.containsKey(name);
    }

    public boolean hasWindow(String prosrc) {
        return windows.containsKey(prosrc);
    }

    /** @throws SqlException 0A000 if this server has no implementation */
    public ScalarFunction scalar(String prosrc, CallSite site) {
        return require(scalars.get(prosrc), site).bind(site);
    }

    /** @throws SqlException 0A000 if this server has no implementation */
    public SetFunction set(String prosrc, CallSite site) {
        return require(sets.get(prosrc), site).bind(site);
    }

    /** @throws SqlException 0A000 if this server has no implementation */
    public AggregateFunction aggregate(String name, CallSite site) {
        return require(aggregates.get(name), site).bind(site);
    }

    /** @throws SqlException 0A000 if this server has no implementation */
    public WindowFunction window(String prosrc, CallSite site) {
        return require(windows.get(prosrc), site).bind(site);
    }

    public Set<String> scalarNames() {
        return scalars.keySet();
    }

    public Set<String> setNames() {
        return sets.keySet();
    }

    private static <T> T require(T found, CallSite site) {
        if (found == null) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
                    "function \"" + site.name() + "\" is not supported");
        }
        return found;
    }

    /** Collects implementations; a name registered twice in one family is a bug and is refused. */
    public static final class Builder {
        private final Map<String, ScalarFunction.Factory> scalars = new HashMap<>();
        private final Map<String, SetFunction.Factory> sets = new HashMap<>();
        private final Map<String, AggregateFunction.Factory> aggregates = new HashMap<>();
        private final Map<String, WindowFunction.Factory> windows = new HashMap<>();

        /** Adds a family of functions. */
        public Builder with(Library library) {
            library.register(this);
            return this;
        }

        public Builder fn0(String prosrc, ScalarFunction.Fn0 function) {
            return scalar(prosrc, function);
        }

        public Builder fn1(String prosrc, ScalarFunction.Fn1 function) {
            return scalar(prosrc, function);
        }

        public Builder fn2(String prosrc, ScalarFunction.Fn2 function) {
            return scalar(prosrc, function);
        }

        public Builder fn3(String prosrc, ScalarFunction.Fn3 function) {
            return scalar(prosrc, function);
        }

        public Builder fnN(String prosrc, ScalarFunction.FnN function) {
            return scalar(prosrc, function);
        }

        public Builder long1(String prosrc, ScalarFunction.LongFn1 function) {
            return scalar(prosrc, function);
        }

        public Builder long2(String prosrc, ScalarFunction.LongFn2 function) {
            return scalar(prosrc, function);
        }

        public Builder double1(String prosrc, ScalarFunction.DoubleFn1 function) {
            return scalar(prosrc, function);
        }

        public Builder double2(String prosrc, ScalarFunction.DoubleFn2 function) {
            return scalar(prosrc, function);
        }

        public Builder doubleTest(String prosrc, ScalarFunction.DoublePredicate2 function) {
            return scalar(prosrc, function);
        }

        public Builder objectTest(String prosrc, ScalarFunction.ObjectPredicate2 function) {
            return scalar(prosrc, function);
        }

        public Builder scalar(String prosrc, ScalarFunction function) {
            return scalarFactory(prosrc, site -> function);
        }

        /** For functions that look at the types they are called with. */
        public Builder scalarFactory(String prosrc, ScalarFunction.Factory factory) {
            return put(scalars, prosrc, factory);
        }

        public Builder set(String prosrc, SetFunction function) {
            return setFactory(prosrc, site -> function);
        }

        public Builder setFactory(String prosrc, SetFunction.Factory factory) {
            return put(sets, prosrc, factory);
        }

        /** @param name {@code pg_proc.proname} */
        public Builder aggregate(String name, AggregateFunction.Factory factory) {
            return put(aggregates, name, factory);
        }

        public Builder window(String prosrc, WindowFunction.Factory factory) {
            return put(windows, prosrc, factory);
        }

        public FunctionRegistry build() {
            return new FunctionRegistry(this);
        }

        private <T> Builder put(Map<String, T> map, String name, T value) {
            if (map.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("function " + name + " is registered twice");
            }
            return this;
        }
    }

    /** A family of implementations that registers itself. */
    @FunctionalInterface
    public interface Library {
        void register(Builder registry);
    }
}
