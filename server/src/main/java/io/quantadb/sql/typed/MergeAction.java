package io.quantadb.sql.typed;

import java.util.List;

/**
 * One WHEN of a MERGE.
 *
 * @param condition AND condition, or null
 * @param targets   of INSERT and UPDATE, numbered by attribute
 */
public record MergeAction(boolean matched, Kind kind, OverrideKind overriding, Expr condition,
                          List<TargetEntry> targets) {
    public enum Kind { INSERT, UPDATE, DELETE, DO_NOTHING }
}
