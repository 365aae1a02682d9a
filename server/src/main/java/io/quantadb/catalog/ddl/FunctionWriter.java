package io.quantadb.catalog.ddl;

import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.TypeNames;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.ExpressionLists;
import io.quantadb.catalog.table.SystemColumns.PgCast;
import io.quantadb.catalog.table.SystemColumns.PgLanguage;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Creates and replaces functions and procedures, and casts over them. */
public final class FunctionWriter {
    private static final CatalogIndex PROC_OID = CatalogTables.index("pg_proc_oid_index");

    private final CatalogWriter writer;

    FunctionWriter(CatalogWriter writer) {
        this.writer = writer;
    }

    /**
     * CREATE [OR REPLACE] FUNCTION.
     *
     * @return its oid
     * @throws SqlException 42723 if it exists and is not to be replaced, 42P13 if the replacement differs in what
     * callers see
     */
    public int create(NewFunction function, boolean replace) {
        FunctionDescriptor old = null;
        for (FunctionDescriptor candidate : writer.reader
                .functions(writer.reader.schema(function.schemaOid()).name(), function.name())) {
            if (Arrays.equals(candidate.argTypes(), function.argTypes())) {
                old = candidate;
            }
        }
        if (old != null) {
            checkReplacement(old, function, replace);
        }
        int oid = old == null ? writer.store.newOid() : old.oid();
        RowBuilder row = old == null ? RowBuilder.insert(PgProc.TABLE)
                : RowBuilder.update(writer.store.findOne(PROC_OID, (long) oid));
        fill(row.set(PgProc.OID, oid), function, old == null).write(writer.store);
        ObjectAddress self = ObjectAddress.function(oid);
        if (old == null) {
            writer.owners.recordOwner(self, function.ownerOid());
        } else {
            writer.dependencies.deleteOf(self);
        }
        recordDependencies(self, function);
        return oid;
    }

    private void checkReplacement(FunctionDescriptor old, NewFunction function, boolean replace) {
        if (!replace) {
            throw new SqlException(SqlState.DUPLICATE_FUNCTION, "function \"" + function.name()
                    + "\" already exists with same argument types");
        }
        if (old.kind() != function.kind()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change routine kind")
                    .withDetail("\"" + old.name() + "\" is " + switch (old.kind()) {
                        case 'a' -> "an aggregate function.";
                        case 'p' -> "a procedure.";
                        case 'w' -> "a window function.";
                        default -> "a function.";
                    });
        }
        if (old.returnType() != function.returnType() || old.returnsSet() != function.returnsSet()) {
            String noun = old.isProcedure() ? "PROCEDURE" : "FUNCTION";
            throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION,
                    "cannot change return type of existing function")
                    .withHint("Use DROP " + noun + " " + writer.descriptions.signature(old) + " first.");
        }
        if (old.defaultsCount() > function.defaults().size()) {
            throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION,
                    "cannot remove parameter defaults from existing function")
                    .withHint("Use DROP FUNCTION " + writer.descriptions.signature(old) + " first.");
        }
    }

    private static RowBuilder fill(RowBuilder row, NewFunction function, boolean insert) {
        if (insert) {
            row.set(PgProc.PROOWNER, function.ownerOid());
        }
        return row.set(PgProc.PRONAME, function.name()).set(PgProc.PRONAMESPACE, function.schemaOid())
                .set(PgProc.PROLANG, function.languageOid()).setNumber(PgProc.PROCOST, function.cost())
                .setNumber(PgProc.PROROWS, function.rows()).set(PgProc.PROVARIADIC, function.variadicType())
                .set(PgProc.PROSUPPORT, 0).setChar(PgProc.PROKIND, function.kind())
                .set(PgProc.PROSECDEF, function.securityDefiner()).set(PgProc.PROLEAKPROOF, function.leakproof())
                .set(PgProc.PROISSTRICT, function.strict()).set(PgProc.PRORETSET, function.returnsSet())
                .setChar(PgProc.PROVOLATILE, function.volatility()).setChar(PgProc.PROPARALLEL, function.parallel())
                .set(PgProc.PRONARGS, function.argTypes().length)
                .set(PgProc.PRONARGDEFAULTS, function.defaults().size())
                .set(PgProc.PRORETTYPE, function.returnType()).setVector(PgProc.PROARGTYPES, function.argTypes())
                .setArray(PgProc.PROALLARGTYPES, function.allArgTypes())
                .setTexts(PgProc.PROARGMODES, function.argModes()).setTexts(PgProc.PROARGNAMES, function.argNames())
                .set(PgProc.PROARGDEFAULTS, ExpressionLists.join(function.defaults().stream()
                        .map(SqlExpression::text).toList()))
                .set(PgProc.PROSRC, function.source()).set(PgProc.PROSQLBODY, function.sqlBody())
                .setTexts(PgProc.PROCONFIG, function.config());
    }

    private void recordDependencies(ObjectAddress self, NewFunction function) {
        List<ObjectAddress> references = new ArrayList<>();
        references.add(ObjectAddress.schema(function.schemaOid()));
        references.add(ObjectAddress.of(PgLanguage.TABLE, function.languageOid()));
        references.add(ObjectAddress.type(function.returnType()));
        if (function.allArgTypes() != null) {
            function.allArgTypes().forEach(type -> references.add(ObjectAddress.type(type)));
        } else {
            Arrays.stream(function.argTypes()).forEach(type -> references.add(ObjectAddress.type(type)));
        }
        function.defaults().forEach(expression -> references.addAll(expression.references()));
        references.addAll(function.references());
        writer.dependencies.recordAll(self, references, Dependencies.NORMAL);
    }

    /** CREATE CAST. */
    public int createCast(int sourceType, int targetType, int functionOid, char context, char method) {
        if (writer.reader.cast(sourceType, targetType) != null) {
            throw new SqlException(SqlState.DUPLICATE_OBJECT, "cast from type "
                    + TypeNames.format(writer.reader, sourceType, -1, false) + " to type "
                    + TypeNames.format(writer.reader, targetType, -1, false) + " already exists");
        }
        int oid = writer.store.newOid();
        RowBuilder.insert(PgCast.TABLE).set(PgCast.OID, oid).set(PgCast.CASTSOURCE, sourceType)
                .set(PgCast.CASTTARGET, targetType).set(PgCast.CASTFUNC, functionOid)
                .setChar(PgCast.CASTCONTEXT, context).setChar(PgCast.CASTMETHOD, method).write(writer.store);
        ObjectAddress self = ObjectAddress.of(PgCast.TABLE, oid);
        writer.dependencies.recordAll(self, List.of(ObjectAddress.type(sourceType), ObjectAddress.type(targetType),
                ObjectAddress.function(functionOid)), Dependencies.NORMAL);
        return oid;
    }

    void remove(int oid) {
        CatalogRow row = writer.store.findOne(PROC_OID, (long) oid);
        if (row != null) {
            writer.store.delete(row);
        }
        CatalogRow aggregate = writer.store.findOne(CatalogTables.index("pg_aggregate_fnoid_index"), (long) oid);
        if (aggregate != null) {
            writer.store.delete(aggregate);
        }
    }
}
