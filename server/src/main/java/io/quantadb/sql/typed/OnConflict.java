package io.quantadb.sql.typed;

import java.util.List;

/**
 * ON CONFLICT of an INSERT.
 *
 * @param update          DO UPDATE, else DO NOTHING
 * @param arbiterElements what was inferred from; empty with a constraint name or none
 * @param arbiterWhere    predicate of a partial index, or null
 * @param constraintOid   ON CONSTRAINT, 0 if not written
 * @param arbiterIndexes  oids of the unique indexes that match; empty: all (DO NOTHING without target)
 * @param assignments     SET, numbered by attribute
 * @param where           or null
 * @param excludedIndex   range index of {@code excluded}, 0 for DO NOTHING
 */
public record OnConflict(boolean update, List<ArbiterElement> arbiterElements, Expr arbiterWhere, int constraintOid,
                         List<Integer> arbiterIndexes, List<TargetEntry> assignments, Expr where,
                         int excludedIndex) {
    /** @param collation 0 if not written; @param operatorClass 0 if not written */
    public record ArbiterElement(Expr expr, int collation, int operatorClass) {
    }
}
