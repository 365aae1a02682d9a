package io.quantadb.catalog.ddl;

import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.TextContext;
import java.util.List;

/** Collects the values of one catalog row; positions are those of {@code SystemColumns}. Columns not set are NULL. */
final class RowBuilder {
    private final CatalogTable table;
    private final CatalogRow old;
    private final Object[] values;

    private RowBuilder(CatalogTable table, CatalogRow old, Object[] values) {
        this.table = table;
        this.old = old;
        this.values = values;
    }

    static RowBuilder insert(int tableOid) {
        CatalogTable table = CatalogTables.table(tableOid);
        return new RowBuilder(table, null, new Object[table.columns().size()]);
    }

    static RowBuilder update(CatalogRow row) {
        return new RowBuilder(row.table(), row, row.copyValues());
    }

    RowBuilder set(int column, long value) {
        values[column] = value;
        return this;
    }

    RowBuilder set(int column, boolean value) {
        values[column] = value;
        return this;
    }

    RowBuilder setNumber(int column, double value) {
        values[column] = value;
        return this;
    }

    /** name, text, pg_node_tree; null is NULL. */
    RowBuilder set(int column, String value) {
        values[column] = value;
        return this;
    }

    /** "char"; 0 is the empty value. */
    RowBuilder setChar(int column, char value) {
        values[column] = value == 0 ? "" : String.valueOf(value);
        return this;
    }

    RowBuilder setObject(int column, Object value) {
        values[column] = value;
        return this;
    }

    /** oidvector and int2vector. */
    RowBuilder setVector(int column, int... elements) {
        StringBuilder text = new StringBuilder();
        for (int element : elements) {
            text.append(text.isEmpty() ? "" : " ").append(element);
        }
        values[column] = table.columns().get(column).type().ops().fromText(text.toString(), -1, TextContext.DEFAULT);
        return this;
    }

    /** oid[] and int2[]; null is NULL. */
    RowBuilder setArray(int column, List<Integer> elements) {
        values[column] = elements == null ? null
                : ArrayValue.of(elementType(column), elements.stream().map(e -> (Object) (long) e).toArray());
        return this;
    }

    /** text[], aclitem[], "char"[]; null is NULL. */
    RowBuilder setTexts(int column, List<String> elements) {
        values[column] = elements == null ? null : ArrayValue.of(elementType(column), elements.toArray());
        return this;
    }

    private io.quantadb.types.PgType elementType(int column) {
        return BuiltinTypes.get(table.columns().get(column).type().elementOid());
    }

    /** @return false if another transaction changed the row first */
    boolean tryWrite(CatalogStore store) {
        return store.tryUpdate(old, values);
    }

    void write(CatalogStore store) {
        if (old == null) {
            store.insert(table, values);
        } else {
            store.update(old, values);
        }
    }
}
