package io.quantadb.executor.expr;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.RecordOps;
import io.quantadb.types.RowFields;
import io.quantadb.types.RowValue;
import io.quantadb.types.TypeOps;
import java.util.List;

/** Row-at-a-time evaluators of everything that is not a function call, an array construct or a subplan. */
final class BasicEvaluators {
    private BasicEvaluators() {
    }

    static ScalarEvaluator constant(Object value) {
        if (value == null) {
            return new Constant(null, 0, 0);
        }
        return switch (value) {
            case Long l -> new Constant(value, l, 0);
            case Boolean b -> new Constant(value, b ? 1 : 0, 0);
            case Double d -> new Constant(value, 0, d);
            default -> new Constant(value, 0, 0);
        };
    }

    /** A constant; also recognised by kernels. */
    static final class Constant extends ScalarEvaluator {
        final Object value;
        private final long asLong;
        private final double asDouble;

        Constant(Object value, long asLong, double asDouble) {
            this.value = value;
            this.asLong = asLong;
            this.asDouble = asDouble;
        }

        @Override
        public Object eval(RowContext row) {
            return value;
        }

        @Override
        public long evalLong(RowContext row) {
            row.isNull = value == null;
            return asLong;
        }

        @Override
        public double evalDouble(RowContext row) {
            row.isNull = value == null;
            return asDouble;
        }
    }

    static ScalarEvaluator parameter(int number) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                return row.query.parameter(number);
            }
        };
    }

    static ScalarEvaluator execParameter(int id) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                return row.query.execParameters[id];
            }
        };
    }

    static ScalarEvaluator column(int column, PhysicalKind kind, boolean inner) {
        return inner ? new InnerColumn(column) : new OuterColumn(column);
    }

    static final class OuterColumn extends ScalarEvaluator {
        private final int column;

        OuterColumn(int column) {
            this.column = column;
        }

        @Override
        public Object eval(RowContext row) {
            return row.outer == null ? null : row.outer.get(column);
        }

        @Override
        public long evalLong(RowContext row) {
            row.isNull = row.outer == null || row.outer.isNull(column);
            return row.isNull ? 0 : row.outer.getLong(column);
        }

        @Override
        public double evalDouble(RowContext row) {
            row.isNull = row.outer == null || row.outer.isNull(column);
            return row.isNull ? 0 : row.outer.getDouble(column);
        }
    }

    static final class InnerColumn extends ScalarEvaluator {
        private final int column;

        InnerColumn(int column) {
            this.column = column;
        }

        @Override
        public Object eval(RowContext row) {
            return row.inner == null ? null : row.inner.get(column);
        }

        @Override
        public long evalLong(RowContext row) {
            row.isNull = row.inner == null || row.inner.isNull(column);
            return row.isNull ? 0 : row.inner.getLong(column);
        }

        @Override
        public double evalDouble(RowContext row) {
            row.isNull = row.inner == null || row.inner.isNull(column);
            return row.isNull ? 0 : row.inner.getDouble(column);
        }
    }

    static ScalarEvaluator systemColumn(int attribute, boolean inner) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                RowView view = inner ? row.inner : row.outer;
                return view == null ? null : ((RowContext.SystemColumns) view).systemColumn(attribute);
            }
        };
    }

    static ScalarEvaluator caseTestValue() {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                return row.caseValue;
            }
        };
    }

    static ScalarEvaluator domainValue() {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                return row.domainValue;
            }
        };
    }

    static ScalarEvaluator subLinkColumn(int column) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                return row.subLinkRow[column];
            }
        };
    }

    static ScalarEvaluator and(ScalarEvaluator[] inputs) {
        return new ScalarEvaluator.OfBoolean() {
            @Override
            public long evalLong(RowContext row) {
                boolean unknown = false;
                for (ScalarEvaluator input : inputs) {
                    long value = input.evalLong(row);
                    if (row.isNull) {
                        unknown = true;
                    } else if (value == 0) {
                        return 0;
                    }
                }
                row.isNull = unknown;
                return unknown ? 0 : 1;
            }
        };
    }

    static ScalarEvaluator or(ScalarEvaluator[] inputs) {
        return new ScalarEvaluator.OfBoolean() {
            @Override
            public long evalLong(RowContext row) {
                boolean unknown = false;
                for (ScalarEvaluator input : inputs) {
                    long value = input.evalLong(row);
                    if (row.isNull) {
                        unknown = true;
                    } else if (value != 0) {
                        return 1;
                    }
                }
                row.isNull = unknown;
                return 0;
            }
        };
    }

    static ScalarEvaluator not(ScalarEvaluator input) {
        return new ScalarEvaluator.OfBoolean() {
            @Override
            public long evalLong(RowContext row) {
                return input.evalLong(row) == 0 ? 1 : 0;
            }
        };
    }

    static ScalarEvaluator caseOf(ScalarEvaluator operand, ScalarEvaluator[] conditions, ScalarEvaluator[] results) {
        return new ScalarEvaluator() {
            private ScalarEvaluator choose(RowContext row) {
                Object saved = row.caseValue;
                if (operand != null) {
                    row.caseValue = operand.eval(row);
                }
                try {
                    for (int i = 0; i < conditions.length; i++) {
                        if (conditions[i].isTrue(row)) {
                            return results[i];
                        }
                    }
                    return results[conditions.length];
                } finally {
                    row.caseValue = saved;
                }
            }

            @Override
            public Object eval(RowContext row) {
                return choose(row).eval(row);
            }

            @Override
            public long evalLong(RowContext row) {
                return choose(row).evalLong(row);
            }

            @Override
            public double evalDouble(RowContext row) {
                return choose(row).evalDouble(row);
            }
        };
    }

    static ScalarEvaluator coalesce(ScalarEvaluator[] inputs) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                for (ScalarEvaluator input : inputs) {
                    Object value = input.eval(row);
                    if (value != null) {
                        return value;
                    }
                }
                return null;
            }
        };
    }

    static ScalarEvaluator minMax(ScalarEvaluator[] inputs, PgType type, boolean greatest) {
        TypeOps ops = type.ops();
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                Object best = null;
                for (ScalarEvaluator input : inputs) {
                    Object value = input.eval(row);
                    if (value != null && (best == null
                            || (greatest ? ops.compare(value, best) > 0 : ops.compare(value, best) < 0))) {
                        best = value;
                    }
                }
                return best;
            }
        };
    }

    static ScalarEvaluator nullIf(ScalarEvaluator left, ScalarEvaluator right, ExprCompiler.Comparison equal) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                Object a = left.eval(row);
                Object b = right.eval(row);
                return a != null && b != null && Boolean.TRUE.equals(equal.test(row, a, b)) ? null : a;
            }
        };
    }

    static ScalarEvaluator isNull(ScalarEvaluator operand, boolean negated, boolean rowForm) {
        return new ScalarEvaluator.OfBoolean() {
            @Override
            public long evalLong(RowContext row) {
                Object value = operand.eval(row);
                row.isNull = false;
                boolean answer;
                if (rowForm && value instanceof RowValue composite) {
                    answer = negated ? noneNull(composite) : allNull(composite);
                } else {
                    answer = (value == null) != negated;
                }
                return answer ? 1 : 0;
            }
        };
    }

    private static boolean allNull(RowValue row) {
        for (int i = 0; i < row.size(); i++) {
            if (row.get(i) != null) {
                return false;
            }
        }
        return true;
    }

    private static boolean noneNull(RowValue row) {
        for (int i = 0; i < row.size(); i++) {
            if (row.get(i) == null) {
                return false;
            }
        }
        return true;
    }

    static ScalarEvaluator booleanTest(ScalarEvaluator operand, Expr.BooleanTestKind kind) {
        return new ScalarEvaluator.OfBoolean() {
            @Override
            public long evalLong(RowContext row) {
                long value = operand.evalLong(row);
                boolean unknown = row.isNull;
                row.isNull = false;
                boolean answer = switch (kind) {
                    case IS_TRUE -> !unknown && value != 0;
                    case IS_NOT_TRUE -> unknown || value == 0;
                    case IS_FALSE -> !unknown && value == 0;
                    case IS_NOT_FALSE -> unknown || value != 0;
                    case IS_UNKNOWN -> unknown;
                    case IS_NOT_UNKNOWN -> !unknown;
                };
                return answer ? 1 : 0;
            }
        };
    }

    static ScalarEvaluator distinct(ScalarEvaluator left, ScalarEvaluator right, ExprCompiler.Comparison equal) {
        return new ScalarEvaluator.OfBoolean() {
            @Override
            public long evalLong(RowContext row) {
                Object a = left.eval(row);
                Object b = right.eval(row);
                boolean distinct = a == null || b == null ? a != b : !Boolean.TRUE.equals(equal.test(row, a, b));
                row.isNull = false;
                return distinct ? 1 : 0;
            }
        };
    }

    static ScalarEvaluator fieldSelect(ScalarEvaluator operand, int field) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                RowValue value = (RowValue) operand.eval(row);
                return value == null || field > value.size() ? null : value.get(field - 1);
            }
        };
    }

    static ScalarEvaluator fieldStore(ScalarEvaluator operand, ScalarEvaluator[] inputs, List<Integer> numbers,
            PgType type) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                RowValue old = (RowValue) operand.eval(row);
                RowFields fields = old != null ? null : ((RecordOps) type.ops()).fields();
                PgType[] types;
                Object[] values;
                if (old != null) {
                    types = old.unsafeTypes();
                    values = old.unsafeValues().clone();
                } else {
                    types = new PgType[fields.count()];
                    values = new Object[types.length];
                    for (int i = 0; i < types.length; i++) {
                        types[i] = fields.type(i);
                    }
                }
                Object saved = row.caseValue;
                for (int i = 0; i < inputs.length; i++) {
                    row.caseValue = values[numbers.get(i) - 1];
                    values[numbers.get(i) - 1] = inputs[i].eval(row);
                }
                row.caseValue = saved;
                return new RowValue(types, values);
            }
        };
    }

    static ScalarEvaluator row(ScalarEvaluator[] fields, PgType[] types, java.util.List<String> names) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                Object[] values = new Object[fields.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = fields[i].eval(row);
                }
                return new RowValue(types, values, names);
            }
        };
    }

    /**
     * Ordering of rows: the first unequal column decides; NULL in it, or before it, makes the result NULL. Equality of
     * a column is "neither way round": the operators given are the ordering ones, the last column's decides alone.
     */
    static ScalarEvaluator rowCompare(Expr.RowCompareKind kind, ScalarEvaluator[] left, ScalarEvaluator[] right,
            PgType[] leftTypes, PgType[] rightTypes, ExprCompiler.Comparison[] comparisons) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                int last = left.length - 1;
                for (int i = 0; i < left.length; i++) {
                    Object a = left[i].eval(row);
                    Object b = right[i].eval(row);
                    if (a == null || b == null) {
                        return null;
                    }
                    boolean equal = leftTypes[i].ops() == rightTypes[i].ops() ? leftTypes[i].ops().equal(a, b)
                            : equalAcross(row, comparisons[i], a, b, kind);
                    if (!equal || i == last) {
                        if (!equal) {
                            return comparisons[i].test(row, a, b);
                        }
                        return kind == Expr.RowCompareKind.LE || kind == Expr.RowCompareKind.GE
                                || kind == Expr.RowCompareKind.EQ;
                    }
                }
                return null;
            }
        };
    }

    /**
     * Without an equality at hand: integers of different width compare as numbers, all else by text order is refused.
     */
    private static boolean equalAcross(RowContext row, ExprCompiler.Comparison comparison, Object a, Object b,
            Expr.RowCompareKind kind) {
        if (a instanceof Long && b instanceof Long || a instanceof Double && b instanceof Double
                || a instanceof String && b instanceof String) {
            return a.equals(b);
        }
        throw SqlException.notSupported("row comparison of different types is not supported");
    }

    /** Output function, then input function. */
    static ScalarEvaluator viaIo(ScalarEvaluator operand, PgType from, PgType to) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                Object value = operand.eval(row);
                if (value == null) {
                    return null;
                }
                io.quantadb.types.TextContext text = row.query.functions.text();
                return to.ops().fromText(from.ops().toText(value, text), -1, text);
            }
        };
    }

    static ScalarEvaluator nextValue(int sequenceOid) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                return row.query.functions.sequences().nextval(sequenceOid);
            }
        };
    }

    static ScalarEvaluator domain(ScalarEvaluator operand, ExprEnvironment.DomainConstraints constraints,
            ScalarEvaluator[] checks) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                Object value = operand.eval(row);
                if (value == null && constraints.notNull()) {
                    throw new SqlException(SqlState.NOT_NULL_VIOLATION,
                            "domain " + constraints.name() + " does not allow null values")
                            .withSchema(constraints.schema()).withDataType(constraints.name());
                }
                Object saved = row.domainValue;
                row.domainValue = value;
                try {
                    for (int i = 0; i < checks.length; i++) {
                        if (checks[i].evalLong(row) == 0 && !row.isNull) {
                            String name = constraints.checks().get(i).name();
                            throw new SqlException(SqlState.CHECK_VIOLATION, "value for domain "
                                    + constraints.name() + " violates check constraint \"" + name + "\"")
                                    .withSchema(constraints.schema())
                                    .withDataType(constraints.name()).withConstraint(name);
                        }
                    }
                } finally {
                    row.domainValue = saved;
                }
                return value;
            }
        };
    }
}
