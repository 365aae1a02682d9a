package io.quantadb.planner.physical;

/**
 * One key of an order, in the default order of the column's type.
 *
 * @param column position in the input's output, from 0
 */
public record SortKey(int column, boolean descending, boolean nullsFirst) {
    public static SortKey ascending(int column) {
        return new SortKey(column, false, false);
    }
}
