package io.quantadb.base;

/** The files that together store one relation. Ids are in the WAL and never reused. */
public enum ForkNumber {
    /** Heap or index pages. */
    MAIN(0, ""),
    /** Free-space map: where an insert finds room. A hint: may be stale, is repaired by vacuum. */
    FREE_SPACE_MAP(1, "_fsm"),
    /** Visibility map: pages all of whose rows everybody sees. Never claims more than is true. */
    VISIBILITY_MAP(2, "_vm");

    private static final ForkNumber[] VALUES = values();

    private final int id;
    private final String suffix;

    ForkNumber(int id, String suffix) {
        this.id = id;
        this.suffix = suffix;
    }

    public int id() {
        return id;
    }

    /** Appended to the file number in file names. */
    public String suffix() {
        return suffix;
    }

    public static ForkNumber of(int id) {
        Invariant.check(id >= 0 && id < VALUES.length, "fork %d, largest is %d", id, VALUES.length - 1);
        return VALUES[id];
    }
}
