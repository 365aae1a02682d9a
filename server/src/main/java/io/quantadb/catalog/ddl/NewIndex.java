package io.quantadb.catalog.ddl;

import io.quantadb.catalog.IndexColumn;
import java.util.List;

/**
 * An index to create.
 *
 * @param keyColumns complete but for {@code opfamily}, which is not stored
 * @param includeColumns INCLUDE columns; opclass 0
 * @param expressionReferences what the expressions and the predicate use
 * @param constraintType 'p', 'u', 'x' if it implements a constraint of the same name, 0 for a plain index
 * @param ready false while CREATE INDEX CONCURRENTLY has not reached that point; {@code valid} likewise
 */
public record NewIndex(int tableOid, String name, int accessMethod, List<IndexColumn> keyColumns,
        List<IndexColumn> includeColumns, List<ObjectAddress> expressionReferences, boolean unique,
        boolean nullsNotDistinct, String predicate, char constraintType, boolean deferrable, boolean initiallyDeferred,
        int tablespaceOid, List<String> options, boolean valid, boolean ready) {
}
