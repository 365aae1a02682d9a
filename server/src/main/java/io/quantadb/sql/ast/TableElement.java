package io.quantadb.sql.ast;

import java.util.Set;

/** What stands between the parentheses of CREATE TABLE. */
public sealed interface TableElement extends Node permits ColumnDefinition, Constraint, TableElement.LikeTable {

    /** @param including what is copied besides names, types and NOT NULL */
    record LikeTable(QualifiedName table, Set<LikeOption> including, int position) implements TableElement {
    }

    /** What LIKE can copy. */
    enum LikeOption { COMMENTS, COMPRESSION, CONSTRAINTS, DEFAULTS, GENERATED, IDENTITY, INDEXES, STATISTICS, STORAGE }
}
