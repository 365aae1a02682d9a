package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.MultirangeOps;
import io.quantadb.types.MultirangeValue;
import io.quantadb.types.PgType;
import io.quantadb.types.RangeOps;
import io.quantadb.types.RangeValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Constructors, accessors, operators and aggregates of range and multirange types. */
public final class RangeFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        constructors(registry);
        accessors(registry);
        comparisons(registry);
        relations(registry);
        sets(registry);
        aggregates(registry);
    }

    private static RangeValue range(Object value) {
        return (RangeValue) value;
    }

    /** A range stands for the multirange of itself. */
    private static MultirangeValue multi(Object value) {
        return value instanceof RangeValue r ? new MultirangeValue(r.subtype(), r.isEmpty() ? List.of() : List.of(r))
                : (MultirangeValue) value;
    }

    private static PgType subtype(PgType type) {
        return type.ops() instanceof MultirangeOps m ? m.range().subtype() : ((RangeOps) type.ops()).subtype();
    }

    private static void constructors(FunctionRegistry.Builder registry) {
        registry.scalarFactory("range_constructor2", site -> {
            PgType subtype = subtype(site.resultType());
            return (ScalarFunction.Fn2) (c, low, high) -> RangeValue.of(subtype, low, true, high, false);
        });
        registry.scalarFactory("range_constructor3", site -> {
            PgType subtype = subtype(site.resultType());
            return (ScalarFunction.Fn3) (c, low, high, flags) -> constructed(subtype, low, high, (String) flags);
        });
        registry.scalarFactory("multirange_constructor0", site -> {
            PgType subtype = subtype(site.resultType());
            return (ScalarFunction.Fn0) c -> MultirangeValue.of(subtype, List.of());
        });
        registry.scalarFactory("multirange_constructor1", site -> {
            PgType subtype = subtype(site.resultType());
            return (ScalarFunction.Fn1) (c, r) -> MultirangeValue.of(subtype, List.of(range(r)));
        });
        registry.scalarFactory("multirange_constructor2", site -> {
            PgType subtype = subtype(site.resultType());
            return (ScalarFunction.Fn1) (c, r) -> ofArray(subtype, (ArrayValue) r);
        });
    }

    private static RangeValue constructed(PgType subtype, Object low, Object high, String flags) {
        if (flags == null) {
            throw new SqlException(SqlState.DATA_EXCEPTION, "range constructor flags argument must not be null");
        }
        boolean valid = flags.length() == 2 && "[(".indexOf(flags.charAt(0)) >= 0 && "])".indexOf(flags.charAt(1)) >= 0;
        if (!valid) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "invalid range bound flags")
                    .withHint("Valid values are \"[]\", \"[)\", \"(]\", and \"()\".");
        }
        return RangeValue.of(subtype, low, flags.charAt(0) == '[', high, flags.charAt(1) == ']');
    }

    private static MultirangeValue ofArray(PgType subtype, ArrayValue array) {
        List<RangeValue> ranges = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i) == null) {
                throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED,
                        "multirange values cannot contain null members");
            }
            ranges.add(range(array.get(i)));
        }
        return MultirangeValue.of(subtype, ranges);
    }

    private static void accessors(FunctionRegistry.Builder registry) {
        for (String kind : new String[] {"range", "multirange"}) {
            registry.fn1(kind + "_lower", (c, r) -> multi(r).span().lower());
            registry.fn1(kind + "_upper", (c, r) -> multi(r).span().upper());
            registry.fn1(kind + "_empty", (c, r) -> multi(r).isEmpty());
            ask(registry, kind + "_lower_inc", RangeValue::lowerInclusive);
            ask(registry, kind + "_upper_inc", RangeValue::upperInclusive);
            ask(registry, kind + "_lower_inf", r -> !r.isEmpty() && r.lower() == null);
            ask(registry, kind + "_upper_inf", r -> !r.isEmpty() && r.upper() == null);
            registry.fn1("hash_" + kind, (c, r) -> (long) r.hashCode());
            registry.fn2("hash_" + kind + "_extended", (c, r, seed) -> r.hashCode() ^ (Long) seed);
        }
        registry.set("multirange_unnest", (c, a) -> SetFunction.RowCursor.ofValues(multi(a[0]).ranges().iterator()));
    }

    private static void ask(FunctionRegistry.Builder registry, String name, Predicate<RangeValue> question) {
        registry.fn1(name, (c, r) -> question.test(multi(r).span()));
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    private static void comparisons(FunctionRegistry.Builder registry) {
        for (String kind : new String[] {"range", "multirange"}) {
            registry.objectTest(kind + "_eq", (a, b) -> compare(a, b) == 0)
                    .objectTest(kind + "_ne", (a, b) -> compare(a, b) != 0)
                    .objectTest(kind + "_lt", (a, b) -> compare(a, b) < 0)
                    .objectTest(kind + "_le", (a, b) -> compare(a, b) <= 0)
                    .objectTest(kind + "_gt", (a, b) -> compare(a, b) > 0)
                    .objectTest(kind + "_ge", (a, b) -> compare(a, b) >= 0)
                    .fn2(kind + "_cmp", (c, a, b) -> (long) Integer.signum(compare(a, b)));
        }
    }

    private static void relations(FunctionRegistry.Builder registry) {
        relation(registry, "overlaps", MultirangeValue::overlaps);
        relation(registry, "contains", MultirangeValue::contains);
        relation(registry, "contained_by", (a, b) -> b.contains(a));
        relation(registry, "before", RangeFunctions::before);
        relation(registry, "after", (a, b) -> before(b, a));
        relation(registry, "overleft", (a, b) -> !a.isEmpty() && !b.isEmpty() && a.span().compareUpper(b.span()) <= 0);
        relation(registry, "overright", (a, b) -> !a.isEmpty() && !b.isEmpty()
                && a.span().compareLower(b.span()) >= 0);
        relation(registry, "adjacent", (a, b) -> !a.isEmpty() && !b.isEmpty() && a.span().isAdjacent(b.span()));
        for (String kind : new String[] {"range", "multirange"}) {
            registry.fn2(kind + "_contains_elem", (c, r, e) -> containsElement(multi(r), e));
            registry.fn2("elem_contained_by_" + kind, (c, e, r) -> containsElement(multi(r), e));
        }
    }

    private static boolean before(MultirangeValue a, MultirangeValue b) {
        return !a.isEmpty() && !b.isEmpty() && a.ranges().getLast().isBefore(b.ranges().getFirst());
    }

    private static boolean containsElement(MultirangeValue ranges, Object element) {
        return ranges.ranges().stream().anyMatch(r -> r.contains(element));
    }

    private static void relation(FunctionRegistry.Builder registry, String name,
            BiPredicate<MultirangeValue, MultirangeValue> test) {
        ScalarFunction.ObjectPredicate2 predicate = (a, b) -> test.test(multi(a), multi(b));
        registry.objectTest("range_" + name, predicate);
        for (String left : new String[] {"range", "multirange"}) {
            for (String right : new String[] {"range", "multirange"}) {
                if (left.equals("multirange") || right.equals("multirange")) {
                    registry.objectTest(left + "_" + name + "_" + right, predicate);
                }
            }
        }
    }

    private static void sets(FunctionRegistry.Builder registry) {
        registry.fn2("range_union", (c, a, b) -> {
            RangeValue left = range(a);
            RangeValue right = range(b);
            if (!left.isEmpty() && !right.isEmpty() && !left.overlaps(right) && !left.isAdjacent(right)) {
                throw new SqlException(SqlState.DATA_EXCEPTION, "result of range union would not be contiguous");
            }
            return left.merge(right);
        });
        registry.fn2("range_merge", (c, a, b) -> range(a).merge(range(b)));
        registry.fn1("range_merge_from_multirange", (c, a) -> multi(a).span());
        registry.fn2("range_intersect", (c, a, b) -> range(a).intersect(range(b)));
        registry.fn2("range_minus", (c, a, b) -> {
            List<RangeValue> rest = range(a).remainders(range(b));
            if (rest.size() > 1) {
                throw new SqlException(SqlState.DATA_EXCEPTION, "result of range difference would not be contiguous");
            }
            return rest.isEmpty() ? RangeValue.empty(range(a).subtype()) : rest.getFirst();
        });
        registry.fn2("multirange_union", (c, a, b) -> multi(a).union(multi(b)));
        registry.fn2("multirange_intersect", (c, a, b) -> multi(a).intersect(multi(b)));
        registry.fn2("multirange_minus", (c, a, b) -> multi(a).minus(multi(b)));
        registry.fn2("int4range_subdiff", (c, a, b) -> (double) ((Long) a - (Long) b));
        registry.fn2("int8range_subdiff", (c, a, b) -> (double) ((Long) a - (Long) b));
        registry.fn2("daterange_subdiff", (c, a, b) -> (double) ((Long) a - (Long) b));
        registry.fn2("tsrange_subdiff", (c, a, b) -> ((Long) a - (Long) b) / 1e6);
        registry.fn2("tstzrange_subdiff", (c, a, b) -> ((Long) a - (Long) b) / 1e6);
        registry.fn2("numrange_subdiff", (c, a, b) -> Args.numeric(a).subtract(Args.numeric(b)).doubleValue());
    }

    private static void aggregates(FunctionRegistry.Builder registry) {
        registry.aggregate("range_agg", site -> context -> new ObjectAccumulator<List<RangeValue>>() {
            @Override
            protected List<RangeValue> step(List<RangeValue> state, Object[] arguments) {
                List<RangeValue> all = state == null ? new ArrayList<>() : state;
                if (arguments[0] != null) {
                    all.addAll(multi(arguments[0]).ranges());
                }
                return all;
            }

            @Override
            protected Object result(List<RangeValue> state) {
                return state == null ? null : MultirangeValue.of(subtype(site.resultType()), state);
            }
        });
        registry.aggregate("range_intersect_agg", site -> context -> new ObjectAccumulator<Object>() {
            @Override
            protected Object step(Object state, Object[] arguments) {
                if (state == null || arguments[0] == null) {
                    return state == null ? arguments[0] : state;
                }
                return state instanceof RangeValue r ? r.intersect(range(arguments[0]))
                        : multi(state).intersect(multi(arguments[0]));
            }

            @Override
            protected Object result(Object state) {
                return state;
            }
        });
    }
}
