package io.quantadb.sql.analyzer;

import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/**
 * How one range table entry can be named at the current point of the text. Visibility changes while FROM is analysed.
 */
final class NamespaceItem {
    /** A column with what a reference to it becomes; {@code attribute} 0 marks a dropped column. */
    record Column(String name, int rangeIndex, int attribute, PgType type, int typmod, int collation) {
        boolean dropped() {
            return type == null;
        }
    }

    final int rangeIndex;
    final RangeTableEntry entry;
    /** Name for qualified references; differs from the entry's for a USING alias and for OLD and NEW. */
    final String name;
    final List<Column> columns;
    boolean relationVisible = true;
    boolean columnsVisible = true;
    boolean lateralOnly;
    boolean lateralOk = true;
    /** Only some columns of a join: its USING alias. */
    boolean usingAlias;

    NamespaceItem(int rangeIndex, RangeTableEntry entry, String name, List<Column> columns) {
        this.rangeIndex = rangeIndex;
        this.entry = entry;
        this.name = name;
        this.columns = columns;
    }

    /** An item whose columns are simply the entry's. */
    static NamespaceItem of(int rangeIndex, RangeTableEntry entry) {
        List<Column> columns = new ArrayList<>();
        int attribute = 0;
        for (RangeColumn column : entry.columns()) {
            attribute++;
            columns.add(new Column(column.dropped() ? "" : column.name(), rangeIndex, attribute,
                    column.dropped() ? null : column.type(), column.typmod(), column.collation()));
        }
        return new NamespaceItem(rangeIndex, entry, entry.name(), columns);
    }

    boolean isRelation() {
        return entry instanceof RangeTableEntry.Relation relation && relation.relationKind() != 'v';
    }
}
