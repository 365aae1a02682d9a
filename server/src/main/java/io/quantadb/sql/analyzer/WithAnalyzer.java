package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.WithClause;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** WITH clauses: order of analysis, recursion, references. */
final class WithAnalyzer {
    private final Analysis analysis;

    WithAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    void analyze(Scope scope, WithClause with) {
        Set<String> names = new HashSet<>();
        List<CteDraft> drafts = new ArrayList<>();
        for (WithClause.CommonTableExpression cte : with.tables()) {
            if (!names.add(cte.name())) {
                throw analysis.error(SqlState.DUPLICATE_ALIAS, "WITH query name \"" + cte.name()
                        + "\" specified more than once", cte.position());
            }
            if (!(cte.statement() instanceof io.quantadb.sql.ast.Query) && scope.parent != null) {
                throw analysis.notSupported(
                        "WITH clause containing a data-modifying statement must be at the top level", cte.position());
            }
            drafts.add(new CteDraft(cte));
        }
        scope.query.withRecursive = with.recursive();
        if (with.recursive()) {
            drafts.forEach(draft -> draft.recursive = references(draft).contains(draft.syntax.name()));
            scope.ctes.addAll(sorted(drafts, names));
            for (CteDraft draft : List.copyOf(scope.ctes)) {
                if (draft.recursive) {
                    RecursionChecker.check(analysis, draft.syntax);
                }
                analyze(scope, draft);
            }
            return;
        }
        scope.futureCtes.addAll(drafts);
        for (CteDraft draft : drafts) {
            analyze(scope, draft);
            scope.futureCtes.remove(draft);
            scope.ctes.add(draft);
        }
    }

    private static Set<String> references(CteDraft draft) {
        Set<String> result = new HashSet<>();
        SyntaxWalker.walk(draft.syntax.statement(), node -> {
            if (node instanceof FromItem.TableRef table && table.name().schema() == null) {
                result.add(table.name().name());
            }
        });
        return result;
    }

    /** An order in which each query comes after those it uses; mutual recursion has none. */
    private List<CteDraft> sorted(List<CteDraft> drafts, Set<String> names) {
        List<CteDraft> result = new ArrayList<>();
        List<CteDraft> open = new ArrayList<>(drafts);
        Set<String> pending = new HashSet<>(names);
        while (!open.isEmpty()) {
            CteDraft next = null;
            for (CteDraft draft : open) {
                Set<String> needed = references(draft);
                needed.retainAll(pending);
                needed.remove(draft.syntax.name());
                if (needed.isEmpty()) {
                    next = draft;
                    break;
                }
            }
            if (next == null) {
                throw analysis.notSupported("mutual recursion between WITH items is not implemented",
                        open.getFirst().syntax.position());
            }
            open.remove(next);
            pending.remove(next.syntax.name());
            result.add(next);
        }
        return result;
    }

    private void analyze(Scope scope, CteDraft draft) {
        Scope inner = new Scope(analysis, scope);
        inner.parentCte = draft;
        draft.underConstruction = true;
        draft.query = analysis.queries.statement(inner, draft.syntax.statement());
        draft.underConstruction = false;
        if (draft.query.command() != CommandType.SELECT) {
            scope.query.hasModifyingCte = true;
            draft.columns = draft.query.returning().isEmpty() ? List.of() : columns(draft, draft.query.returning());
            return;
        }
        List<RangeColumn> columns = columns(draft, draft.query.resultColumns());
        if (draft.recursive) {
            checkTypes(draft, columns);
        }
        draft.columns = columns;
        if (draft.syntax.search() != null || draft.syntax.cycle() != null) {
            SearchAndCycle.apply(analysis, draft);
        }
    }

    private void checkTypes(CteDraft draft, List<RangeColumn> columns) {
        for (int i = 0; i < columns.size(); i++) {
            RangeColumn first = draft.columns.get(i);
            RangeColumn overall = columns.get(i);
            if (!first.type().equals(overall.type()) || first.typmod() != overall.typmod()) {
                throw analysis.error(SqlState.DATATYPE_MISMATCH, "recursive query \"" + draft.syntax.name()
                        + "\" column " + (i + 1) + " has type "
                        + analysis.catalog.formatType(first.type().oid(), first.typmod())
                        + " in non-recursive term but type "
                        + analysis.catalog.formatType(overall.type().oid(), overall.typmod()) + " overall",
                        Locations.of(draft.query.resultColumns().get(i).expr()))
                        .withHint("Cast the output of the non-recursive term to the correct type.");
            }
        }
    }

    /** Called when the non-recursive term is known: from now on the query can refer to itself. */
    void setRecursiveColumns(CteDraft draft, List<TargetEntry> targets) {
        List<RangeColumn> columns = new ArrayList<>();
        for (RangeColumn column : columns(draft, targets)) {
            boolean unknown = column.type().oid() == Oids.UNKNOWN;
            columns.add(unknown ? new RangeColumn(column.name(), analysis.pgType(Oids.TEXT), -1,
                    analysis.types.collationOf(Oids.TEXT)) : column);
        }
        draft.columns = columns;
    }

    private List<RangeColumn> columns(CteDraft draft, List<TargetEntry> targets) {
        List<String> names = draft.syntax.columns().stream().map(c -> c.name()).toList();
        List<RangeColumn> result = new ArrayList<>();
        for (TargetEntry target : targets) {
            if (!target.junk()) {
                String name = result.size() < names.size() ? names.get(result.size()) : target.name();
                result.add(new RangeColumn(name, target.expr().type(), target.expr().typmod(),
                        target.expr().collation()));
            }
        }
        if (names.size() > result.size()) {
            throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE, "WITH query \"" + draft.syntax.name() + "\" has "
                    + result.size() + " columns available but " + names.size() + " columns specified",
                    draft.syntax.position());
        }
        return result;
    }

    CteDraft find(Scope scope, String name) {
        return scope.ctes.stream().filter(c -> c.syntax.name().equals(name)).findFirst().orElse(null);
    }

    boolean isFuture(Scope start, String name) {
        for (Scope scope = start; scope != null; scope = scope.parent) {
            if (scope.futureCtes.stream().anyMatch(c -> c.syntax.name().equals(name))) {
                return true;
            }
        }
        return false;
    }

    /** A FROM item that names a WITH query; null if there is none of that name. */
    NamespaceItem reference(Scope start, FromItem.TableRef table) {
        int levels = 0;
        for (Scope scope = start; scope != null; scope = scope.parent, levels++) {
            CteDraft draft = find(scope, table.name().name());
            if (draft != null) {
                return add(start, table, draft, levels);
            }
        }
        return null;
    }

    private NamespaceItem add(Scope scope, FromItem.TableRef table, CteDraft draft, int levels) {
        boolean self = draft.underConstruction;
        if (draft.columns == null) {
            throw new SqlException(SqlState.INVALID_RECURSION, "recursive reference to query \""
                    + draft.syntax.name() + "\" must not appear within its non-recursive term");
        }
        if (!self) {
            draft.references++;
            if (!draft.isSelect() && draft.query.returning().isEmpty()) {
                throw analysis.notSupported("WITH query \"" + draft.syntax.name()
                        + "\" does not have a RETURNING clause", table.position());
            }
        }
        RangeTableEntry.Alias alias = FromAnalyzer.aliasOf(table.alias());
        String name = alias == null ? draft.syntax.name() : alias.name();
        return scope.add(new RangeTableEntry.Cte(draft.syntax.name(), levels, self, name, alias,
                analysis.from.rename(draft.columns, table.alias(), "table", name)));
    }

    /** Whether a body has the form a recursive query needs. */
    static boolean isUnion(io.quantadb.sql.ast.Query query) {
        QueryBody body = query.body();
        while (body instanceof io.quantadb.sql.ast.Query inner && inner.isPlain()) {
            body = inner.body();
        }
        return body instanceof QueryBody.SetOperation operation
                && operation.operator() == QueryBody.SetOperator.UNION;
    }
}
