package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Vector;

/** Rows of a batch rearranged so that those of a group follow each other, in their order. Confined to one thread. */
final class RowsByGroup {
    /** With more groups runs are short, and sorting costs more than it saves. */
    private static final int GROUPS_MAX = 64;
    private static final int ROWS_MIN = 64;

    final int[] selection = new int[Vector.CAPACITY];
    final int[] groups = new int[Vector.CAPACITY];
    private final int[] next = new int[GROUPS_MAX + 1];

    static boolean pays(int groupCount, int rows, int calls) {
        return groupCount <= GROUPS_MAX && rows >= ROWS_MIN && calls > 1;
    }

    /** Counting sort by group number; group numbers are below {@code groupCount}. */
    RowsByGroup arrange(int[] rowSelection, int[] rowGroups, int count, int groupCount) {
        java.util.Arrays.fill(next, 0, groupCount + 1, 0);
        for (int i = 0; i < count; i++) {
            next[rowGroups[i] + 1]++;
        }
        for (int g = 0; g < groupCount; g++) {
            int from = next[g];
            int to = from + next[g + 1];
            next[g + 1] = to;
            java.util.Arrays.fill(groups, from, to, g);
        }
        for (int i = 0; i < count; i++) {
            selection[next[rowGroups[i]]++] = rowSelection[i];
        }
        return this;
    }
}
