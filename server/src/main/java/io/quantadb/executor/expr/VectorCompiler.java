package io.quantadb.executor.expr;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.DoubleVector;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.ObjectVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.function.LikePattern;
import io.quantadb.function.ScalarFunction;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Chooses kernels for the vector forms of an expression. */
final class VectorCompiler {
    private final ExprCompiler compiler;
    /** Null if nothing is shared. */
    private final SharedExpressions shared;

    VectorCompiler(ExprCompiler compiler) {
        this(compiler, null);
    }

    VectorCompiler(ExprCompiler compiler, SharedExpressions shared) {
        this.compiler = compiler;
        this.shared = shared;
    }

    VectorCompiler unshared() {
        return new VectorCompiler(compiler);
    }

    VectorEvaluator compile(Expr expr) {
        VectorEvaluator found = shared == null ? null : shared.find(expr, this);
        return found != null ? found : compileWhole(expr);
    }

    /** Compiles an expression whose parts may be shared, but not itself. */
    VectorEvaluator compileWhole(Expr expr) {
        return switch (expr) {
            case Expr.ColumnRef column when column.rangeIndex() == InputRef.OUTER && column.attribute() > 0 ->
                new VectorEvaluator.Column(column.attribute() - 1);
            case Expr.Const constant -> new VectorEvaluator.Broadcast(compiler.scalar(expr), expr.type(), true);
            case Expr.Parameter parameter -> new VectorEvaluator.Broadcast(compiler.scalar(expr), expr.type(), false);
            case Expr.ExecParameter parameter when !compiler.environment().isSubPlan(parameter.id()) ->
                new VectorEvaluator.Broadcast(compiler.scalar(expr), expr.type(), false);
            case Expr.RelabelType relabel when sameVector(relabel.operand().type(), relabel.type()) ->
                compile(relabel.operand());
            case Expr.CollateExpr collate -> compile(collate.operand());
            case Expr.OperatorCall call -> function(call.operator().function(), call.arguments(), call.type(),
                    call.inputCollation(), expr);
            case Expr.FunctionCall call when !call.variadic() -> function(call.function(), call.arguments(),
                    call.type(), call.inputCollation(), expr);
            case Expr.CaseExpr caseExpr when caseExpr.operand() == null -> new CaseVector(caseExpr);
            case Expr.Coalesce coalesce -> new CoalesceVector(coalesce);
            default -> fallback(expr);
        };
    }

    private VectorEvaluator fallback(Expr expr) {
        return new VectorEvaluator.Fallback(compiler.scalar(expr), expr.type());
    }

    private static boolean sameVector(PgType a, PgType b) {
        return a.kind() == b.kind() && a.kind() != PhysicalKind.OBJECT || a.ops() == b.ops()
                || Vector.of(a).getClass() == Vector.of(b).getClass();
    }

    private VectorEvaluator function(FunctionRef function, List<Expr> arguments, PgType type, int collation,
            Expr whole) {
        if (!function.strict() || !FunctionCompiler.isBuiltIn(function)
                || !compiler.environment().functions().hasScalar(function.internalName())) {
            return fallback(whole);
        }
        for (Expr argument : arguments) {
            if (readsInner(argument)) {
                return fallback(whole);
            }
        }
        VectorEvaluator[] inputs = arguments.stream().map(this::compile).toArray(VectorEvaluator[]::new);
        if (inputs.length == 2) {
            VectorEvaluator kernel = ArithmeticKernels.of(function.internalName(), inputs, type);
            if (kernel != null) {
                return kernel;
            }
        }
        if (inputs.length == 1) {
            VectorEvaluator cast = cast(function.internalName(), inputs[0], type);
            if (cast != null) {
                return cast;
            }
        }
        ScalarFunction bound = compiler.functionCompiler().bind(function,
                arguments.stream().map(Expr::type).toList(), type, false, collation);
        VectorEvaluator generic = FunctionKernels.of(bound, inputs, type);
        return generic != null ? generic : fallback(whole);
    }

    private static boolean readsInner(Expr expr) {
        return expr instanceof Expr.ColumnRef column && column.rangeIndex() != InputRef.OUTER;
    }

    private static VectorEvaluator cast(String function, VectorEvaluator input, PgType type) {
        return switch (function) {
            case "int28", "int24", "int48" -> input;
            case "i2tod", "i4tod", "i8tod" -> new LongToDouble(input, type);
            case "int2_numeric", "int4_numeric", "int8_numeric" -> new LongToNumeric(input, type);
            default -> null;
        };
    }

    BatchFilter filter(Expr condition) {
        return switch (condition) {
            case Expr.BoolExpr bool when bool.kind() == Expr.BoolKind.AND -> new BatchFilter.And(filters(bool));
            case Expr.BoolExpr bool when bool.kind() == Expr.BoolKind.OR -> new BatchFilter.Or(filters(bool));
            case Expr.BoolExpr bool -> new BatchFilter.OfVector(compile(bool.arguments().getFirst()), false);
            case Expr.OperatorCall call -> comparison(call);
            case Expr.IsNull isNull when !isNull.rowForm() ->
                new BatchFilter.NullTest(compile(isNull.operand()), !isNull.negated());
            case Expr.ScalarArrayOp op -> inList(op);
            case Expr.ColumnRef column -> new BatchFilter.OfVector(compile(column), true);
            default -> new BatchFilter.Fallback(compiler.scalar(condition));
        };
    }

    private BatchFilter[] filters(Expr.BoolExpr bool) {
        List<BatchFilter> filters = new ArrayList<>();
        for (Expr argument : bool.arguments()) {
            filters.add(filter(argument));
        }
        return filters.toArray(BatchFilter[]::new);
    }

    private BatchFilter comparison(Expr.OperatorCall call) {
        FunctionRef function = call.operator().function();
        if (call.arguments().size() == 2 && FunctionCompiler.isBuiltIn(function)) {
            CompareOp.Kernel kernel = CompareOp.of(function.internalName());
            if (kernel != null) {
                return CompareKernels.filter(kernel, compile(call.left()), compile(call.right()));
            }
            if (call.right() instanceof Expr.Const pattern && pattern.value() instanceof String text
                    && (function.internalName().equals("textlike") || function.internalName().equals("textnlike"))) {
                return new Like(compile(call.left()), LikePattern.compile(text), SliceText.Like.of(text),
                        function.internalName().equals("textlike"));
            }
        }
        VectorEvaluator vector = compile(call);
        return vector instanceof VectorEvaluator.Fallback ? new BatchFilter.Fallback(compiler.scalar(call))
                : new BatchFilter.OfVector(vector, true);
    }

    private BatchFilter inList(Expr.ScalarArrayOp op) {
        boolean in = op.useOr() && op.operator().name().equals("=");
        if (in && op.array() instanceof Expr.Const c && c.value() instanceof ArrayValue list
                && list.elementType().ops().hashable() && sameEquality(list.elementType(), op.scalar().type())) {
            return new InList(compile(op.scalar()), list);
        }
        return new BatchFilter.Fallback(compiler.scalar(op));
    }

    /** Whether equality of the two types is that of their values: same type, or integers of different width. */
    private static boolean sameEquality(PgType element, PgType scalar) {
        return element.ops() == scalar.ops() || element.kind() == PhysicalKind.LONG
                && scalar.kind() == PhysicalKind.LONG && element.category() == 'N' && scalar.category() == 'N'
                && element.typtype() == 'b' && scalar.typtype() == 'b';
    }

    /** LIKE with a constant pattern. */
    private static final class Like extends BatchFilter {
        private final VectorEvaluator input;
        private final LikePattern pattern;
        /** The same over stored bytes; null if it cannot be. */
        private final SliceText.Like bytes;
        private final boolean wanted;

        Like(VectorEvaluator input, LikePattern pattern, SliceText.Like bytes, boolean wanted) {
            this.input = input;
            this.pattern = pattern;
            this.bytes = bytes;
            this.wanted = wanted;
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            ObjectVector vector = (ObjectVector) input.eval(batch, selection, count, row);
            if (bytes != null && vector.isSliced()) {
                return filterSlices(vector, selection, count, out);
            }
            Object[] values = vector.values(selection, count);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                String value = (String) values[position];
                if (value != null && pattern.matches(value) == wanted) {
                    out[kept++] = position;
                }
            }
            return kept;
        }

        private int filterSlices(ObjectVector vector, int[] selection, int count, int[] out) {
            long[] addresses = vector.sliceAddresses();
            int[] lengths = vector.sliceLengths();
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                out[kept] = position;
                kept += lengths[position] >= 0
                        && bytes.matches(addresses[position], lengths[position]) == wanted ? 1 : 0;
            }
            return kept;
        }
    }

    /** {@code x IN (constants)}. */
    private static final class InList extends BatchFilter {
        /** Above, hashing a string is quicker than comparing bytes with each constant. */
        private static final int SLICES_MAX = 16;

        private final VectorEvaluator input;
        private final byte[][] texts;
        private final boolean padded;
        private final org.agrona.collections.LongHashSet longs;
        private final Set<Object> objects;
        private final io.quantadb.types.TypeOps ops;

        InList(VectorEvaluator input, ArrayValue list) {
            this.input = input;
            this.ops = list.elementType().ops();
            this.padded = list.elementType().oid() == Oids.BPCHAR;
            boolean text = padded || list.elementType().oid() == Oids.TEXT
                    || list.elementType().oid() == Oids.VARCHAR;
            this.texts = !text || list.elements().length > SLICES_MAX ? null
                    : java.util.Arrays.stream(list.elements()).filter(java.util.Objects::nonNull)
                            .map(e -> padded ? SliceText.trimmed((String) e) : (String) e)
                            .map(e -> e.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toArray(byte[][]::new);
            boolean isLong = list.elementType().kind() == PhysicalKind.LONG;
            longs = isLong ? new org.agrona.collections.LongHashSet() : null;
            objects = isLong ? null : new java.util.HashSet<>();
            for (Object element : list.elements()) {
                if (element == null) {
                    continue;
                }
                if (isLong) {
                    longs.add((long) (Long) element);
                } else {
                    objects.add(ops.hashKey(element));
                }
            }
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            Vector vector = input.eval(batch, selection, count, row);
            int kept = 0;
            if (texts != null && vector instanceof ObjectVector objects && objects.isSliced()) {
                for (int i = 0; i < count; i++) {
                    int position = selection[i];
                    out[kept] = position;
                    kept += containsSlice(objects.sliceAddresses()[position], objects.sliceLengths()[position]) ? 1 : 0;
                }
                return kept;
            }
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                if (vector.isNull(position)) {
                    continue;
                }
                boolean found = longs != null ? longs.contains(vector.getLong(position))
                        : objects.contains(ops.hashKey(vector.get(position)));
                if (found) {
                    out[kept++] = position;
                }
            }
            return kept;
        }

        private boolean containsSlice(long address, int length) {
            if (length < 0) {
                return false;
            }
            int used = padded ? SliceText.trimmed(address, length) : length;
            for (byte[] text : texts) {
                if (SliceText.equal(address, used, text)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class LongToDouble extends VectorEvaluator {
        private final VectorEvaluator input;
        private final DoubleVector result;

        LongToDouble(VectorEvaluator input, PgType type) {
            this.input = input;
            this.result = new DoubleVector(type);
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            LongVector vector = (LongVector) input.eval(batch, selection, count, row);
            result.reset();
            result.ensure(batch.extent());
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                if (vector.isNull(position)) {
                    result.setNull(position);
                } else {
                    result.setDouble(position, vector.values[position]);
                }
            }
            return result;
        }
    }

    private static final class LongToNumeric extends VectorEvaluator {
        private final VectorEvaluator input;
        private final NumericVector result;

        LongToNumeric(VectorEvaluator input, PgType type) {
            this.input = input;
            this.result = new NumericVector(type);
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            LongVector vector = (LongVector) input.eval(batch, selection, count, row);
            result.reset();
            result.ensure(batch.extent());
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                if (vector.isNull(position)) {
                    result.setNull(position);
                } else {
                    result.setScaled(position, vector.values[position], 0);
                }
            }
            return result;
        }
    }

    /** Searched CASE: each branch is evaluated for the rows that reach it only. */
    private final class CaseVector extends VectorEvaluator {
        private final BatchFilter[] conditions;
        private final VectorEvaluator[] results;
        private final Vector result;
        private final int[] rest = new int[Vector.CAPACITY];
        private final int[] hits = new int[Vector.CAPACITY];
        private final boolean[] hit = new boolean[Vector.CAPACITY];

        CaseVector(Expr.CaseExpr expr) {
            int n = expr.branches().size();
            conditions = new BatchFilter[n];
            results = new VectorEvaluator[n + 1];
            for (int i = 0; i < n; i++) {
                conditions[i] = VectorCompiler.this.filter(expr.branches().get(i).condition());
                results[i] = compile(expr.branches().get(i).result());
            }
            results[n] = compile(expr.otherwise());
            result = Vector.of(expr.type());
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            result.reset();
            result.ensure(batch.extent());
            System.arraycopy(selection, 0, rest, 0, count);
            int left = count;
            for (int b = 0; b < conditions.length && left > 0; b++) {
                int found = conditions[b].filter(batch, rest, left, hits, row);
                if (found == 0) {
                    continue;
                }
                store(results[b].eval(batch, hits, found, row), hits, found);
                for (int i = 0; i < left; i++) {
                    hit[rest[i]] = false;
                }
                for (int i = 0; i < found; i++) {
                    hit[hits[i]] = true;
                }
                int remaining = 0;
                for (int i = 0; i < left; i++) {
                    if (!hit[rest[i]]) {
                        rest[remaining++] = rest[i];
                    }
                }
                left = remaining;
            }
            if (left > 0) {
                store(results[conditions.length].eval(batch, rest, left, row), rest, left);
            }
            return result;
        }

        private void store(Vector values, int[] positions, int n) {
            for (int i = 0; i < n; i++) {
                result.copy(positions[i], values, positions[i]);
            }
        }
    }

    private final class CoalesceVector extends VectorEvaluator {
        private final VectorEvaluator[] inputs;
        private final Vector result;
        private final int[] rest = new int[Vector.CAPACITY];

        CoalesceVector(Expr.Coalesce expr) {
            inputs = expr.arguments().stream().map(VectorCompiler.this::compile).toArray(VectorEvaluator[]::new);
            result = Vector.of(expr.type());
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            result.reset();
            result.ensure(batch.extent());
            System.arraycopy(selection, 0, rest, 0, count);
            int left = count;
            for (VectorEvaluator input : inputs) {
                if (left == 0) {
                    break;
                }
                Vector values = input.eval(batch, rest, left, row);
                int remaining = 0;
                for (int i = 0; i < left; i++) {
                    int position = rest[i];
                    if (values.isNull(position)) {
                        rest[remaining++] = position;
                    } else {
                        result.copy(position, values, position);
                    }
                }
                left = remaining;
            }
            for (int i = 0; i < left; i++) {
                result.setNull(rest[i]);
            }
            return result;
        }
    }
}
