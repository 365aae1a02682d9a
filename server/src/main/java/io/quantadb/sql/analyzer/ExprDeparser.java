package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.CollationDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.sql.parser.Keywords;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.sql.typed.WindowClause;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Expressions to text. */
final class ExprDeparser {
    /**
     * One query level, innermost first in a list.
     *
     * @param names   what each entry is called, unique among all levels
     * @param windows of that query, for OVER
     * @param targets what window and sort clauses refer to
     * @param inside  range indexes of the joins whose parts are being written, where their aliases do not count yet
     */
    record Level(List<RangeTableEntry> entries, List<String> names, boolean qualify, List<TargetEntry> targets,
                 List<WindowClause> windows, Set<Integer> inside) {
        Level(List<RangeTableEntry> entries, List<String> names, boolean qualify, List<TargetEntry> targets,
              List<WindowClause> windows) {
            this(entries, names, qualify, targets, windows, Set.of());
        }

        Level inside(int join) {
            Set<Integer> joins = new HashSet<>(inside);
            joins.add(join);
            return new Level(entries, names, qualify, targets, windows, joins);
        }

        /** The column of an aliased join, which hides the names of what it joins, that is this column; null if none. */
        Expr.ColumnRef throughJoin(Expr.ColumnRef column) {
            Expr.ColumnRef found = null;
            for (int i = 0; i < entries.size(); i++) {
                if (entries.get(i) instanceof RangeTableEntry.Join join && join.alias() != null
                        && !inside.contains(i + 1)) {
                    Expr.ColumnRef own = found == null ? column : found;
                    for (int c = 0; c < join.expressions().size(); c++) {
                        if (join.expressions().get(c) instanceof Expr.ColumnRef inner
                                && inner.rangeIndex() == own.rangeIndex() && inner.attribute() == own.attribute()) {
                            found = new Expr.ColumnRef(i + 1, c + 1, column.levelsUp(), column.type(),
                                    column.typmod(), column.collation(), column.origin());
                            break;
                        }
                    }
                }
            }
            return found;
        }
    }

    private final CatalogReader catalog;
    private final TextContext text;
    private final Deparser.Style style;
    private final DeparseWriter out;
    private final List<Level> levels;
    private final Deparser.ColumnNamer namer;

    ExprDeparser(CatalogReader catalog, TextContext text, Deparser.Style style, DeparseWriter out,
                 List<Level> levels, Deparser.ColumnNamer namer) {
        this.catalog = catalog;
        this.text = text;
        this.style = style;
        this.out = out;
        this.levels = levels;
        this.namer = namer;
    }

    private String type(PgType type, int typmod) {
        return catalog.formatType(type.oid(), typmod);
    }

    private void open() {
        if (!style.fewParentheses) {
            out.add("(");
        }
    }

    private void close() {
        if (!style.fewParentheses) {
            out.add(")");
        }
    }

    /** An operand: parenthesised in the pretty style where its parent would otherwise take it apart. */
    private void operand(Expr expr, Expr parent) {
        operand(expr, parent, true);
    }

    private void operand(Expr expr, Expr parent, boolean implicit) {
        boolean parentheses = style.fewParentheses && !Precedence.standsAlone(expr, parent);
        out.add(parentheses ? "(" : "");
        write(expr, implicit);
        out.add(parentheses ? ")" : "");
    }

    void list(List<Expr> exprs, String separator) {
        for (int i = 0; i < exprs.size(); i++) {
            out.add(i == 0 ? "" : separator);
            write(exprs.get(i));
        }
    }

    void write(Expr expr) {
        write(expr, true);
    }

    /** @param implicit whether a conversion at the top that the user did not write is shown */
    void write(Expr expr, boolean implicit) {
        if (namer != null) {
            String name = namer.name(expr);
            if (name != null) {
                out.add(name);
                return;
            }
        }
        switch (expr) {
            case Expr.Const e -> constant(e, 0);
            case Expr.Parameter e -> out.add("$" + e.number());
            case Expr.ExecParameter e -> out.add("$" + e.id());
            case Expr.ColumnRef e -> column(e);
            case Expr.FunctionCall e -> function(e, implicit);
            case Expr.OperatorCall e -> operator(e);
            case Expr.BoolExpr e -> connective(e);
            case Expr.CaseExpr e -> caseExpression(e);
            case Expr.CaseTestValue _ -> out.add("CASE_TEST_EXPR");
            case Expr.Coalesce e -> call("COALESCE", e.arguments());
            case Expr.MinMax e -> call(e.greatest() ? "GREATEST" : "LEAST", e.arguments());
            case Expr.NullIf e -> call("NULLIF", List.of(e.left(), e.right()));
            case Expr.IsNull e -> test(e.operand(), e, nullTest(e));
            case Expr.BooleanTest e -> test(e.operand(), e, " " + e.kind().name().replace('_', ' '));
            case Expr.DistinctFrom e -> {
                open();
                operand(e.left(), e);
                out.add(" IS DISTINCT FROM ");
                operand(e.right(), e);
                close();
            }
            case Expr.ScalarArrayOp e -> scalarArray(e);
            case Expr.ArrayExpr e -> {
                out.add("ARRAY[");
                list(e.elements(), ", ");
                out.add("]");
                if (e.elements().isEmpty()) {
                    out.add("::" + type(e.type(), -1));
                }
            }
            case Expr.Subscript e -> subscript(e);
            case Expr.FieldSelect e -> {
                boolean bare = e.operand() instanceof Expr.Subscript || e.operand() instanceof Expr.FieldSelect;
                out.add(bare ? "" : "(");
                write(e.operand());
                out.add(bare ? "." : ").").add(Keywords.quoteIdentifier(e.fieldName()));
            }
            case Expr.FieldStore e -> call("ROW", e.values());
            case Expr.RowExpr e -> {
                out.add("ROW(");
                for (int i = 0; i < e.fields().size(); i++) {
                    out.add(i == 0 ? "" : ", ");
                    writeTopLevel(e.fields().get(i));
                }
                out.add(")");
                if (e.type().oid() != Oids.RECORD && e.origin().form() == CoercionForm.EXPLICIT_CAST) {
                    out.add("::" + type(e.type(), -1));
                }
            }
            case Expr.RowCompare e -> {
                out.add("(ROW(");
                list(e.left(), ", ");
                out.add(") " + name(e.operators().getFirst()) + " ROW(");
                list(e.right(), ", ");
                out.add("))");
            }
            case Expr.RelabelType e -> conversion(e, e.operand(), e.type(), e.typmod(), implicit);
            case Expr.CoerceViaIo e -> conversion(e, e.operand(), e.type(), -1, implicit);
            case Expr.ArrayCoerce e -> conversion(e, e.operand(), e.type(), e.typmod(), implicit);
            case Expr.ConvertRowType e -> conversion(e, e.operand(), e.type(), -1, implicit);
            case Expr.CoerceToDomain e -> conversion(e, e.operand(), e.type(), e.typmod(), implicit);
            case Expr.DomainValue _ -> out.add("VALUE");
            case Expr.SubLink e -> subLink(e);
            case Expr.SubLinkColumn e -> out.add("$" + e.column());
            case Expr.AggregateCall e -> aggregate(e);
            case Expr.GroupingCall e -> call("GROUPING", e.arguments());
            case Expr.WindowCall e -> window(e);
            case Expr.SqlValueFunction e -> out.add(e.kind().name())
                    .add(e.typmod() >= 0 ? "(" + e.typmod() + ")" : "");
            case Expr.CollateExpr e -> {
                open();
                operand(e.operand(), e);
                CollationDescriptor collation = catalog.collation(e.collation());
                out.add(" COLLATE " + Keywords.quoteIdentifier(collation.name()));
                close();
            }
            case Expr.SetToDefault _ -> out.add("DEFAULT");
            case Expr.CurrentOf e -> out.add("CURRENT OF " + Keywords.quoteIdentifier(e.cursor()));
            case Expr.NextValue e -> {
                RelationDescriptor sequence = catalog.relation(e.sequenceOid());
                out.add("nextval(" + quote(relation(sequence)) + "::regclass)");
            }
            case Expr.NamedArgument e -> {
                out.add(Keywords.quoteIdentifier(e.name()) + " => ");
                write(e.operand());
            }
        }
    }

    /** @param label 0: a type label where needed, -1: never */
    private void constant(Expr.Const e, int label) {
        if (e.isNull()) {
            out.add("NULL");
            if (label >= 0) {
                out.add("::" + type(e.type(), e.typmod()));
            }
            return;
        }
        String value = e.type().ops().toText(e.value(), text);
        boolean needsLabel = true;
        switch (e.type().oid()) {
            case Oids.INT4 -> {
                boolean negative = value.startsWith("-");
                out.add(negative ? "'" + value + "'" : value);
                needsLabel = negative;
            }
            case Oids.NUMERIC -> {
                boolean plain = Character.isDigit(value.charAt(0))
                        && value.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E');
                out.add(plain ? value : "'" + value + "'");
                needsLabel = !plain || e.typmod() >= 0;
            }
            case Oids.BOOL -> {
                out.add(value.startsWith("t") ? "true" : "false");
                needsLabel = false;
            }
            case Oids.UNKNOWN -> {
                out.add(quote(value));
                needsLabel = false;
            }
            default -> out.add(quote(value));
        }
        if (label > 0 || label == 0 && needsLabel) {
            out.add("::" + type(e.type(), e.typmod()));
        }
    }

    static String quote(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** An expression where {@code t.*} would be taken for all of its columns. */
    void writeTopLevel(Expr expr) {
        write(expr);
        if (expr instanceof Expr.ColumnRef c && c.attribute() == 0 && c.levelsUp() < levels.size()) {
            out.add("::" + type(c.type(), -1));
        }
    }

    private void column(Expr.ColumnRef e) {
        if (e.levelsUp() >= levels.size()) {
            out.add("$column" + e.attribute());
            return;
        }
        Level level = levels.get(e.levelsUp());
        Expr.ColumnRef join = level.throughJoin(e);
        Expr.ColumnRef shown = join == null ? e : join;
        RangeTableEntry entry = level.entries().get(shown.rangeIndex() - 1);
        String name = level.names().get(shown.rangeIndex() - 1);
        boolean qualify = level.qualify() || e.levelsUp() > 0;
        if (entry instanceof RangeTableEntry.Join && entry.alias() == null) {
            qualify = false;
        }
        String qualifier = qualify ? Keywords.quoteIdentifier(name) + "." : "";
        if (shown.attribute() == 0) {
            out.add(level.qualify() || !qualifier.isEmpty() ? qualifier + "*"
                    : Keywords.quoteIdentifier(name) + ".*");
            return;
        }
        out.add(qualifier + Keywords.quoteIdentifier(columnName(entry, shown.attribute())));
    }

    static String columnName(RangeTableEntry entry, int attribute) {
        return attribute > 0 ? entry.columns().get(attribute - 1).name()
                : List.of("ctid", "xmin", "cmin", "xmax", "cmax", "tableoid").get(-1 - attribute);
    }

    private void call(String name, List<Expr> arguments) {
        out.add(name + "(");
        list(arguments, ", ");
        out.add(")");
    }

    private void test(Expr operand, Expr whole, String words) {
        open();
        operand(operand, whole);
        out.add(words);
        close();
    }

    private static String nullTest(Expr.IsNull e) {
        if (e.rowForm() || e.operand().type().typtype() != 'c' && e.operand().type().oid() != Oids.RECORD) {
            return e.negated() ? " IS NOT NULL" : " IS NULL";
        }
        return e.negated() ? " IS DISTINCT FROM NULL" : " IS NOT DISTINCT FROM NULL";
    }

    private void conversion(Expr whole, Expr operand, PgType type, int typmod, boolean implicit) {
        if (whole.origin().form() == CoercionForm.IMPLICIT_CAST && !implicit) {
            operand(operand, whole, false);
            return;
        }
        if (operand instanceof Expr.Const c && c.type().equals(type) && c.typmod() == -1) {
            constant(c, -1);
        } else {
            open();
            operand(operand, whole, false);
            close();
        }
        out.add("::" + type(type, typmod));
    }

    String name(FunctionRef function) {
        FunctionDescriptor found = catalog.function(function.oid());
        String name = Keywords.quoteIdentifier(function.name());
        boolean visible = found == null || catalog.functionIsVisible(function.oid());
        return visible ? name : Keywords.quoteIdentifier(function.schema()) + "." + name;
    }

    String name(OperatorRef operator) {
        OperatorDescriptor found = catalog.operator(null, operator.name(), operator.leftType(), operator.rightType());
        return found != null && found.oid() == operator.oid() ? operator.name()
                : "OPERATOR(" + Keywords.quoteIdentifier(operator.schema()) + "." + operator.name() + ")";
    }

    /** A relation's name, qualified if the search path does not find it. */
    String relation(RelationDescriptor relation) {
        String name = Keywords.quoteIdentifier(relation.name());
        if (catalog.relationIsVisible(relation.oid())) {
            return name;
        }
        SchemaDescriptor schema = catalog.schema(relation.schemaOid());
        return Keywords.quoteIdentifier(schema == null ? relation.schemaName() : schema.name()) + "." + name;
    }

    private void function(Expr.FunctionCall e, boolean implicit) {
        switch (e.origin().form()) {
            case IMPLICIT_CAST, EXPLICIT_CAST ->
                    conversion(e, e.arguments().getFirst(), e.type(), e.typmod(), implicit);
            case SQL_SYNTAX -> {
                if (!sqlSyntax(e)) {
                    plainCall(e);
                }
            }
            case CALL -> plainCall(e);
        }
    }

    /** Arguments as they were written, by name and without those left to their defaults; not in plans. */
    private List<Expr> written(Expr.FunctionCall e) {
        return namer == null && e.origin().written() != null ? e.origin().written() : e.arguments();
    }

    private void plainCall(Expr.FunctionCall e) {
        out.add(name(e.function()) + "(");
        arguments(written(e), e.variadic());
        out.add(")");
    }

    private void arguments(List<Expr> arguments, boolean variadic) {
        for (int i = 0; i < arguments.size(); i++) {
            boolean last = i == arguments.size() - 1;
            out.add(i == 0 ? "" : ", ");
            out.add(variadic && last ? "VARIADIC " : "");
            write(arguments.get(i));
        }
    }

    /** Calls with a syntax of their own; false if these arguments have none. */
    private boolean sqlSyntax(Expr.FunctionCall e) {
        List<Expr> a = written(e);
        switch (e.function().name()) {
            case "extract" -> {
                out.add("EXTRACT(").add(String.valueOf(((Expr.Const) a.getFirst()).value())).add(" FROM ");
                write(a.get(1), false);
                out.add(")");
            }
            case "position" -> {
                out.add("POSITION((");
                write(a.get(1), false);
                out.add(") IN (");
                write(a.getFirst(), false);
                out.add("))");
            }
            case "substring" -> {
                return substring(a);
            }
            case "overlay" -> words("OVERLAY(", a, " PLACING ", " FROM ", " FOR ");
            case "btrim" -> trim("BOTH", a);
            case "ltrim" -> trim("LEADING", a);
            case "rtrim" -> trim("TRAILING", a);
            case "timezone" -> {
                out.add("(");
                operand(a.get(1), e, false);
                out.add(" AT TIME ZONE ");
                operand(a.getFirst(), e, false);
                out.add(")");
            }
            case "overlaps" -> {
                out.add("(");
                words("(", a.subList(0, 2), ", ");
                words(" OVERLAPS (", a.subList(2, 4), ", ");
                out.add(")");
            }
            case "is_normalized" -> {
                out.add("(");
                operand(a.getFirst(), e, false);
                out.add(" IS" + (a.size() == 2 ? " " + ((Expr.Const) a.get(1)).value() : "") + " NORMALIZED)");
            }
            case "normalize" -> {
                out.add("NORMALIZE(");
                write(a.getFirst(), false);
                out.add((a.size() == 2 ? ", " + ((Expr.Const) a.get(1)).value() : "") + ")");
            }
            case "pg_collation_for" -> words("COLLATION FOR (", a);
            case "system_user" -> out.add("SYSTEM_USER");
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean substring(List<Expr> a) {
        boolean text = a.get(1).type().oid() == Oids.TEXT;
        if (text && a.size() == 3) {
            words("SUBSTRING(", a, " SIMILAR ", " ESCAPE ");
        } else if (text) {
            return false;
        } else {
            words("SUBSTRING(", a, " FROM ", " FOR ");
        }
        return true;
    }

    private void trim(String side, List<Expr> a) {
        out.add("TRIM(" + side);
        if (a.size() == 2) {
            out.add(" ");
            write(a.get(1), false);
        }
        out.add(" FROM ");
        write(a.getFirst(), false);
        out.add(")");
    }

    private void words(String start, List<Expr> arguments, String... separators) {
        out.add(start);
        for (int i = 0; i < arguments.size(); i++) {
            out.add(i == 0 ? "" : separators[i - 1]);
            write(arguments.get(i), false);
        }
        out.add(")");
    }

    private void operator(Expr.OperatorCall e) {
        open();
        if (e.arguments().size() == 2) {
            operand(e.left(), e);
            out.add(" " + name(e.operator()) + " ");
            operand(e.right(), e);
        } else {
            out.add(name(e.operator()) + " ");
            operand(e.left(), e);
        }
        close();
    }

    private void connective(Expr.BoolExpr e) {
        open();
        if (e.kind() == Expr.BoolKind.NOT) {
            out.add("NOT ");
            operand(e.arguments().getFirst(), e, false);
        } else {
            for (int i = 0; i < e.arguments().size(); i++) {
                out.add(i == 0 ? "" : " " + e.kind() + " ");
                operand(e.arguments().get(i), e, false);
            }
        }
        close();
    }

    private void caseExpression(Expr.CaseExpr e) {
        out.keyword("CASE", 0, DeparseWriter.COLUMN, 0);
        if (e.operand() != null) {
            out.add(" ");
            write(e.operand());
        }
        for (Expr.CaseBranch branch : e.branches()) {
            Expr condition = branch.condition();
            if (e.operand() != null && condition instanceof Expr.OperatorCall call && call.arguments().size() == 2) {
                condition = call.right();
            }
            out.add(out.breaksLines() ? "" : " ").keyword("WHEN ", 0, 0, 0);
            write(condition, false);
            out.add(" THEN ");
            write(branch.result());
        }
        out.add(out.breaksLines() ? "" : " ").keyword("ELSE ", 0, 0, 0);
        write(e.otherwise());
        out.add(out.breaksLines() ? "" : " ").keyword("END", -DeparseWriter.COLUMN, 0, 0);
    }

    private void scalarArray(Expr.ScalarArrayOp e) {
        open();
        operand(e.scalar(), e);
        out.add(" " + name(e.operator()) + (e.useOr() ? " ANY (" : " ALL ("));
        operand(e.array(), e);
        if (e.array() instanceof Expr.SubLink link && link.kind() == Expr.SubLinkKind.SCALAR) {
            out.add("::" + type(e.array().type(), e.array().typmod()));
        }
        out.add(")");
        close();
    }

    private void subscript(Expr.Subscript e) {
        boolean bare = e.container() instanceof Expr.ColumnRef || e.container() instanceof Expr.FieldSelect;
        out.add(bare ? "" : "(");
        write(e.container());
        out.add(bare ? "" : ")");
        for (int i = 0; i < e.upper().size(); i++) {
            out.add("[");
            if (e.lower() != null) {
                if (e.lower().get(i) != null) {
                    write(e.lower().get(i));
                }
                out.add(":");
            }
            if (e.upper().get(i) != null) {
                write(e.upper().get(i));
            }
            out.add("]");
        }
    }

    private void subLink(Expr.SubLink e) {
        out.add(e.kind() == Expr.SubLinkKind.ARRAY ? "ARRAY(" : "(");
        if (e.test() != null) {
            List<Expr> left = leftSides(e.test());
            out.add(left.size() > 1 ? "(" : "");
            list(left, ", ");
            out.add(left.size() > 1 ? ")" : "");
            out.add(switch (e.kind()) {
                case ANY -> e.operatorName() == null || e.operatorName().equals("=") ? " IN ("
                        : " " + e.operatorName() + " ANY (";
                case ALL -> " " + e.operatorName() + " ALL (";
                default -> " " + e.operatorName() + " (";
            });
        } else if (e.kind() == Expr.SubLinkKind.EXISTS) {
            out.add("EXISTS (");
        }
        new QueryDeparser(catalog, text, style, out).write(e.query(), levels, false, null);
        out.add(e.test() != null || e.kind() == Expr.SubLinkKind.EXISTS ? "))" : ")");
    }

    private static List<Expr> leftSides(Expr test) {
        return switch (test) {
            case Expr.OperatorCall call -> List.of(call.left());
            case Expr.RowCompare row -> row.left();
            case Expr.BoolExpr all -> {
                List<Expr> result = new ArrayList<>();
                all.arguments().forEach(a -> result.addAll(leftSides(a)));
                yield result;
            }
            default -> List.of(test);
        };
    }

    private void aggregate(Expr.AggregateCall e) {
        out.add(name(e.function()) + "(" + (e.distinct().isEmpty() ? "" : "DISTINCT "));
        if (e.kind() != 'n') {
            list(e.directArguments(), ", ");
            out.add(") WITHIN GROUP (ORDER BY ");
            order(e.orderBy(), e.arguments());
        } else if (e.star()) {
            out.add("*");
        } else {
            arguments(e.arguments().stream().filter(t -> !t.junk()).map(TargetEntry::expr).toList(), e.variadic());
        }
        if (e.kind() == 'n' && !e.orderBy().isEmpty()) {
            out.add(" ORDER BY ");
            order(e.orderBy(), e.arguments());
        }
        filter(e.filter());
        out.add(")");
    }

    private void filter(Expr filter) {
        if (filter != null) {
            out.add(") FILTER (WHERE ");
            write(filter, false);
        }
    }

    /** ORDER BY keys; a constant is cast so that it is not taken for a column number. */
    void order(List<SortGroupClause> keys, List<TargetEntry> targets) {
        for (int i = 0; i < keys.size(); i++) {
            SortGroupClause key = keys.get(i);
            out.add(i == 0 ? "" : ", ");
            sortExpr(key, targets);
            if (key.descending()) {
                out.add(" DESC" + (key.nullsFirst() ? "" : " NULLS LAST"));
            } else if (key.nullsFirst()) {
                out.add(" NULLS FIRST");
            }
        }
    }

    void sortExpr(SortGroupClause key, List<TargetEntry> targets) {
        Expr expr = ClauseAnalyzer.byReference(targets, key.targetRef()).expr();
        switch (expr) {
            case Expr.Const c -> constant(c, 1);
            case Expr.ColumnRef c -> write(c);
            default -> {
                // What looks like a function could be taken for something else; other forms come in parentheses.
                boolean extra = style.fewParentheses || expr instanceof Expr.FunctionCall
                        || expr instanceof Expr.AggregateCall || expr instanceof Expr.WindowCall;
                out.add(extra ? "(" : "");
                write(expr);
                out.add(extra ? ")" : "");
            }
        }
    }

    private void window(Expr.WindowCall e) {
        out.add(name(e.function()) + "(");
        if (e.star()) {
            out.add("*");
        } else {
            arguments(e.arguments(), e.variadic());
        }
        filter(e.filter());
        out.add(") OVER ");
        Level level = levels.isEmpty() ? null : levels.getFirst();
        if (level == null || level.windows().isEmpty()) {
            out.add("(?)");
            return;
        }
        WindowClause window = level.windows().get(e.windowReference() - 1);
        if (window.name() != null) {
            out.add(Keywords.quoteIdentifier(window.name()));
        } else {
            window(window, level.targets());
        }
    }

    void window(WindowClause window, List<TargetEntry> targets) {
        out.add("(");
        String separator = "";
        if (window.baseName() != null) {
            out.add(Keywords.quoteIdentifier(window.baseName()));
            separator = " ";
        }
        if (!window.partitionBy().isEmpty() && window.baseName() == null) {
            out.add(separator + "PARTITION BY ");
            for (int i = 0; i < window.partitionBy().size(); i++) {
                out.add(i == 0 ? "" : ", ");
                sortExpr(window.partitionBy().get(i), targets);
            }
            separator = " ";
        }
        if (!window.orderBy().isEmpty() && !window.copiedOrder()) {
            out.add(separator + "ORDER BY ");
            order(window.orderBy(), targets);
            separator = " ";
        }
        WindowClause.Frame frame = window.frame();
        if (frame.written()) {
            out.add(separator + frame.unit() + (frame.startOnly() ? " " : " BETWEEN "));
            bound(frame.start(), frame.startOffset());
            if (!frame.startOnly()) {
                out.add(" AND ");
                bound(frame.end(), frame.endOffset());
            }
            if (frame.exclusion() != WindowClause.Exclusion.NO_OTHERS) {
                out.add(" EXCLUDE " + frame.exclusion().name().replace('_', ' '));
            }
        }
        out.add(")");
    }

    private void bound(WindowClause.Bound bound, Expr offset) {
        if (offset != null) {
            write(offset, false);
            out.add(bound == WindowClause.Bound.OFFSET_PRECEDING ? " PRECEDING" : " FOLLOWING");
        } else {
            out.add(bound.name().replace('_', ' '));
        }
    }
}
