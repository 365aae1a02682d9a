package io.quantadb.session.command;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.TableStatement.OnCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A session's temporary schema and what happens to its tables at commit. Stateless. */
final class TemporaryObjects {
    private TemporaryObjects() {
    }

    /** The session's temporary schema, made when first needed. */
    static SchemaDescriptor schema(CommandContext context) {
        if (context.state.temporarySchema != 0) {
            SchemaDescriptor known = context.catalog().schema(context.state.temporarySchema);
            if (known != null) {
                return known;
            }
            remember(context, 0);
        }
        var database = context.catalog().database(context.catalog().databaseOid());
        if (Privileges.onDatabase(context.catalog(), context.roleOid(), database, Privilege.TEMPORARY.bit()) == 0) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied to create temporary tables in database \"" + database.name() + "\"");
        }
        String name = "pg_temp_" + context.session.processId();
        SchemaDescriptor left = context.catalog().schema(name);
        if (left != null) {
            // A crash left it behind, with the number of this session's process.
            dropAll(context, left.oid());
            remember(context, left.oid());
        } else {
            int created = context.writer().shared().createSchema(name, CatalogIds.BOOTSTRAP_ROLE, true);
            remember(context, created);
            context.transaction().onAbort(() -> remember(context, 0));
        }
        int oid = context.state.temporarySchema;
        context.forgetReaders();
        return context.catalog().schema(oid);
    }

    private static void remember(CommandContext context, int schemaOid) {
        context.state.temporarySchema = schemaOid;
        context.session.sessionCatalog().temporarySchema(schemaOid);
    }

    /** Drops everything in a temporary schema. */
    static void dropAll(CommandContext context, int schemaOid) {
        List<ObjectAddress> objects = new ArrayList<>();
        for (RelationDescriptor relation : context.catalog().relations(schemaOid)) {
            switch (relation.kind()) {
                case TABLE, SEQUENCE, VIEW, PARTITIONED_TABLE, MATERIALIZED_VIEW, COMPOSITE_TYPE, FOREIGN_TABLE -> {
                    if (!isOwned(context, relation)) {
                        objects.add(ObjectAddress.relation(relation.oid()));
                    }
                }
                default -> {
                    // Goes with its table.
                }
            }
        }
        if (!objects.isEmpty()) {
            context.writer().drop(objects, true, null);
        }
        context.state.onCommit.clear();
    }

    private static boolean isOwned(CommandContext context, RelationDescriptor relation) {
        return context.writer().dependencies().of(ObjectAddress.relation(relation.oid())).stream()
                .anyMatch(d -> d.type() == io.quantadb.catalog.ddl.Dependencies.INTERNAL
                        || d.type() == io.quantadb.catalog.ddl.Dependencies.AUTO);
    }

    /** Does what ON COMMIT asks for. */
    static void beforeCommit(CommandContext context) {
        List<ObjectAddress> drops = new ArrayList<>();
        for (Map.Entry<Integer, OnCommit> each : List.copyOf(context.state.onCommit.entrySet())) {
            RelationDescriptor table = context.catalog().relation(each.getKey());
            if (table == null) {
                context.state.onCommit.remove(each.getKey());
            } else if (each.getValue() == OnCommit.DROP) {
                drops.add(ObjectAddress.relation(table.oid()));
                context.state.onCommit.remove(each.getKey());
            } else if (each.getValue() == OnCommit.DELETE_ROWS
                    && context.session.storage().heap(table).blockCount() > 0) {
                TruncateCommand.truncateOne(context, table);
            }
        }
        if (!drops.isEmpty()) {
            context.writer().drop(drops, true, null);
        }
    }
}
