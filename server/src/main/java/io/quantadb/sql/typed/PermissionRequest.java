package io.quantadb.sql.typed;

import java.util.Set;

/**
 * What the statement does to one relation, for the privilege check before execution.
 *
 * @param select         SELECT is needed: on the table, or on all of {@code selectedColumns}
 * @param checkAsRole    role whose privileges count (a view's owner); 0: the current user
 * @param selectedColumns attribute numbers; 0 means the whole row; empty with {@code select}: any one column
 */
public record PermissionRequest(int relationOid, boolean select, boolean insert, boolean update, boolean delete,
                                int checkAsRole, Set<Integer> selectedColumns, Set<Integer> insertedColumns,
                                Set<Integer> updatedColumns) {
}
