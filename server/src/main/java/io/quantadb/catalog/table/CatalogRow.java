package io.quantadb.catalog.table;

import io.quantadb.types.ArrayValue;
import java.util.ArrayList;
import java.util.List;

/**
 * One row of a catalog table as it was when read. Positions are those of {@link SystemColumns}.
 *
 * @param tid where the store keeps it; opaque
 * @param values one for each column, null is NULL; not to be changed
 */
public record CatalogRow(CatalogTable table, long tid, Object[] values) {
    private static final int[] NO_INTS = {};

    public boolean isNull(int column) {
        return values[column] == null;
    }

    public Object value(int column) {
        return values[column];
    }

    /** int2, int4, oid and reg* columns; NULL reads as 0. */
    public int integer(int column) {
        Object value = values[column];
        return value == null ? 0 : (int) ((Long) value).longValue();
    }

    public long bigint(int column) {
        return (Long) values[column];
    }

    public double number(int column) {
        return (Double) values[column];
    }

    public boolean bool(int column) {
        return values[column] != null && (Boolean) values[column];
    }

    /** name, text and pg_node_tree columns; null if NULL. */
    public String text(int column) {
        return (String) values[column];
    }

    /** "char" columns; 0 for the empty value and NULL. */
    public char character(int column) {
        String value = (String) values[column];
        return value == null || value.isEmpty() ? 0 : value.charAt(0);
    }

    /** oidvector, int2vector, oid[] and int2[] columns; empty if NULL. */
    public int[] integers(int column) {
        ArrayValue array = (ArrayValue) values[column];
        if (array == null) {
            return NO_INTS;
        }
        int[] result = new int[array.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = (int) ((Long) array.get(i)).longValue();
        }
        return result;
    }

    public List<Integer> integerList(int column) {
        int[] array = integers(column);
        List<Integer> result = new ArrayList<>(array.length);
        for (int value : array) {
            result.add(value);
        }
        return List.copyOf(result);
    }

    /** text[], aclitem[] and "char"[] columns; null if NULL. */
    public List<String> texts(int column) {
        ArrayValue array = (ArrayValue) values[column];
        if (array == null) {
            return null;
        }
        List<String> result = new ArrayList<>(array.size());
        for (Object element : array.elements()) {
            result.add(element == null ? "" : element.toString());
        }
        return List.copyOf(result);
    }

    /** A copy of the values to change and hand to {@link CatalogStore#update}. */
    public Object[] copyValues() {
        return values.clone();
    }
}
