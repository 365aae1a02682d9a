package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.sql.parser.Keywords;
import io.quantadb.sql.typed.CommonTable;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.GroupingSet;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.RowMark;
import io.quantadb.sql.typed.SetOperationTree;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.sql.typed.WindowClause;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Queries to text. */
final class QueryDeparser {
    private static final int STANDARD = DeparseWriter.STANDARD;

    private final CatalogReader catalog;
    private final TextContext text;
    private final Deparser.Style style;
    private final DeparseWriter out;

    QueryDeparser(CatalogReader catalog, TextContext text, Deparser.Style style, DeparseWriter out) {
        this.catalog = catalog;
        this.text = text;
        this.style = style;
        this.out = out;
    }

    /**
     * @param outer   levels of enclosing queries, innermost first
     * @param names   whether somebody sees the column names
     * @param columns names the columns must have, null for the query's own
     */
    void write(Query query, List<ExprDeparser.Level> outer, boolean names, List<String> columns) {
        int saved = out.level;
        List<ExprDeparser.Level> levels = new ArrayList<>();
        levels.add(new ExprDeparser.Level(query.rangeTable(), uniqueNames(query, outer), true, query.targetList(),
                query.windows()));
        levels.addAll(outer);
        ExprDeparser exprs = new ExprDeparser(catalog, text, style, out, levels, null);
        with(query, levels);
        switch (query.command()) {
            case SELECT -> select(query, exprs, levels, names, columns);
            case INSERT -> insert(query, exprs, levels);
            case UPDATE -> update(query, exprs, levels);
            case DELETE -> delete(query, exprs, levels);
            case MERGE -> throw SqlException.notSupported("printing MERGE is not supported");
        }
        out.level = saved;
    }

    /** Names of the entries; one that an enclosing query uses too gets a number. */
    private static List<String> uniqueNames(Query query, List<ExprDeparser.Level> outer) {
        Set<String> used = new HashSet<>();
        outer.forEach(level -> used.addAll(level.names()));
        List<String> result = new ArrayList<>();
        for (RangeTableEntry entry : query.rangeTable()) {
            String name = entry.name();
            if (!(entry instanceof RangeTableEntry.Join && entry.alias() == null)) {
                for (int i = 1; !used.add(name); i++) {
                    name = entry.name() + "_" + i;
                }
            }
            result.add(name);
        }
        return result;
    }

    private void with(Query query, List<ExprDeparser.Level> levels) {
        if (query.commonTables().isEmpty()) {
            return;
        }
        if (out.breaksLines()) {
            out.level += STANDARD;
            out.add(" ");
        }
        String separator = query.withRecursive() ? "WITH RECURSIVE " : "WITH ";
        for (CommonTable table : query.commonTables()) {
            out.add(separator + Keywords.quoteIdentifier(table.name()));
            if (!table.aliasColumns().isEmpty()) {
                out.add("(" + identifiers(table.aliasColumns()) + ")");
            }
            out.add(" AS " + switch (table.materialization()) {
                case DEFAULT -> "";
                case ALWAYS -> "MATERIALIZED ";
                case NEVER -> "NOT MATERIALIZED ";
            } + "(");
            out.keyword("", 0, 0, 0);
            write(table.query(), levels, true, null);
            out.keyword("", 0, 0, 0);
            out.add(")");
            separator = ", ";
        }
        if (out.breaksLines()) {
            out.level -= STANDARD;
            out.keyword("", 0, 0, 0);
        } else {
            out.add(" ");
        }
    }

    private static String identifiers(List<String> names) {
        return names.stream().map(Keywords::quoteIdentifier).collect(Collectors.joining(", "));
    }

    private void select(Query query, ExprDeparser exprs, List<ExprDeparser.Level> levels, boolean names,
                        List<String> columns) {
        if (query.setOperations() != null) {
            setOperation(query, query.setOperations(), levels, names, columns);
        } else {
            basicSelect(query, exprs, levels, names, columns);
        }
        if (!query.orderBy().isEmpty()) {
            out.keyword(" ORDER BY ", -STANDARD, STANDARD, 1);
            if (query.setOperations() != null) {
                setOrder(query);
            } else {
                exprs.order(query.orderBy(), query.targetList());
            }
        }
        if (query.limitOffset() != null) {
            out.keyword(" OFFSET ", -STANDARD, STANDARD, 0);
            exprs.write(query.limitOffset(), false);
        }
        if (query.limitCount() != null) {
            if (query.withTies()) {
                out.keyword(" FETCH FIRST (", -STANDARD, STANDARD, 0);
                exprs.write(query.limitCount(), false);
                out.add(") ROWS WITH TIES");
            } else {
                out.keyword(" LIMIT ", -STANDARD, STANDARD, 0);
                if (query.limitCount() instanceof Expr.Const c && c.isNull()) {
                    out.add("ALL");
                } else {
                    exprs.write(query.limitCount(), false);
                }
            }
        }
        for (RowMark mark : query.rowMarks()) {
            if (!mark.pushedDown()) {
                out.keyword(" FOR " + mark.strength().name().replace('_', ' '), -STANDARD, STANDARD, 0);
                out.add(" OF " + Keywords.quoteIdentifier(query.entry(mark.rangeIndex()).name()));
                out.add(switch (mark.waitPolicy()) {
                    case BLOCK -> "";
                    case NOWAIT -> " NOWAIT";
                    case SKIP_LOCKED -> " SKIP LOCKED";
                });
            }
        }
    }

    private void setOrder(Query query) {
        for (int i = 0; i < query.orderBy().size(); i++) {
            SortGroupClause key = query.orderBy().get(i);
            TargetEntry target = ClauseAnalyzer.byReference(query.targetList(), key.targetRef());
            out.add((i == 0 ? "" : ", ") + target.number());
            out.add(key.descending() ? " DESC" + (key.nullsFirst() ? "" : " NULLS LAST")
                    : key.nullsFirst() ? " NULLS FIRST" : "");
        }
    }

    private void basicSelect(Query query, ExprDeparser exprs, List<ExprDeparser.Level> levels, boolean names,
                             List<String> columns) {
        if (out.breaksLines()) {
            out.level += STANDARD;
            out.add(" ");
        }
        RangeTableEntry.Values values = simpleValues(query);
        if (values != null) {
            valuesRows(values, exprs);
            return;
        }
        out.add("SELECT");
        if (query.distinctOn()) {
            out.add(" DISTINCT ON (");
            for (int i = 0; i < query.distinct().size(); i++) {
                out.add(i == 0 ? "" : ", ");
                exprs.sortExpr(query.distinct().get(i), query.targetList());
            }
            out.add(")");
        } else if (!query.distinct().isEmpty()) {
            out.add(" DISTINCT");
        }
        targets(query.targetList(), levels, exprs, names, columns);
        from(query, " FROM ", exprs, levels, -1);
        where(query, exprs);
        groupBy(query, exprs);
        if (query.having() != null) {
            out.keyword(" HAVING ", -STANDARD, STANDARD, 0);
            exprs.write(query.having(), false);
        }
        boolean named = false;
        for (WindowClause window : query.windows()) {
            if (window.name() != null) {
                if (named) {
                    out.add(", ");
                } else {
                    out.keyword(" WINDOW ", -STANDARD, STANDARD, 1);
                }
                named = true;
                out.add(Keywords.quoteIdentifier(window.name()) + " AS ");
                exprs.window(window, query.targetList());
            }
        }
    }

    private static RangeTableEntry.Values simpleValues(Query query) {
        if (query.joinTree().items().size() == 1 && query.joinTree().where() == null
                && query.joinTree().items().getFirst() instanceof JoinTree.Leaf leaf
                && query.entry(leaf.rangeIndex()) instanceof RangeTableEntry.Values values && values.alias() == null
                && query.rangeTable().size() == 1) {
            return values;
        }
        return null;
    }

    private void valuesRows(RangeTableEntry.Values values, ExprDeparser exprs) {
        out.add("VALUES ");
        for (int i = 0; i < values.rows().size(); i++) {
            out.add(i == 0 ? "(" : ", (");
            List<Expr> row = values.rows().get(i);
            for (int c = 0; c < row.size(); c++) {
                out.add(c == 0 ? "" : ",");
                exprs.writeTopLevel(row.get(c));
            }
            out.add(")");
        }
    }

    private void targets(List<TargetEntry> targets, List<ExprDeparser.Level> levels, ExprDeparser exprs, boolean names,
                         List<String> columns) {
        int number = 0;
        for (TargetEntry target : targets) {
            if (target.junk()) {
                continue;
            }
            out.add(number == 0 ? " " : ", ");
            int mark = out.length();
            exprs.writeTopLevel(target.expr());
            String own = target.expr() instanceof Expr.ColumnRef c && c.attribute() != 0
                    ? columnName(levels, c) : names ? null : "?column?";
            String shown = columns != null && number < columns.size() ? columns.get(number) : target.name();
            if (shown != null && !shown.equals(own)) {
                out.add(" AS " + Keywords.quoteIdentifier(shown));
            }
            if (number > 0) {
                out.breakBefore(mark, DeparseWriter.COLUMN);
            }
            number++;
        }
    }

    private static String columnName(List<ExprDeparser.Level> levels, Expr.ColumnRef c) {
        ExprDeparser.Level level = levels.get(c.levelsUp());
        Expr.ColumnRef join = level.throughJoin(c);
        Expr.ColumnRef shown = join == null ? c : join;
        return ExprDeparser.columnName(level.entries().get(shown.rangeIndex() - 1), shown.attribute());
    }

    private void where(Query query, ExprDeparser exprs) {
        if (query.where() != null) {
            out.keyword(" WHERE ", -STANDARD, STANDARD, 1);
            exprs.write(query.where(), false);
        }
    }

    private void groupBy(Query query, ExprDeparser exprs) {
        if (query.groupBy().isEmpty() && query.groupingClauses().isEmpty()) {
            return;
        }
        out.keyword(" GROUP BY ", -STANDARD, STANDARD, 1);
        out.add(query.groupByDistinct() ? "DISTINCT " : "");
        if (query.groupingClauses().isEmpty()) {
            for (int i = 0; i < query.groupBy().size(); i++) {
                out.add(i == 0 ? "" : ", ");
                exprs.sortExpr(query.groupBy().get(i), query.targetList());
            }
            return;
        }
        for (int i = 0; i < query.groupingClauses().size(); i++) {
            out.add(i == 0 ? "" : ", ");
            groupingSet(query, query.groupingClauses().get(i), exprs, true);
        }
    }

    private void groupingSet(Query query, GroupingSet set, ExprDeparser exprs, boolean omitParentheses) {
        switch (set.kind()) {
            case EMPTY -> out.add("()");
            case SIMPLE -> {
                boolean bare = omitParentheses && set.references().size() == 1;
                out.add(bare ? "" : "(");
                for (int i = 0; i < set.references().size(); i++) {
                    out.add(i == 0 ? "" : ", ");
                    int reference = set.references().get(i);
                    exprs.sortExpr(query.groupBy().stream().filter(k -> k.targetRef() == reference).findFirst()
                            .orElseThrow(), query.targetList());
                }
                out.add(bare ? "" : ")");
            }
            case ROLLUP, CUBE, SETS -> {
                boolean sets = set.kind() == GroupingSet.Kind.SETS;
                out.add(sets ? "GROUPING SETS (" : set.kind() + "(");
                for (int i = 0; i < set.children().size(); i++) {
                    out.add(i == 0 ? "" : ", ");
                    groupingSet(query, set.children().get(i), exprs, !sets);
                }
                out.add(")");
            }
        }
    }

    // FROM

    /** @param skip range index of an item not to print (the target of an UPDATE or DELETE), or -1 */
    private void from(Query query, String keyword, ExprDeparser exprs, List<ExprDeparser.Level> levels, int skip) {
        boolean first = true;
        for (JoinTree item : query.joinTree().items()) {
            if (item instanceof JoinTree.Leaf leaf && leaf.rangeIndex() == skip) {
                continue;
            }
            if (first) {
                out.keyword(keyword, -STANDARD, STANDARD, 2);
            } else {
                out.add(", ");
                if (out.breaksLines()) {
                    out.keyword("", -STANDARD, STANDARD, DeparseWriter.COLUMN);
                }
            }
            first = false;
            item(query, item, exprs, levels);
        }
    }

    private void item(Query query, JoinTree item, ExprDeparser exprs, List<ExprDeparser.Level> levels) {
        switch (item) {
            case JoinTree.Leaf leaf -> entry(query.entry(leaf.rangeIndex()),
                    levels.getFirst().names().get(leaf.rangeIndex() - 1), exprs, levels);
            case JoinTree.Join join -> join(query, join, exprs, levels);
            case JoinTree.From from -> from.items().forEach(inner -> item(query, inner, exprs, levels));
        }
    }

    private void join(Query query, JoinTree.Join join, ExprDeparser outside, List<ExprDeparser.Level> outer) {
        RangeTableEntry.Join entry = (RangeTableEntry.Join) query.entry(join.rangeIndex());
        List<ExprDeparser.Level> levels = outer;
        ExprDeparser exprs = outside;
        if (entry.alias() != null) {
            levels = new ArrayList<>(outer);
            levels.set(0, outer.getFirst().inside(join.rangeIndex()));
            exprs = new ExprDeparser(catalog, text, style, out, levels, null);
        }
        boolean parentheses = !style.fewParentheses || entry.alias() != null;
        out.add(parentheses ? "(" : "");
        item(query, join.left(), exprs, levels);
        boolean cross = join.kind() == RangeTableEntry.JoinKind.INNER && join.condition() == null;
        out.keyword(cross ? " CROSS JOIN " : switch (join.kind()) {
            case INNER -> " JOIN ";
            case LEFT -> " LEFT JOIN ";
            case RIGHT -> " RIGHT JOIN ";
            case FULL -> " FULL JOIN ";
        }, -STANDARD, STANDARD, DeparseWriter.JOIN);
        boolean right = style.fewParentheses && join.right() instanceof JoinTree.Join r
                && query.entry(r.rangeIndex()).alias() == null;
        out.add(right ? "(" : "");
        item(query, join.right(), exprs, levels);
        out.add(right ? ")" : "");
        if (!join.using().isEmpty()) {
            out.add(" USING (" + identifiers(join.using()) + ")");
            if (entry.usingAlias() != null) {
                out.add(" AS " + Keywords.quoteIdentifier(entry.usingAlias()));
            }
        } else if (join.condition() != null) {
            out.add(style.fewParentheses ? " ON " : " ON (");
            exprs.write(join.condition(), false);
            out.add(style.fewParentheses ? "" : ")");
        } else if (!cross) {
            out.add(" ON TRUE");
        }
        out.add(parentheses ? ")" : "");
        if (entry.alias() != null) {
            out.add(" " + Keywords.quoteIdentifier(entry.name()));
            columnAliases(entry.alias().columns().isEmpty() ? List.of()
                    : entry.columns().stream().map(RangeColumn::name).toList());
        }
    }

    private void columnAliases(List<String> columns) {
        if (!columns.isEmpty()) {
            out.add("(" + identifiers(columns) + ")");
        }
    }

    /** The alias, if it is needed: it renames columns, or the name is not the relation's {@code own}. */
    private void alias(RangeTableEntry entry, String name, String own) {
        boolean columns = entry.alias() != null && !entry.alias().columns().isEmpty();
        if (columns || !name.equals(own)) {
            out.add(" " + Keywords.quoteIdentifier(name));
            if (columns) {
                columnAliases(entry.alias().columns());
            }
        }
    }

    /** All columns' names if one of them is not the relation's own. */
    private void aliasOf(RangeTableEntry entry, RelationDescriptor relation, String name) {
        List<String> columns = new ArrayList<>();
        boolean renamed = false;
        for (int i = 0; i < entry.columns().size(); i++) {
            RangeColumn column = entry.columns().get(i);
            if (!column.dropped()) {
                columns.add(column.name());
                renamed |= i < relation.columns().size() && !column.name().equals(relation.columns().get(i).name());
            }
        }
        if (renamed || !name.equals(relation.name())) {
            out.add(" " + Keywords.quoteIdentifier(name));
            columnAliases(renamed ? columns : List.of());
        }
    }

    private void entry(RangeTableEntry entry, String name, ExprDeparser exprs, List<ExprDeparser.Level> levels) {
        switch (entry) {
            case RangeTableEntry.Relation e -> {
                RelationDescriptor relation = catalog.relation(e.relationOid());
                out.add((e.inherit() ? "" : "ONLY ") + exprs.relation(relation));
                aliasOf(e, relation, name);
                if (e.sample() != null) {
                    out.add(" TABLESAMPLE " + exprs.name(e.sample().handler()) + " (");
                    for (int i = 0; i < e.sample().arguments().size(); i++) {
                        out.add(i == 0 ? "" : ", ");
                        exprs.write(e.sample().arguments().get(i), false);
                    }
                    out.add(")");
                    if (e.sample().repeatable() != null) {
                        out.add(" REPEATABLE (");
                        exprs.write(e.sample().repeatable(), false);
                        out.add(")");
                    }
                }
            }
            case RangeTableEntry.Subquery e when e.viewOid() != 0 -> {
                RelationDescriptor view = catalog.relation(e.viewOid());
                out.add(exprs.relation(view));
                aliasOf(e, view, name);
            }
            case RangeTableEntry.Subquery e -> {
                out.add(e.lateral() ? "LATERAL (" : "(");
                write(e.query(), levels, true, null);
                out.add(")");
                alias(e, name, null);
            }
            case RangeTableEntry.Function e -> function(e, name, exprs);
            case RangeTableEntry.Values e -> {
                out.add("( ");
                valuesRows(e, exprs);
                out.add(") " + Keywords.quoteIdentifier(name));
                columnAliases(e.columns().stream().map(RangeColumn::name).toList());
            }
            case RangeTableEntry.Cte e -> {
                out.add(Keywords.quoteIdentifier(e.cteName()));
                alias(e, name, e.cteName());
            }
            case RangeTableEntry.Join _ -> throw new IllegalStateException("a join is not a leaf");
        }
    }

    private void function(RangeTableEntry.Function e, String name, ExprDeparser exprs) {
        out.add(e.lateral() ? "LATERAL " : "");
        if (isUnnest(e)) {
            out.add("UNNEST(");
            exprs.list(e.functions().stream().map(f -> ((Expr.FunctionCall) f.call()).arguments().getFirst()).toList(),
                    ", ");
            out.add((e.ordinality() ? ") WITH ORDINALITY " : ") ") + Keywords.quoteIdentifier(name));
            columnAliases(e.columns().stream().map(RangeColumn::name).toList());
            return;
        }
        boolean rowsFrom = e.functions().size() != 1 || e.ordinality() && e.functions().getFirst().columnDefinitions();
        out.add(rowsFrom ? "ROWS FROM(" : "");
        for (int i = 0; i < e.functions().size(); i++) {
            out.add(i == 0 ? "" : ", ");
            RangeTableEntry.RangeFunction f = e.functions().get(i);
            exprs.write(f.call());
            if (rowsFrom && f.columnDefinitions()) {
                out.add(" AS ");
                definitions(f);
            }
        }
        out.add((rowsFrom ? ")" : "") + (e.ordinality() ? " WITH ORDINALITY" : ""));
        out.add(" " + Keywords.quoteIdentifier(name));
        if (!rowsFrom && e.functions().getFirst().columnDefinitions()) {
            definitions(e.functions().getFirst());
        } else {
            columnAliases(e.columns().stream().map(RangeColumn::name).toList());
        }
    }

    /** Several unnest calls side by side, which is what {@code unnest(a, b)} means. */
    private static boolean isUnnest(RangeTableEntry.Function e) {
        return e.functions().size() > 1 && e.functions().stream().allMatch(f -> !f.columnDefinitions()
                && f.call() instanceof Expr.FunctionCall call && call.arguments().size() == 1
                && call.function().internalName().equals("array_unnest"));
    }

    private void definitions(RangeTableEntry.RangeFunction f) {
        out.add("(" + f.columns().stream().map(c -> Keywords.quoteIdentifier(c.name()) + " "
                + catalog.formatType(c.type().oid(), c.typmod())).collect(Collectors.joining(", ")) + ")");
    }

    // Set operations

    private void setOperation(Query query, SetOperationTree tree, List<ExprDeparser.Level> levels, boolean names,
                              List<String> columns) {
        switch (tree) {
            case SetOperationTree.Leaf leaf -> {
                Query inner = ((RangeTableEntry.Subquery) query.entry(leaf.rangeIndex())).query();
                boolean parentheses = !inner.commonTables().isEmpty() || !inner.orderBy().isEmpty()
                        || !inner.rowMarks().isEmpty() || inner.limitOffset() != null || inner.limitCount() != null
                        || inner.setOperations() != null;
                out.add(parentheses ? "(" : "");
                write(inner, levels, names, columns);
                out.add(parentheses ? ")" : "");
            }
            case SetOperationTree.Operation o -> {
                left(query, o, levels, names, columns);
                out.add(o.operator() + (o.all() ? " ALL " : " "));
                right(query, o, levels, columns);
            }
        }
    }

    private void left(Query query, SetOperationTree.Operation o, List<ExprDeparser.Level> levels, boolean names,
                      List<String> columns) {
        boolean parentheses = o.left() instanceof SetOperationTree.Operation child
                && !(child.operator() == o.operator() && child.all() == o.all());
        int indent = parentheses ? STANDARD : 0;
        if (parentheses) {
            out.add("(");
            out.keyword("", indent, 0, 0);
        }
        setOperation(query, o.left(), levels, names, columns);
        if (parentheses) {
            out.keyword(") ", -indent, 0, 0);
        } else if (out.breaksLines()) {
            out.keyword("", -indent, 0, 0);
        } else {
            out.add(" ");
        }
    }

    private void right(Query query, SetOperationTree.Operation o, List<ExprDeparser.Level> levels,
                       List<String> columns) {
        boolean parentheses = o.right() instanceof SetOperationTree.Operation;
        int indent = parentheses ? STANDARD : 0;
        out.add(parentheses ? "(" : "");
        out.keyword("", indent, 0, 0);
        setOperation(query, o.right(), levels, false, columns);
        out.level -= out.breaksLines() ? indent : 0;
        if (parentheses) {
            out.keyword(")", 0, 0, 0);
        }
    }

    // Changes

    private String target(Query query, ExprDeparser exprs) {
        RangeTableEntry.Relation e = (RangeTableEntry.Relation) query.entry(query.resultRelation());
        return exprs.relation(catalog.relation(e.relationOid()))
                + (e.alias() == null ? "" : " " + Keywords.quoteIdentifier(e.name()));
    }

    private void start(String words) {
        if (out.breaksLines()) {
            out.level += STANDARD;
            out.add(" ");
        }
        out.add(words);
    }

    private void returning(Query query, ExprDeparser exprs, List<ExprDeparser.Level> levels) {
        if (!query.returning().isEmpty()) {
            out.keyword(" RETURNING", -STANDARD, STANDARD, 1);
            targets(query.returning(), levels, exprs, true, null);
        }
    }

    private void insert(Query query, ExprDeparser exprs, List<ExprDeparser.Level> levels) {
        start("INSERT INTO " + target(query, exprs));
        List<TargetEntry> written = query.targetList().stream()
                .filter(t -> !query.defaultsOf().contains(t.number())).toList();
        out.add(written.isEmpty() ? " DEFAULT VALUES" : " ("
                + identifiers(written.stream().map(TargetEntry::name).toList()) + ")");
        RangeTableEntry source = query.joinTree().items().isEmpty() ? null
                : query.entry(((JoinTree.Leaf) query.joinTree().items().getFirst()).rangeIndex());
        switch (source) {
            case RangeTableEntry.Subquery s -> {
                out.add(" ");
                write(s.query(), levels, false, null);
            }
            case RangeTableEntry.Values v -> {
                out.add(" ");
                valuesRows(v, exprs);
            }
            case null, default -> {
                if (!written.isEmpty()) {
                    out.keyword("VALUES (", -STANDARD, STANDARD, 2);
                    exprs.list(written.stream().map(TargetEntry::expr).toList(), ", ");
                    out.add(")");
                }
            }
        }
        if (query.onConflict() != null) {
            throw SqlException.notSupported("printing ON CONFLICT is not supported");
        }
        returning(query, exprs, levels);
    }

    private void update(Query query, ExprDeparser exprs, List<ExprDeparser.Level> levels) {
        start("UPDATE " + target(query, exprs) + " SET ");
        String separator = "";
        for (TargetEntry target : query.targetList()) {
            if (target.junk()) {
                throw SqlException.notSupported("printing multi-column SET is not supported");
            }
            out.add(separator + Keywords.quoteIdentifier(target.name()) + " = ");
            exprs.write(target.expr());
            separator = ", ";
        }
        from(query, " FROM ", exprs, levels, query.resultRelation());
        where(query, exprs);
        returning(query, exprs, levels);
    }

    private void delete(Query query, ExprDeparser exprs, List<ExprDeparser.Level> levels) {
        start("DELETE FROM " + target(query, exprs));
        from(query, " USING ", exprs, levels, query.resultRelation());
        where(query, exprs);
        returning(query, exprs, levels);
    }
}
