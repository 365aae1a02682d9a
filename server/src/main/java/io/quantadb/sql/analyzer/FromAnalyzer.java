package io.quantadb.sql.analyzer;

import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Alias;
import io.quantadb.sql.ast.ColumnDefinition;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;

/** The FROM clause: range table entries, the join tree, and which names are visible where. */
final class FromAnalyzer {
    private final Analysis analysis;
    private final JoinAnalyzer joins;

    FromAnalyzer(Analysis analysis) {
        this.analysis = analysis;
        joins = new JoinAnalyzer(analysis, this);
    }

    /** One analysed item with the names it adds. */
    record Item(JoinTree tree, NamespaceItem top, List<NamespaceItem> namespace) {
    }

    /** All items of a FROM list; their names become visible to the other clauses. */
    List<JoinTree> analyze(Scope scope, List<FromItem> items) {
        List<JoinTree> trees = new ArrayList<>();
        for (FromItem item : items) {
            Item analyzed = item(scope, item);
            checkConflicts(scope.namespace, analyzed.namespace);
            setLateral(analyzed.namespace, true, true);
            scope.namespace.addAll(analyzed.namespace);
            trees.add(analyzed.tree);
        }
        setLateral(scope.namespace, false, true);
        return trees;
    }

    static void setLateral(List<NamespaceItem> namespace, boolean only, boolean ok) {
        for (NamespaceItem item : namespace) {
            item.lateralOnly = only;
            item.lateralOk = ok;
        }
    }

    void checkConflicts(List<NamespaceItem> left, List<NamespaceItem> right) {
        for (NamespaceItem a : left) {
            for (NamespaceItem b : right) {
                if (!a.relationVisible || !b.relationVisible || !a.name.equals(b.name)) {
                    continue;
                }
                boolean distinctRelations = a.entry.alias() == null && b.entry.alias() == null
                        && a.entry instanceof RangeTableEntry.Relation x
                        && b.entry instanceof RangeTableEntry.Relation y && x.relationOid() != y.relationOid();
                if (!distinctRelations) {
                    throw new SqlException(SqlState.DUPLICATE_ALIAS, "table name \"" + b.name
                            + "\" specified more than once");
                }
            }
        }
    }

    Item item(Scope scope, FromItem item) {
        return switch (item) {
            case FromItem.TableRef table -> leaf(table(scope, table));
            case FromItem.SubqueryRef subquery -> leaf(subquery(scope, subquery));
            case FromItem.FunctionRef function -> leaf(function(scope, function));
            case FromItem.Join join -> joins.join(scope, join);
        };
    }

    private static Item leaf(NamespaceItem item) {
        return new Item(new JoinTree.Leaf(item.rangeIndex), item, List.of(item));
    }

    static RangeTableEntry.Alias aliasOf(Alias alias) {
        return alias == null || alias.name() == null ? null
                : new RangeTableEntry.Alias(alias.name(), alias.columns().stream().map(Identifier::name).toList());
    }

    /** Columns under their aliases. */
    List<RangeColumn> rename(List<RangeColumn> columns, Alias alias, String kind, String name) {
        if (alias == null || alias.columns().isEmpty()) {
            return columns;
        }
        long live = columns.stream().filter(c -> !c.dropped()).count();
        if (alias.columns().size() > live) {
            throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE, kind + " \"" + name + "\" has " + live
                    + " columns available but " + alias.columns().size() + " columns specified", -1);
        }
        List<RangeColumn> result = new ArrayList<>();
        int next = 0;
        for (RangeColumn column : columns) {
            boolean renamed = !column.dropped() && next < alias.columns().size();
            result.add(renamed ? new RangeColumn(alias.columns().get(next++).name(), column.type(), column.typmod(),
                    column.collation()) : column);
        }
        return result;
    }

    // Tables

    private NamespaceItem table(Scope scope, FromItem.TableRef table) {
        QualifiedName q = table.name();
        if (q.schema() == null) {
            NamespaceItem cte = analysis.with.reference(scope, table);
            if (cte != null) {
                return cte;
            }
        }
        RelationDescriptor relation = open(scope, q);
        NamespaceItem item = relation.kind() == RelationKind.VIEW
                ? view(scope, relation, table.alias()) : scope.add(entry(scope, relation, table, readLock(scope)));
        scope.access(item.rangeIndex, relation.oid()).select = true;
        return item;
    }

    private static RangeTableEntry.LockMode readLock(Scope scope) {
        return scope.lockedFromParent || !scope.locking.isEmpty() ? RangeTableEntry.LockMode.ROW_SHARE
                : RangeTableEntry.LockMode.ACCESS_SHARE;
    }

    RelationDescriptor open(Scope scope, QualifiedName q) {
        if (q.catalog() != null && !q.catalog().equals(analysis.catalog.databaseName())) {
            throw analysis.notSupported("cross-database references are not implemented: \"" + Names.qualified(q)
                    + "\"", q.position());
        }
        RelationDescriptor relation = q.schema() != null && analysis.catalog.schema(q.schema()) == null ? null
                : analysis.catalog.relation(q.schema(), q.name());
        if (relation == null) {
            SqlException error = analysis.error(SqlState.UNDEFINED_TABLE, "relation \"" + Names.qualified(q)
                    + "\" does not exist", q.position());
            if (q.schema() == null && scope != null && analysis.with.isFuture(scope, q.name())) {
                error.withDetail("There is a WITH item named \"" + q.name()
                        + "\", but it cannot be referenced from this part of the query.")
                        .withHint("Use WITH RECURSIVE, or re-order the WITH items to remove forward references.");
            }
            throw error;
        }
        switch (relation.kind()) {
            case INDEX, PARTITIONED_INDEX -> throw cannotOpen(q, "indexes");
            case COMPOSITE_TYPE -> throw cannotOpen(q, "composite types");
            default -> {
            }
        }
        return relation;
    }

    private SqlException cannotOpen(QualifiedName q, String kind) {
        return analysis.error(SqlState.WRONG_OBJECT_TYPE, "cannot open relation \"" + q.name() + "\"", q.position())
                .withDetail("This operation is not supported for " + kind + ".");
    }

    static List<RangeColumn> columnsOf(RelationDescriptor relation) {
        return relation.columns().stream().map(c -> new RangeColumn(c.name(), c.dropped() ? null : c.type(),
                c.typmod(), c.collation(), c.dropped())).toList();
    }

    RangeTableEntry entry(Scope scope, RelationDescriptor relation, FromItem.TableRef table,
                          RangeTableEntry.LockMode lock) {
        RangeTableEntry.Alias alias = aliasOf(table.alias());
        String name = alias == null ? relation.name() : alias.name();
        return new RangeTableEntry.Relation(relation.oid(), relation.schemaName(), relation.name(),
                relation.kind().code(), !table.only(), table.sample() == null ? null : sample(scope, table.sample()),
                lock, name, alias, rename(columnsOf(relation), table.alias(), "table", name));
    }

    private RangeTableEntry.TableSample sample(Scope scope, FromItem.TableSample sample) {
        FunctionDescriptor handler = analysis.catalog.function(sample.method().schema(), sample.method().name(),
                new int[] {Oids.INTERNAL});
        if (handler == null || handler.returnType() != Oids.TSM_HANDLER) {
            throw analysis.error(SqlState.UNDEFINED_OBJECT, "tablesample method "
                    + Names.qualified(sample.method()) + " does not exist", sample.method().position());
        }
        if (sample.arguments().size() != 1) {
            throw analysis.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "tablesample method " + sample.method().name()
                    + " requires 1 argument, not " + sample.arguments().size(), sample.position())
                    .withCode("2202H");
        }
        List<Expr> arguments = new ArrayList<>();
        for (Expression argument : sample.arguments()) {
            arguments.add(analysis.coercion.toSpecific(scope, analysis.expressions.analyze(scope, argument,
                    ExprKind.FROM_FUNCTION), Oids.FLOAT4, "TABLESAMPLE"));
        }
        Expr repeatable = sample.repeatable() == null ? null : analysis.coercion.toSpecific(scope,
                analysis.expressions.analyze(scope, sample.repeatable(), ExprKind.FROM_FUNCTION), Oids.FLOAT8,
                "REPEATABLE");
        return new RangeTableEntry.TableSample(Analysis.functionRef(handler), arguments, repeatable);
    }

    private NamespaceItem view(Scope scope, RelationDescriptor view, Alias alias) {
        Query query = Views.definition(analysis, view);
        RangeTableEntry.Alias typedAlias = aliasOf(alias);
        String name = typedAlias == null ? view.name() : typedAlias.name();
        boolean barrier = "true".equals(view.option("security_barrier"));
        return scope.add(new RangeTableEntry.Subquery(query, view.oid(), barrier, false, name, typedAlias,
                rename(columnsOf(view), alias, "table", name)));
    }

    // Subqueries

    private NamespaceItem subquery(Scope scope, FromItem.SubqueryRef ref) {
        if (ref.alias() == null || ref.alias().name() == null) {
            boolean values = ref.query().body() instanceof QueryBody.Values;
            throw analysis.error(SqlState.SYNTAX_ERROR, (values ? "VALUES" : "subquery")
                    + " in FROM must have an alias", ref.position()).withHint("For example, FROM ("
                    + (values ? "VALUES" : "SELECT") + " ...) [AS] foo.");
        }
        ExprKind saved = scope.kind;
        boolean savedLateral = scope.lateralActive;
        scope.kind = ExprKind.FROM_SUBSELECT;
        scope.lateralActive = ref.lateral();
        Query query = analysis.queries.subquery(scope, ref.query(), true);
        scope.lateralActive = savedLateral;
        scope.kind = saved;
        return addSubquery(scope, query, ref.lateral(), ref.alias());
    }

    NamespaceItem addSubquery(Scope scope, Query query, boolean lateral, Alias alias) {
        return scope.add(new RangeTableEntry.Subquery(query, 0, false, lateral, alias.name(), aliasOf(alias),
                rename(columnsOf(query), alias, "table", alias.name())));
    }

    static List<RangeColumn> columnsOf(Query query) {
        List<RangeColumn> result = new ArrayList<>();
        for (TargetEntry target : query.resultColumns()) {
            result.add(new RangeColumn(target.name(), target.expr().type(), target.expr().typmod(),
                    target.expr().collation()));
        }
        return result;
    }

    // Functions

    private NamespaceItem function(Scope scope, FromItem.FunctionRef ref) {
        boolean savedLateral = scope.lateralActive;
        scope.lateralActive = true;
        List<RangeTableEntry.RangeFunction> functions = new ArrayList<>();
        String firstName = null;
        boolean single = ref.functions().size() == 1;
        for (FromItem.RowsFromElement element : ref.functions()) {
            List<ColumnDefinition> definitions = element.columns();
            if (single && !ref.columns().isEmpty()) {
                definitions = ref.columns();
            } else if (!ref.columns().isEmpty()) {
                throw analysis.error(SqlState.SYNTAX_ERROR,
                        "ROWS FROM() with multiple functions cannot have a column definition list", ref.position())
                        .withHint("Put a separate column definition list for each function inside ROWS FROM().");
            }
            for (Expression expression : expandUnnest(element.function(), definitions)) {
                scope.lastSetReturning = null;
                Expr call = analysis.expressions.analyze(scope, expression, ExprKind.FROM_FUNCTION);
                if (scope.lastSetReturning != null && scope.lastSetReturning != call) {
                    throw analysis.notSupported("set-returning functions must appear at top level of FROM",
                            Locations.of(scope.lastSetReturning));
                }
                scope.lastSetReturning = null;
                String name = ColumnNames.of(analysis, expression);
                firstName = firstName == null ? name : firstName;
                boolean only = single && expression == element.function();
                functions.add(rangeFunction(scope, call, name, definitions, ref.alias(), only));
            }
        }
        scope.lateralActive = savedLateral;
        List<RangeColumn> columns = new ArrayList<>();
        functions.forEach(f -> columns.addAll(f.columns()));
        if (ref.ordinality()) {
            if (!ref.columns().isEmpty()) {
                throw analysis.error(SqlState.SYNTAX_ERROR,
                        "WITH ORDINALITY cannot be used with a column definition list", ref.position())
                        .withHint("Put the column definition list inside ROWS FROM().");
            }
            columns.add(new RangeColumn("ordinality", analysis.pgType(Oids.INT8), -1, 0));
        }
        RangeTableEntry.Alias alias = aliasOf(ref.alias());
        String name = alias == null ? firstName : alias.name();
        boolean lateral = functions.stream().anyMatch(f -> ExprFacts.usesLevel(f.call(), 0));
        return scope.add(new RangeTableEntry.Function(functions, ref.ordinality(), ref.lateral() || lateral, name,
                alias, rename(columns, ref.alias(), "table", name)));
    }

    /** {@code unnest(a, b)} stands for {@code ROWS FROM(unnest(a), unnest(b))}. */
    private static List<Expression> expandUnnest(Expression expression, List<ColumnDefinition> definitions) {
        if (expression instanceof Expression.FunctionCall f && f.name().schema() == null
                && f.name().name().equals("unnest") && f.arguments().size() > 1 && f.orderBy().isEmpty()
                && f.filter() == null && f.over() == null && !f.variadic() && !f.distinct()
                && definitions.isEmpty()) {
            List<Expression> result = new ArrayList<>();
            for (Expression argument : f.arguments()) {
                result.add(new Expression.FunctionCall(QualifiedName.system("unnest"), List.of(argument), false,
                        false, false, List.of(), false, null, null, false, f.position()));
            }
            return result;
        }
        return List.of(expression);
    }

    private RangeTableEntry.RangeFunction rangeFunction(Scope scope, Expr call, String name,
                                                        List<ColumnDefinition> definitions, Alias alias,
                                                        boolean only) {
        int type = call.type().oid();
        List<RangeColumn> outColumns = call instanceof Expr.FunctionCall f ? RowTypes.ofCall(analysis, f) : null;
        boolean record = type == Oids.RECORD && outColumns == null;
        if (!definitions.isEmpty()) {
            int place = definitions.getFirst().position();
            if (outColumns != null) {
                throw analysis.error(SqlState.SYNTAX_ERROR,
                        "a column definition list is redundant for a function with OUT parameters", place);
            }
            if (!record) {
                throw analysis.error(SqlState.SYNTAX_ERROR, analysis.types.isComplex(type)
                        ? "a column definition list is redundant for a function returning a named composite type"
                        : "a column definition list is only allowed for functions returning \"record\"", place);
            }
            return new RangeTableEntry.RangeFunction(call, defined(definitions), true, true);
        }
        if (record) {
            List<RangeColumn> known = RowTypes.columnsOf(analysis, scope, call);
            if (known == null) {
                throw analysis.error(SqlState.SYNTAX_ERROR,
                        "a column definition list is required for functions returning \"record\"",
                        Locations.of(call));
            }
            return new RangeTableEntry.RangeFunction(call, known, false, true);
        }
        if (outColumns != null) {
            return new RangeTableEntry.RangeFunction(call, outColumns, false, true);
        }
        if (analysis.types.isComplex(type)) {
            return new RangeTableEntry.RangeFunction(call,
                    RowTypes.columnsOfType(analysis, analysis.types.base(type)), false, true);
        }
        if (call.type().isPseudo() && type != Oids.VOID && type != Oids.UNKNOWN && type != Oids.CSTRING) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "function \"" + name
                    + "\" in FROM has unsupported return type " + analysis.formatType(type), Locations.of(call));
        }
        String column = call instanceof Expr.FunctionCall f
                ? RowTypes.singleOutName(analysis.catalog.function(f.function().oid())) : null;
        if (column == null) {
            column = only && alias != null && alias.name() != null ? alias.name() : name;
        }
        return new RangeTableEntry.RangeFunction(call, List.of(new RangeColumn(column, call.type(), call.typmod(),
                call.collation())), false, false);
    }

    private List<RangeColumn> defined(List<ColumnDefinition> definitions) {
        List<RangeColumn> result = new ArrayList<>();
        for (ColumnDefinition definition : definitions) {
            TypeRules.Typed type = analysis.types.resolve(definition.type());
            if (definition.type().setOf()) {
                throw analysis.error(SqlState.INVALID_TABLE_DEFINITION, "column \"" + definition.name()
                        + "\" cannot be declared SETOF", definition.position());
            }
            int collation = definition.collation() == null ? analysis.types.collationOf(type.oid())
                    : Collations.find(analysis, definition.collation());
            result.add(new RangeColumn(definition.name(), analysis.pgType(type.oid()), type.typmod(), collation));
        }
        return result;
    }

    /** Target of INSERT, UPDATE, DELETE or MERGE; not yet visible. */
    NamespaceItem target(Scope scope, FromItem.TableRef table, RelationDescriptor relation) {
        NamespaceItem item = scope.add(entry(scope, relation, table, RangeTableEntry.LockMode.ROW_EXCLUSIVE));
        scope.target = item;
        scope.query.resultRelation = item.rangeIndex;
        return item;
    }
}
