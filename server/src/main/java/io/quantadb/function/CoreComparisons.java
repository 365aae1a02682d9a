package io.quantadb.function;

import io.quantadb.types.ByteString;
import io.quantadb.types.Numeric;
import io.quantadb.types.PgType;
import io.quantadb.types.TypeOps;
import java.util.function.IntPredicate;

/** Comparison operators of the types that expressions, keys and joins use most. */
public final class CoreComparisons implements FunctionRegistry.Library {
    private static final String[] SUFFIXES = {"eq", "ne", "lt", "le", "gt", "ge"};
    private static final IntPredicate[] TESTS = {o -> o == 0, o -> o != 0, o -> o < 0, o -> o <= 0, o -> o > 0,
        o -> o >= 0};

    @Override
    public void register(FunctionRegistry.Builder registry) {
        for (String prefix : new String[] {"int2", "int4", "int8", "int24", "int42", "int28", "int82", "int48",
            "int84", "oid", "bool", "date_", "timestamp_", "time_", "cash_"}) {
            registerLongs(registry, prefix);
        }
        registerUnsigned(registry, "pg_lsn_");
        registerUnsigned(registry, "xid8");
        registry.long2("xideq", (a, b) -> a == b ? 1 : 0).long2("xidneq", (a, b) -> a != b ? 1 : 0)
                .long2("cideq", (a, b) -> a == b ? 1 : 0);
        for (String prefix : new String[] {"float8", "float4", "float48", "float84"}) {
            for (int i = 0; i < SUFFIXES.length; i++) {
                IntPredicate test = TESTS[i];
                registry.doubleTest(prefix + SUFFIXES[i], (a, b) -> test.test(compareDouble(a, b)));
            }
        }
        registerTexts(registry);
        registerObjects(registry, "numeric_", (a, b) -> ((Numeric) a).compareTo((Numeric) b));
        registerObjects(registry, "bytea", (a, b) -> ((ByteString) a).compareTo((ByteString) b));
        for (String prefix : new String[] {"uuid_", "interval_", "timetz_", "tid", "bpchar", "array_", "record_",
            "enum_", "char", "jsonb_"}) {
            registerByType(registry, prefix);
        }
        registerThreeWay(registry);
    }

    /** PostgreSQL's order of floats: NaN equals NaN and is above everything else, -0 equals 0. */
    public static int compareDouble(double a, double b) {
        if (a < b) {
            return -1;
        }
        if (a > b) {
            return 1;
        }
        return a == b ? 0 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    /** Code-point order, which {@link String#compareTo} is not for surrogates. */
    public static int compareText(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean high = Character.isSurrogate(x);
                return high != Character.isSurrogate(y) ? (high ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static void registerLongs(FunctionRegistry.Builder registry, String prefix) {
        registry.long2(prefix + "eq", (a, b) -> a == b ? 1 : 0).long2(prefix + "ne", (a, b) -> a != b ? 1 : 0)
                .long2(prefix + "lt", (a, b) -> a < b ? 1 : 0).long2(prefix + "le", (a, b) -> a <= b ? 1 : 0)
                .long2(prefix + "gt", (a, b) -> a > b ? 1 : 0).long2(prefix + "ge", (a, b) -> a >= b ? 1 : 0);
    }

    private static void registerUnsigned(FunctionRegistry.Builder registry, String prefix) {
        for (int i = 0; i < SUFFIXES.length; i++) {
            IntPredicate test = TESTS[i];
            registry.long2(prefix + SUFFIXES[i], (a, b) -> test.test(Long.compareUnsigned(a, b)) ? 1 : 0);
        }
    }

    private static void registerTexts(FunctionRegistry.Builder registry) {
        registry.objectTest("texteq", Object::equals).objectTest("textne", (a, b) -> !a.equals(b));
        registry.objectTest("nameeq", Object::equals).objectTest("namene", (a, b) -> !a.equals(b));
        registry.objectTest("nameeqtext", Object::equals).objectTest("namenetext", (a, b) -> !a.equals(b));
        registry.objectTest("texteqname", Object::equals).objectTest("textnename", (a, b) -> !a.equals(b));
        for (int i = 2; i < SUFFIXES.length; i++) {
            IntPredicate test = TESTS[i];
            ScalarFunction.ObjectPredicate2 function = (a, b) -> test.test(compareText((String) a, (String) b));
            registry.objectTest("text_" + SUFFIXES[i], function).objectTest("name" + SUFFIXES[i], function)
                    .objectTest("name" + SUFFIXES[i] + "text", function)
                    .objectTest("text" + SUFFIXES[i] + "name", function)
                    .objectTest("text_pattern_" + SUFFIXES[i], function);
        }
    }

    private interface ObjectOrder {
        int compare(Object a, Object b);
    }

    private static void registerObjects(FunctionRegistry.Builder registry, String prefix, ObjectOrder order) {
        for (int i = 0; i < SUFFIXES.length; i++) {
            IntPredicate test = TESTS[i];
            registry.objectTest(prefix + SUFFIXES[i], (a, b) -> test.test(order.compare(a, b)));
        }
    }

    /** Types whose order is that of their TypeOps. */
    private static void registerByType(FunctionRegistry.Builder registry, String prefix) {
        for (int i = 0; i < SUFFIXES.length; i++) {
            IntPredicate test = TESTS[i];
            registry.scalarFactory(prefix + SUFFIXES[i], site -> byType(site.argumentType(0), test));
        }
    }

    private static ScalarFunction byType(PgType type, IntPredicate test) {
        TypeOps ops = type.ops();
        return switch (type.kind()) {
            case LONG, BOOL -> (ScalarFunction.LongFn2) (a, b) -> test.test(ops.compareLong(a, b)) ? 1 : 0;
            case DOUBLE -> (ScalarFunction.DoublePredicate2) (a, b) -> test.test(ops.compareDouble(a, b));
            case OBJECT -> (ScalarFunction.ObjectPredicate2) (a, b) -> test.test(ops.compare(a, b));
        };
    }

    /** The btree support functions, which SQL can call too. */
    private static void registerThreeWay(FunctionRegistry.Builder registry) {
        for (String name : new String[] {"btint2cmp", "btint4cmp", "btint8cmp", "btint24cmp", "btint42cmp",
            "btint28cmp", "btint82cmp", "btint48cmp", "btint84cmp", "btoidcmp", "btboolcmp", "date_cmp",
            "timestamp_cmp", "time_cmp", "cash_cmp"}) {
            registry.long2(name, (a, b) -> Long.compare(a, b));
        }
        for (String name : new String[] {"bttextcmp", "btnamecmp", "byteacmp", "numeric_cmp", "uuid_cmp",
            "interval_cmp", "timetz_cmp", "bpcharcmp", "btarraycmp", "btrecordcmp", "btfloat8cmp", "btfloat4cmp",
            "btcharcmp", "enum_cmp", "bttidcmp", "jsonb_cmp"}) {
            registry.scalarFactory(name, site -> {
                TypeOps ops = site.argumentType(0).ops();
                return (ScalarFunction.Fn2) (c, a, b) -> (long) Integer.signum(ops.compare(a, b));
            });
        }
    }
}
