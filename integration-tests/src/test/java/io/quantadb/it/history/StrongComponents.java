package io.quantadb.it.history;

import java.util.function.IntFunction;

/** Strongly connected components, without recursion: histories are long. */
final class StrongComponents {
    private final IntFunction<int[]> next;
    private final int[] component;
    private final int[] order;
    private final int[] low;
    private final int[] stack;
    private int stackSize;
    private int visited;
    private int components;

    private StrongComponents(int nodes, IntFunction<int[]> next) {
        this.next = next;
        component = new int[nodes];
        order = new int[nodes];
        low = new int[nodes];
        stack = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            if (order[node] == 0) {
                visit(node);
            }
        }
    }

    /**
     * The component of each node.
     *
     * <p>Source: Tarjan, "Depth-first search and linear graph algorithms", 1972.
     *
     * @param next the successors of a node
     */
    static int[] of(int nodes, IntFunction<int[]> next) {
        return new StrongComponents(nodes, next).component;
    }

    private record Frame(int node, int[] successors, int[] at, Frame below) {
    }

    private Frame enter(int node, Frame below) {
        order[node] = ++visited;
        low[node] = visited;
        stack[stackSize++] = node;
        return new Frame(node, next.apply(node), new int[1], below);
    }

    private void visit(int root) {
        Frame frame = enter(root, null);
        while (frame != null) {
            if (frame.at[0] < frame.successors.length) {
                int successor = frame.successors[frame.at[0]++];
                if (order[successor] == 0) {
                    frame = enter(successor, frame);
                } else if (component[successor] == 0) {
                    low[frame.node] = Math.min(low[frame.node], order[successor]);
                }
            } else {
                if (low[frame.node] == order[frame.node]) {
                    close(frame.node);
                }
                if (frame.below != null) {
                    low[frame.below.node] = Math.min(low[frame.below.node], low[frame.node]);
                }
                frame = frame.below;
            }
        }
    }

    private void close(int root) {
        components++;
        int node;
        do {
            node = stack[--stackSize];
            component[node] = components;
        } while (node != root);
    }
}
