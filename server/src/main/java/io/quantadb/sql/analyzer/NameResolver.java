package io.quantadb.sql.analyzer;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;

/** Finds tables and columns by the names visible in a scope, and words the errors when it cannot. */
final class NameResolver {
    private static final List<String> SYSTEM_COLUMNS = List.of("ctid", "xmin", "cmin", "xmax", "cmax", "tableoid");
    private static final int[] SYSTEM_TYPES = {Oids.TID, Oids.XID, Oids.CID, Oids.XID, Oids.CID, Oids.OID};

    private final Analysis analysis;

    NameResolver(Analysis analysis) {
        this.analysis = analysis;
    }

    /** A table found under a name. */
    record Found(NamespaceItem item, int levelsUp) {
    }

    /** A column by its bare name; null if there is none at any level. */
    Expr column(Scope start, String name, boolean localOnly, int position) {
        int levels = 0;
        for (Scope scope = start; scope != null; scope = scope.parent, levels++) {
            Expr result = null;
            for (NamespaceItem item : scope.namespace) {
                if (!item.columnsVisible || item.lateralOnly && !scope.lateralActive) {
                    continue;
                }
                Expr found = columnOf(scope, item, levels, name, position);
                if (found != null) {
                    if (result != null) {
                        throw ambiguousColumn(name, position);
                    }
                    checkLateral(scope, item, position);
                    result = found;
                }
            }
            if (result != null || localOnly) {
                return result;
            }
        }
        return null;
    }

    private SqlException ambiguousColumn(String name, int position) {
        return analysis.error(SqlState.AMBIGUOUS_COLUMN, "column reference \"" + name + "\" is ambiguous", position);
    }

    /** A column of one table; null if it has none of that name. Notes the read. */
    Expr columnOf(Scope scope, NamespaceItem item, int levelsUp, String name, int position) {
        NamespaceItem.Column found = null;
        for (NamespaceItem.Column column : item.columns) {
            if (!column.dropped() && column.name().equals(name)) {
                if (found != null) {
                    throw ambiguousColumn(name, position);
                }
                found = column;
            }
        }
        if (found != null) {
            return reference(scope, found, levelsUp, position);
        }
        int system = SYSTEM_COLUMNS.indexOf(name);
        if (system < 0 || !(item.entry instanceof RangeTableEntry.Relation relation)
                || relation.relationKind() == 'f' || item.usingAlias) {
            return null;
        }
        scope.readColumn(item.rangeIndex, -1 - system);
        return new Expr.ColumnRef(item.rangeIndex, -1 - system, levelsUp, analysis.pgType(SYSTEM_TYPES[system]), -1,
                0, Origin.at(position));
    }

    Expr reference(Scope scope, NamespaceItem.Column column, int levelsUp, int position) {
        scope.readColumn(column.rangeIndex(), column.attribute());
        return new Expr.ColumnRef(column.rangeIndex(), column.attribute(), levelsUp, column.type(), column.typmod(),
                column.collation(), Origin.at(position));
    }

    private void checkLateral(Scope scope, NamespaceItem item, int position) {
        if (item.lateralOnly && !item.lateralOk) {
            SqlException error = analysis.error(SqlState.INVALID_COLUMN_REFERENCE,
                    "invalid reference to FROM-clause entry for table \"" + item.name + "\"", position);
            throw item == scope.target
                    ? error.withHint("There is an entry for table \"" + item.name
                            + "\", but it cannot be referenced from this part of the query.")
                    : error.withDetail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.");
        }
    }

    /** A table by name, schema null if not written; null if there is none. */
    Found table(Scope start, String schema, String name, int position) {
        int relationOid = 0;
        if (schema != null) {
            RelationDescriptor relation = analysis.catalog.schema(schema) == null ? null
                    : analysis.catalog.relation(schema, name);
            if (relation == null) {
                return null;
            }
            relationOid = relation.oid();
        }
        int levels = 0;
        for (Scope scope = start; scope != null; scope = scope.parent, levels++) {
            NamespaceItem found = null;
            for (NamespaceItem item : scope.namespace) {
                if (!item.relationVisible || item.lateralOnly && !scope.lateralActive
                        || !matches(item, relationOid, name)) {
                    continue;
                }
                if (found != null) {
                    throw analysis.error(SqlState.AMBIGUOUS_ALIAS, "table reference \"" + name + "\" is ambiguous",
                            position);
                }
                checkLateral(scope, item, position);
                found = item;
            }
            if (found != null) {
                return new Found(found, levels);
            }
        }
        return null;
    }

    private static boolean matches(NamespaceItem item, int relationOid, String name) {
        if (relationOid == 0) {
            return item.name.equals(name);
        }
        if (item.entry.alias() != null) {
            return false;
        }
        return switch (item.entry) {
            case RangeTableEntry.Relation relation -> relation.relationOid() == relationOid;
            case RangeTableEntry.Subquery subquery -> subquery.viewOid() == relationOid;
            default -> false;
        };
    }

    /** The row of a table as one value. */
    Expr wholeRow(Scope scope, NamespaceItem item, int levelsUp, int position) {
        Scope owner = scope.up(levelsUp);
        if (item.usingAlias) {
            List<Expr> fields = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (NamespaceItem.Column column : item.columns) {
                fields.add(reference(owner, column, levelsUp, position));
                names.add(column.name());
            }
            return new Expr.RowExpr(fields, names, analysis.pgType(Oids.RECORD), Origin.at(position));
        }
        int type = switch (item.entry) {
            case RangeTableEntry.Relation relation -> rowType(relation.relationOid());
            case RangeTableEntry.Subquery subquery when subquery.viewOid() != 0 -> rowType(subquery.viewOid());
            case RangeTableEntry.Function function when function.functions().size() == 1 && !function.ordinality() ->
                    function.functions().getFirst().call().type().oid();
            default -> Oids.RECORD;
        };
        owner.readColumn(item.rangeIndex, 0);
        if (type != Oids.RECORD && !analysis.types.isRowType(type)) {
            RangeColumn column = item.entry.columns().getFirst();
            return new Expr.ColumnRef(item.rangeIndex, 1, levelsUp, column.type(), column.typmod(),
                    column.collation(), Origin.at(position));
        }
        return new Expr.ColumnRef(item.rangeIndex, 0, levelsUp, analysis.pgType(type), -1, 0, Origin.at(position));
    }

    private int rowType(int relationOid) {
        RelationDescriptor relation = analysis.catalog.relation(relationOid);
        return relation == null || relation.rowTypeOid() == 0 ? Oids.RECORD : relation.rowTypeOid();
    }

    SqlException missingTable(Scope start, QualifiedName name) {
        for (Scope scope = start; scope != null; scope = scope.parent) {
            for (NamespaceItem item : scope.items) {
                boolean byName = item.entry.name().equals(name.name());
                boolean byRelation = item.entry instanceof RangeTableEntry.Relation relation
                        && relation.relationName().equals(name.name())
                        && (name.schema() == null || name.schema().equals(relation.schema()));
                if (byName || byRelation) {
                    String alias = item.entry.name();
                    Found visible = alias.equals(name.name()) ? null : table(start, null, alias, -1);
                    return analysis.error(SqlState.UNDEFINED_TABLE,
                            "invalid reference to FROM-clause entry for table \"" + name.name() + "\"",
                            name.position()).withHint(visible != null && visible.item == item
                            ? "Perhaps you meant to reference the table alias \"" + alias + "\"."
                            : "There is an entry for table \"" + alias
                            + "\", but it cannot be referenced from this part of the query.");
                }
            }
        }
        return analysis.error(SqlState.UNDEFINED_TABLE, "missing FROM-clause entry for table \"" + name.name() + "\"",
                name.position());
    }

    /** 42703 with PostgreSQL's guess at what was meant; {@code table} null for an unqualified name. */
    SqlException missingColumn(Scope start, String table, String column, int position) {
        Guess guess = new Guess(table, column);
        for (Scope scope = start; scope != null; scope = scope.parent) {
            scope.items.forEach(guess::consider);
        }
        SqlException error = analysis.error(SqlState.UNDEFINED_COLUMN, table == null
                ? "column \"" + column + "\" does not exist"
                : "column " + table + "." + column + " does not exist", position);
        return guess.addHint(error);
    }

    /** The closest column names found so far, at most two at the same distance. */
    private static final class Guess {
        private static final int MAX_DISTANCE = 3;
        private final String table;
        private final String column;
        private int distance = MAX_DISTANCE + 1;
        private final List<String> candidates = new ArrayList<>();
        private boolean tooMany;
        private NamespaceItem exact;

        Guess(String table, String column) {
            this.table = table;
            this.column = column;
        }

        void consider(NamespaceItem item) {
            if (item.entry instanceof RangeTableEntry.Join || exact != null) {
                return;
            }
            int penalty = table == null ? 0
                    : Math.min(Levenshtein.distance(table, item.name), MAX_DISTANCE + 1);
            for (NamespaceItem.Column candidate : item.columns) {
                if (candidate.dropped()) {
                    continue;
                }
                if (penalty == 0 && candidate.name().equals(column)) {
                    exact = item;
                    return;
                }
                rate(item, candidate.name(), penalty);
            }
            if (penalty == 0 && item.isRelation() && SYSTEM_COLUMNS.contains(column)) {
                exact = item;
            }
        }

        private void rate(NamespaceItem item, String name, int penalty) {
            int d = Levenshtein.distance(column, name);
            if (d > column.length() / 2) {
                return;
            }
            int total = d + penalty;
            if (total < distance) {
                distance = total;
                candidates.clear();
                tooMany = false;
                candidates.add(item.name + "." + name);
            } else if (total == distance && total <= MAX_DISTANCE) {
                if (candidates.size() >= 2) {
                    tooMany = true;
                } else {
                    candidates.add(item.name + "." + name);
                }
            }
        }

        SqlException addHint(SqlException error) {
            if (exact != null) {
                return error.withHint("There is a column named \"" + column + "\" in table \"" + exact.name
                        + "\", but it cannot be referenced from this part of the query.");
            }
            if (candidates.isEmpty() || tooMany) {
                return error;
            }
            String hint = "Perhaps you meant to reference the column \"" + candidates.getFirst() + "\"";
            return error.withHint(candidates.size() == 1 ? hint + "."
                    : hint + " or the column \"" + candidates.getLast() + "\".");
        }
    }
}
