package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.RowFields;
import java.util.ArrayList;
import java.util.List;

/** The columns of row-valued expressions and functions. */
final class RowTypes {
    private RowTypes() {
    }

    /** Columns in attribute order (dropped ones included), null if the row's shape is not known. */
    static List<RangeColumn> columnsOf(Analysis analysis, Scope scope, Expr value) {
        int type = analysis.types.base(value.type().oid());
        if (type != Oids.RECORD) {
            return analysis.types.isComplex(type) ? columnsOfType(analysis, type) : null;
        }
        return switch (value) {
            case Expr.RowExpr row -> {
                List<RangeColumn> result = new ArrayList<>();
                for (int i = 0; i < row.fields().size(); i++) {
                    Expr field = row.fields().get(i);
                    result.add(new RangeColumn(row.names().get(i), field.type(), field.typmod(), field.collation()));
                }
                yield result;
            }
            case Expr.ColumnRef c when scope != null -> {
                RangeTableEntry entry = scope.entry(c.rangeIndex(), c.levelsUp());
                if (c.attribute() == 0) {
                    yield entry.columns();
                }
                yield entry instanceof RangeTableEntry.Subquery subquery
                        ? columnsOf(analysis, null, subquery.query().resultColumns().get(c.attribute() - 1).expr())
                        : null;
            }
            case Expr.FunctionCall call -> ofCall(analysis, call);
            case Expr.SubLink link when link.kind() == Expr.SubLinkKind.SCALAR -> {
                TargetEntry target = link.query().resultColumns().getFirst();
                yield columnsOf(analysis, null, target.expr());
            }
            default -> null;
        };
    }

    static List<RangeColumn> columnsOfType(Analysis analysis, int compositeType) {
        TypeDescriptor type = analysis.types.descriptor(compositeType);
        RelationDescriptor relation = type.relationOid() == 0 ? null : analysis.catalog.relation(type.relationOid());
        List<ColumnDescriptor> fields = relation == null ? type.fields() : relation.columns();
        return fields.stream().map(c -> new RangeColumn(c.name(), c.dropped() ? null : c.type(), c.typmod(),
                c.collation(), c.dropped())).toList();
    }

    /** Result columns of a function with OUT parameters (two or more) or TABLE columns; null for others. */
    static List<RangeColumn> ofCall(Analysis analysis, Expr.FunctionCall call) {
        FunctionDescriptor f = analysis.catalog.function(call.function().oid());
        if (f.argModes() == null || f.argModes().length == 0 || f.returnType() != Oids.RECORD) {
            return null;
        }
        int[] actual = call.arguments().stream().mapToInt(a -> a.type().oid()).toArray();
        List<RangeColumn> result = new ArrayList<>();
        for (int i = 0; i < f.argModes().length; i++) {
            char mode = f.argModes()[i];
            if (mode != 'o' && mode != 'b' && mode != 't') {
                continue;
            }
            int type = f.allArgTypes()[i];
            if (TypeRules.isPolymorphic(type)) {
                type = analysis.generics.enforce(actual, f.argTypes().clone(), type);
            }
            String name = f.argNames() == null || f.argNames().size() <= i || f.argNames().get(i).isEmpty()
                    ? "column" + (result.size() + 1) : f.argNames().get(i);
            result.add(new RangeColumn(name, analysis.pgType(type), -1, analysis.types.collationOf(type)));
        }
        return result.isEmpty() ? null : result;
    }

    /** A call that gives records of known columns with a result type that says so: its rows become values. */
    static Expr.FunctionCall withFields(Analysis analysis, Expr.FunctionCall call) {
        List<RangeColumn> columns = call.type().oid() == Oids.RECORD ? ofCall(analysis, call) : null;
        if (columns == null) {
            return call;
        }
        PgType type = PgType.compositeType(Oids.RECORD, "record", 0, new RowFields() {
            @Override
            public int count() {
                return columns.size();
            }

            @Override
            public PgType type(int field) {
                return columns.get(field).type();
            }

            @Override
            public int typmod(int field) {
                return columns.get(field).typmod();
            }

            @Override
            public String name(int field) {
                return columns.get(field).name();
            }
        });
        return new Expr.FunctionCall(call.function(), call.arguments(), call.variadic(), type, call.typmod(),
                call.collation(), call.inputCollation(), call.origin());
    }

    /** Name of a scalar function's single OUT parameter, null if it has none. */
    static String singleOutName(FunctionDescriptor f) {
        String found = null;
        if (f.argModes() == null) {
            return null;
        }
        for (int i = 0; i < f.argModes().length; i++) {
            char mode = f.argModes()[i];
            if (mode == 'o' || mode == 'b' || mode == 't') {
                if (found != null || f.argNames().size() <= i || f.argNames().get(i).isEmpty()) {
                    return null;
                }
                found = f.argNames().get(i);
            }
        }
        return found;
    }
}
