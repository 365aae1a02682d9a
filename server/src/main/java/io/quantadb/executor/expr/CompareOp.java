package io.quantadb.executor.expr;

import java.util.Map;

/** The six comparisons, and which functions are one of them on which kind of vector. */
enum CompareOp {
    EQ, NE, LT, LE, GT, GE;

    /**
     * What a function compares: values held as long, double, numeric, text (strings in code-point order), or text whose
     * trailing blanks do not count.
     */
    enum Domain { LONG, DOUBLE, NUMERIC, TEXT, BPCHAR }

    record Kernel(CompareOp op, Domain domain) {
    }

    private static final Map<String, Kernel> KERNELS = new java.util.HashMap<>();

    static {
        for (CompareOp op : values()) {
            String suffix = op.name().toLowerCase(java.util.Locale.ROOT);
            for (String prefix : new String[] {"int2", "int4", "int8", "int24", "int42", "int28", "int82", "int48",
                "int84", "oid", "char", "bool", "date_", "timestamp_", "time_", "cash_"}) {
                if (prefix.equals("char")) {
                    continue;
                }
                KERNELS.put(prefix + suffix, new Kernel(op, Domain.LONG));
            }
            for (String prefix : new String[] {"float8", "float4", "float48", "float84"}) {
                KERNELS.put(prefix + suffix, new Kernel(op, Domain.DOUBLE));
            }
            KERNELS.put("numeric_" + suffix, new Kernel(op, Domain.NUMERIC));
            KERNELS.put("bpchar" + suffix, new Kernel(op, Domain.BPCHAR));
            KERNELS.put(op == EQ || op == NE ? "text" + suffix : "text_" + suffix, new Kernel(op, Domain.TEXT));
        }
        KERNELS.put("enum_eq", new Kernel(EQ, Domain.LONG));
        KERNELS.put("enum_ne", new Kernel(NE, Domain.LONG));
        // Unsigned order: only equality agrees with the signed long comparison for every value of these.
        KERNELS.put("xid8eq", new Kernel(EQ, Domain.LONG));
        KERNELS.put("xideq", new Kernel(EQ, Domain.LONG));
    }

    static Kernel of(String function) {
        return KERNELS.get(function);
    }

    /** The comparison with operands swapped. */
    CompareOp swapped() {
        return switch (this) {
            case LT -> GT;
            case LE -> GE;
            case GT -> LT;
            case GE -> LE;
            case EQ, NE -> this;
        };
    }

    boolean holds(int order) {
        return switch (this) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
        };
    }
}
