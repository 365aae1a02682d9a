package io.quantadb.planner.physical;

/** LEFT keeps rows of the left (outer) input, RIGHT of the right one. SEMI and ANTI output left columns only. */
public enum JoinType {
    INNER, LEFT, RIGHT, FULL, SEMI, ANTI;

    public boolean keepsLeft() {
        return this == LEFT || this == FULL;
    }

    public boolean keepsRight() {
        return this == RIGHT || this == FULL;
    }

    public boolean outputsRight() {
        return this != SEMI && this != ANTI;
    }
}
