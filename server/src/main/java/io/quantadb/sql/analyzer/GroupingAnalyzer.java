package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.typed.GroupingSet;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;

/** GROUP BY with its grouping sets. */
final class GroupingAnalyzer {
    private static final int MAX_SETS = 4096;

    private final Analysis analysis;
    private final Scope scope;
    private final List<TargetEntry> targets;
    private final List<SortGroupClause> order;
    private final List<SortGroupClause> keys = new ArrayList<>();

    GroupingAnalyzer(Scope scope, List<TargetEntry> targets, List<SortGroupClause> order) {
        this.analysis = scope.analysis;
        this.scope = scope;
        this.targets = targets;
        this.order = order;
    }

    /** Sets the grouping fields of the query; new junk targets are appended to the list given. */
    void run(QueryBody.GroupBy groupBy) {
        List<GroupingSet> clauses = new ArrayList<>();
        boolean sets = false;
        for (QueryBody.GroupingElement element : groupBy.elements()) {
            sets |= !(element instanceof QueryBody.GroupingElement.Simple);
        }
        for (QueryBody.GroupingElement element : groupBy.elements()) {
            GroupingSet set = set(element);
            if (sets) {
                clauses.add(set);
            }
        }
        scope.query.groupBy = keys;
        scope.query.groupByDistinct = groupBy.distinct();
        if (sets) {
            scope.query.groupingClauses = clauses;
            scope.query.groupingSets = expand(clauses, groupBy.distinct());
        }
    }

    private int key(Expression expression) {
        int index = analysis.clauses.findSql92(scope, expression, targets, ExprKind.GROUP_BY);
        analysis.clauses.addGroupKey(scope, targets, index, keys, order, Locations.of(expression));
        return targets.get(index).sortGroupRef();
    }

    private GroupingSet simple(Expression expression) {
        List<Integer> references = new ArrayList<>();
        List<Expression> parts = expression instanceof Expression.Row row && !row.explicit() ? row.fields()
                : List.of(expression);
        for (Expression part : parts) {
            int reference = key(part);
            if (!references.contains(reference)) {
                references.add(reference);
            }
        }
        return new GroupingSet(GroupingSet.Kind.SIMPLE, references, List.of());
    }

    private GroupingSet set(QueryBody.GroupingElement element) {
        return switch (element) {
            case QueryBody.GroupingElement.Simple e -> simple(e.expression());
            case QueryBody.GroupingElement.Empty _ -> new GroupingSet(GroupingSet.Kind.EMPTY, List.of(), List.of());
            case QueryBody.GroupingElement.Rollup e -> new GroupingSet(GroupingSet.Kind.ROLLUP, List.of(),
                    e.expressions().stream().map(this::simple).toList());
            case QueryBody.GroupingElement.Cube e -> {
                if (e.expressions().size() > 12) {
                    throw analysis.error(SqlState.TOO_MANY_COLUMNS, "CUBE is limited to 12 elements", e.position());
                }
                yield new GroupingSet(GroupingSet.Kind.CUBE, List.of(),
                        e.expressions().stream().map(this::simple).toList());
            }
            case QueryBody.GroupingElement.Sets e -> new GroupingSet(GroupingSet.Kind.SETS, List.of(),
                    e.elements().stream().map(this::set).toList());
        };
    }

    /** The cross product of all elements' sets, each without duplicates, shortest first. */
    private List<List<Integer>> expand(List<GroupingSet> clauses, boolean distinct) {
        List<List<Integer>> result = List.of(List.of());
        for (GroupingSet clause : clauses) {
            List<List<Integer>> next = new ArrayList<>();
            for (List<Integer> left : result) {
                for (List<Integer> right : sets(clause)) {
                    LinkedHashSet<Integer> union = new LinkedHashSet<>(left);
                    union.addAll(right);
                    next.add(List.copyOf(union));
                }
            }
            if (next.size() > MAX_SETS) {
                throw analysis.error(SqlState.STATEMENT_TOO_COMPLEX, "too many grouping sets present (maximum 4096)",
                        -1);
            }
            result = next;
        }
        List<List<Integer>> sorted = new ArrayList<>(result);
        sorted.sort(java.util.Comparator.comparingInt(List::size));
        if (distinct) {
            List<List<Integer>> unique = new ArrayList<>();
            LinkedHashSet<java.util.Set<Integer>> seen = new LinkedHashSet<>();
            sorted.forEach(s -> {
                if (seen.add(java.util.Set.copyOf(s))) {
                    unique.add(s);
                }
            });
            return unique;
        }
        return sorted;
    }

    private static List<List<Integer>> sets(GroupingSet clause) {
        return switch (clause.kind()) {
            case EMPTY -> List.of(List.of());
            case SIMPLE -> List.of(clause.references());
            case ROLLUP -> {
                List<List<Integer>> result = new ArrayList<>();
                for (int n = clause.children().size(); n >= 0; n--) {
                    result.add(union(clause.children().subList(0, n)));
                }
                yield result;
            }
            case CUBE -> {
                List<List<Integer>> result = new ArrayList<>();
                int size = clause.children().size();
                for (int mask = 0; mask < 1 << size; mask++) {
                    List<GroupingSet> chosen = new ArrayList<>();
                    for (int i = 0; i < size; i++) {
                        if ((mask & 1 << i) != 0) {
                            chosen.add(clause.children().get(i));
                        }
                    }
                    result.add(union(chosen));
                }
                Collections.reverse(result);
                yield result;
            }
            case SETS -> {
                List<List<Integer>> result = new ArrayList<>();
                clause.children().forEach(child -> result.addAll(sets(child)));
                yield result;
            }
        };
    }

    private static List<Integer> union(List<GroupingSet> parts) {
        LinkedHashSet<Integer> result = new LinkedHashSet<>();
        parts.forEach(part -> result.addAll(part.references()));
        return List.copyOf(result);
    }
}
