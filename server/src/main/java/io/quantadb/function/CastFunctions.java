package io.quantadb.function;

import static io.quantadb.function.Args.bool;
import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.types.ByteArraySink;
import io.quantadb.types.ByteString;
import io.quantadb.types.Numeric;
import io.quantadb.types.PgType;
import io.quantadb.types.TypeOps;

/** Casts between the string types, "char", money, enum helpers, length coercions, and the send functions. */
public final class CastFunctions implements FunctionRegistry.Library {
    private static final int NAME_BYTES_MAX = 63;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerLengths(registry);
        registerStrings(registry);
        registerMoney(registry);
        registerEnums(registry);
        registerSends(registry);
        registerSmall(registry);
    }

    /** {@code (value, typmod, explicit)} and, for types where a cast cannot lose silently, {@code (value, typmod)}. */
    private static void registerLengths(FunctionRegistry.Builder registry) {
        for (String name : new String[] {"bpchar", "varchar", "bit", "varbit"}) {
            registry.scalarFactory(name, site -> {
                TypeOps ops = site.resultType().ops();
                return (ScalarFunction.Fn3) (c, a, typmod, explicit) -> ops.applyTypmod(a, int4(typmod),
                        bool(explicit));
            });
        }
        for (String name : new String[] {"numeric", "interval_scale", "time_scale", "timetz_scale", "timestamp_scale",
            "timestamptz_scale"}) {
            registry.scalarFactory(name, site -> {
                TypeOps ops = site.resultType().ops();
                return (ScalarFunction.Fn2) (c, a, typmod) -> ops.applyTypmod(a, int4(typmod), true);
            });
        }
    }

    private static void registerStrings(FunctionRegistry.Builder registry) {
        registry.fn1("booltext", (c, a) -> bool(a) ? "true" : "false");
        registry.fn1("name_text", (c, a) -> a).fn1("name_bpchar", (c, a) -> a);
        registry.fn1("text_name", (c, a) -> truncateName(text(a)));
        registry.fn1("bpchar_name", (c, a) -> truncateName(Args.trimBlanks(a)));
        registry.fn1("char_text", (c, a) -> a).fn1("char_bpchar", (c, a) -> a);
        registry.fn1("text_char", (c, a) -> firstByte(text(a)));
        registry.fn1("chartoi4", (c, a) -> text(a).isEmpty() ? 0L : (long) (byte) charCode(text(a)));
        registry.fn1("i4tochar", (c, a) -> {
            long code = num(a);
            if (code < -128 || code > 127) {
                throw CoreArithmetic.outOfRange("\"char\"");
            }
            return code == 0 ? "" : charOf((int) code & 0xFF);
        });
        registry.fn2("nameconcatoid", (c, a, oid) -> {
            String suffix = "_" + num(oid);
            String name = text(a);
            while (Args.utf8Length(name) + suffix.length() > NAME_BYTES_MAX) {
                name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
            }
            return name + suffix;
        });
        for (String[] pattern : new String[][] {{"lt", "-1"}, {"le", "0"}, {"gt", "1"}, {"ge", "0"}}) {
            int wanted = Integer.parseInt(pattern[1]);
            boolean orLess = pattern[0].equals("le");
            boolean orMore = pattern[0].equals("ge");
            registry.objectTest("bpchar_pattern_" + pattern[0], (a, b) -> {
                int order = Integer.signum(CoreComparisons.compareText(Args.trimBlanks(a), Args.trimBlanks(b)));
                return order == wanted || orLess && order < 0 || orMore && order > 0;
            });
        }
        registry.fn2("btbpchar_pattern_cmp", (c, a, b) -> (long) Integer.signum(CoreComparisons.compareText(
                Args.trimBlanks(a), Args.trimBlanks(b))));
        for (String name : new String[] {"btnametextcmp", "bttextnamecmp", "bttext_pattern_cmp"}) {
            registry.fn2(name, (c, a, b) -> (long) Integer.signum(CoreComparisons.compareText(text(a), text(b))));
        }
    }

    /** Cut to what type name can hold, at a character's end. */
    static String truncateName(String text) {
        if (Args.utf8Length(text) <= NAME_BYTES_MAX) {
            return text;
        }
        int end = 0;
        int bytes = 0;
        while (true) {
            int c = text.codePointAt(end);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (bytes > NAME_BYTES_MAX) {
                return text.substring(0, end);
            }
            end += Character.charCount(c);
        }
    }

    private static String firstByte(String text) {
        if (text.isEmpty()) {
            return "";
        }
        return io.quantadb.types.BuiltinTypes.CHAR.ops().fromText(text, -1,
                io.quantadb.types.TextContext.DEFAULT).toString();
    }

    private static int charCode(String value) {
        return io.quantadb.types.BuiltinTypes.CHAR.ops().encode(value)[0];
    }

    private static String charOf(int code) {
        return (String) io.quantadb.types.BuiltinTypes.CHAR.ops().decode(new byte[] {(byte) code}, 0, 1);
    }

    // ---- money

    private static void registerMoney(FunctionRegistry.Builder registry) {
        registry.long2("cash_pl", Math::addExact).long2("cash_mi", Math::subtractExact);
        registry.fn2("cash_div_cash", (c, a, b) -> {
            if (num(b) == 0) {
                throw CoreArithmetic.divisionByZero();
            }
            return (double) num(a) / (double) num(b);
        });
        for (String suffix : new String[] {"int2", "int4", "int8"}) {
            registry.long2("cash_mul_" + suffix, (a, b) -> a * b);
            registry.long2(suffix + "_mul_cash", (a, b) -> a * b);
            registry.long2("cash_div_" + suffix, (a, b) -> {
                if (b == 0) {
                    throw CoreArithmetic.divisionByZero();
                }
                return a / b;
            });
        }
        for (String suffix : new String[] {"flt4", "flt8"}) {
            registry.fn2("cash_mul_" + suffix, (c, a, b) -> round(num(a) * Args.dbl(b)));
            registry.fn2(suffix + "_mul_cash", (c, a, b) -> round(Args.dbl(a) * num(b)));
            registry.fn2("cash_div_" + suffix, (c, a, b) -> {
                if (Args.dbl(b) == 0) {
                    throw CoreArithmetic.divisionByZero();
                }
                return round(num(a) / Args.dbl(b));
            });
        }
        registry.long2("cashlarger", Math::max).long2("cashsmaller", Math::min);
        registry.fn1("cash_numeric", (c, a) -> Numeric.of(num(a), 2));
        registry.fn1("numeric_cash", (c, a) -> cents(Args.numeric(a)));
        registry.fn1("int4_cash", (c, a) -> cents(Numeric.of(num(a))));
        registry.fn1("int8_cash", (c, a) -> cents(Numeric.of(num(a))));
    }

    private static Object cents(Numeric value) {
        if (!value.isFinite()) {
            throw SqlException.notSupported("cannot convert " + (value.isNaN() ? "NaN" : "infinity") + " to bigint");
        }
        return value.multiply(Numeric.of(100)).round(0).toLong(Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
    }

    private static Object round(double value) {
        return (long) Math.rint(value);
    }

    // ---- enums

    private static void registerEnums(FunctionRegistry.Builder registry) {
        registry.scalarFactory("enum_larger", site -> {
            TypeOps ops = site.argumentType(0).ops();
            return (ScalarFunction.LongFn2) (a, b) -> ops.compareLong(a, b) > 0 ? a : b;
        });
        registry.scalarFactory("enum_smaller", site -> {
            TypeOps ops = site.argumentType(0).ops();
            return (ScalarFunction.LongFn2) (a, b) -> ops.compareLong(a, b) < 0 ? a : b;
        });
        registry.scalarFactory("enum_first", site -> (ScalarFunction.Fn1) (c, a) -> labels(c, site).getFirst());
        registry.scalarFactory("enum_last", site -> (ScalarFunction.Fn1) (c, a) -> labels(c, site).getLast());
        registry.scalarFactory("enum_range_all", site -> (ScalarFunction.Fn1) (c, a) -> io.quantadb.types.ArrayValue.of(
                site.argumentType(0), labels(c, site)));
        registry.scalarFactory("enum_range_bounds", site -> (ScalarFunction.Fn2) (c, a, b) -> {
            TypeOps ops = site.argumentType(0).ops();
            return io.quantadb.types.ArrayValue.of(site.argumentType(0), labels(c, site).stream().filter(label ->
                    (a == null || ops.compare(label, a) >= 0) && (b == null || ops.compare(label, b) <= 0)).toList());
        });
    }

    private static java.util.List<Long> labels(FunctionContext context, CallSite site) {
        java.util.List<Long> labels = context.service(CatalogInfo.class).enumLabels(site.argumentType(0).oid());
        if (labels.isEmpty()) {
            throw new io.quantadb.error.SqlException(io.quantadb.error.SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "enum " + site.argumentType(0).name() + " contains no values");
        }
        return labels;
    }

    // ---- binary output

    private static void registerSends(FunctionRegistry.Builder registry) {
        String[] names = {"array_send", "anyarray_send", "anycompatiblearray_send", "bit_send", "boolsend",
            "bpcharsend", "byteasend", "cash_send", "charsend", "cidr_send", "cidsend", "date_send", "enum_send",
            "float4send", "float8send", "inet_send", "int2send", "int2vectorsend", "int4send", "int8send",
            "interval_send", "json_send", "jsonb_send", "macaddr_send", "macaddr8_send", "namesend", "numeric_send",
            "oidsend", "oidvectorsend", "pg_lsn_send", "pg_node_tree_send", "record_send", "regclasssend",
            "regcollationsend", "regconfigsend", "regdictionarysend", "regnamespacesend", "regoperatorsend",
            "regopersend", "regproceduresend", "regprocsend", "regrolesend", "regtypesend", "textsend", "tidsend",
            "time_send", "timestamp_send", "timestamptz_send", "timetz_send", "unknownsend", "uuid_send",
            "varbit_send", "varcharsend", "void_send", "xid8send", "xidsend", "range_send"};
        for (String name : names) {
            registry.scalarFactory(name, site -> {
                TypeOps ops = site.argumentType(0).ops();
                return (ScalarFunction.Fn1) (c, a) -> {
                    ByteArraySink out = new ByteArraySink();
                    ops.writeBinary(a, out);
                    return ByteString.wrap(out.toByteArray());
                };
            });
        }
    }

    // ---- the rest

    private static void registerSmall(FunctionRegistry.Builder registry) {
        registry.scalarFactory("tidlarger", site -> larger(site.argumentType(0), 1));
        registry.scalarFactory("tidsmaller", site -> larger(site.argumentType(0), -1));
        registry.scalarFactory("array_larger", site -> larger(site.argumentType(0), 1));
        registry.scalarFactory("array_smaller", site -> larger(site.argumentType(0), -1));
        registry.scalarFactory("interval_larger", site -> larger(site.argumentType(0), 1));
        registry.scalarFactory("interval_smaller", site -> larger(site.argumentType(0), -1));
        registry.scalarFactory("timetz_larger", site -> larger(site.argumentType(0), 1));
        registry.scalarFactory("timetz_smaller", site -> larger(site.argumentType(0), -1));
        registry.long2("time_larger", Math::max).long2("time_smaller", Math::min);
        registry.long2("pg_lsn_larger", (a, b) -> Long.compareUnsigned(a, b) > 0 ? a : b)
                .long2("pg_lsn_smaller", (a, b) -> Long.compareUnsigned(a, b) < 0 ? a : b)
                .long2("xid8_larger", (a, b) -> Long.compareUnsigned(a, b) > 0 ? a : b)
                .long2("xid8_smaller", (a, b) -> Long.compareUnsigned(a, b) < 0 ? a : b)
                .long2("pg_lsn_cmp", (a, b) -> Long.compareUnsigned(a, b))
                .long2("xid8cmp", (a, b) -> Long.compareUnsigned(a, b))
                .long1("xid8toxid", a -> a & 0xFFFF_FFFFL);
        registerLsn(registry);
        registerVectors(registry);
        registry.scalarFactory("btrecordimagecmp", site -> (ScalarFunction.Fn2) (c, a, b) ->
                (long) Integer.signum(compareImages(site, a, b)));
        String[] suffixes = {"eq", "ne", "lt", "le", "gt", "ge"};
        java.util.function.IntPredicate[] tests = {o -> o == 0, o -> o != 0, o -> o < 0, o -> o <= 0, o -> o > 0,
            o -> o >= 0};
        for (int i = 0; i < suffixes.length; i++) {
            java.util.function.IntPredicate test = tests[i];
            registry.scalarFactory("record_image_" + suffixes[i], site -> (ScalarFunction.Fn2) (c, a, b) ->
                    test.test(compareImages(site, a, b)));
        }
        registry.fn1("btequalimage", (c, a) -> true).fn1("btvarstrequalimage", (c, a) -> true);
        registry.fn2("btfloat48cmp", (c, a, b) -> (long) CoreComparisons.compareDouble(Args.dbl(a), Args.dbl(b)))
                .fn2("btfloat84cmp", (c, a, b) -> (long) CoreComparisons.compareDouble(Args.dbl(a), Args.dbl(b)));
    }

    private static int compareImages(CallSite site, Object a, Object b) {
        TypeOps ops = site.argumentType(0).ops();
        return java.util.Arrays.compareUnsigned(ops.encode(a), ops.encode(b));
    }

    private static ScalarFunction larger(PgType type, int direction) {
        TypeOps ops = type.ops();
        if (type.kind() == io.quantadb.types.PhysicalKind.LONG) {
            return (ScalarFunction.LongFn2) (a, b) -> ops.compareLong(a, b) * direction > 0 ? a : b;
        }
        return (ScalarFunction.Fn2) (c, a, b) -> ops.compare(a, b) * direction > 0 ? a : b;
    }

    private static void registerLsn(FunctionRegistry.Builder registry) {
        registry.fn2("pg_lsn_mi", (c, a, b) -> unsigned(num(a)).subtract(unsigned(num(b))));
        registry.fn2("pg_wal_lsn_diff", (c, a, b) -> unsigned(num(a)).subtract(unsigned(num(b))));
        registry.fn2("pg_lsn_pli", (c, a, n) -> move(num(a), Args.numeric(n), false));
        registry.fn2("sql:5023", (c, n, a) -> move(num(a), Args.numeric(n), false));
        registry.fn2("pg_lsn_mii", (c, a, n) -> move(num(a), Args.numeric(n), true));
        registry.fn1("numeric_pg_lsn", (c, a) -> {
            if (Args.numeric(a).isNaN()) {
                throw SqlException.notSupported("cannot convert NaN to pg_lsn");
            }
            return lsn(Args.numeric(a).round(0));
        });
    }

    private static Numeric unsigned(long value) {
        return Numeric.of(new java.math.BigInteger(Long.toUnsignedString(value)), 0);
    }

    private static Object move(long lsn, Numeric bytes, boolean back) {
        if (bytes.isNaN()) {
            throw SqlException.notSupported(back ? "cannot subtract NaN from pg_lsn" : "cannot add NaN to pg_lsn");
        }
        return lsn(back ? unsigned(lsn).subtract(bytes) : unsigned(lsn).add(bytes));
    }

    private static Object lsn(Numeric value) {
        Numeric whole = value.isFinite() ? value.round(0) : value;
        if (!whole.isFinite() || whole.signum() < 0 || whole.unscaledBig().bitLength() > 64) {
            throw Args.invalidParameter("pg_lsn out of range");
        }
        return whole.unscaledBig().longValue();
    }

    private static void registerVectors(FunctionRegistry.Builder registry) {
        String[] suffixes = {"eq", "ne", "lt", "le", "gt", "ge"};
        java.util.function.IntPredicate[] tests = {o -> o == 0, o -> o != 0, o -> o < 0, o -> o <= 0, o -> o > 0,
            o -> o >= 0};
        for (int i = 0; i < suffixes.length; i++) {
            java.util.function.IntPredicate test = tests[i];
            registry.objectTest("oidvector" + suffixes[i], (a, b) -> test.test(compareVectors(a, b)));
        }
        registry.fn2("btoidvectorcmp", (c, a, b) -> (long) compareVectors(a, b));
        registry.fn1("oidvectortypes", (c, a) -> {
            StringBuilder out = new StringBuilder();
            for (Object oid : Args.array(a).elements()) {
                out.append(out.isEmpty() ? "" : ", ").append(c.service(CatalogInfo.class).formatType(
                        (int) num(oid), null));
            }
            return out.toString();
        });
    }

    /** Shorter vectors first, then element by element. */
    private static int compareVectors(Object a, Object b) {
        int byLength = Integer.compare(Args.array(a).size(), Args.array(b).size());
        for (int i = 0; byLength == 0 && i < Args.array(a).size(); i++) {
            int order = Long.compare(num(Args.array(a).get(i)), num(Args.array(b).get(i)));
            if (order != 0) {
                return order;
            }
        }
        return byLength;
    }
}
