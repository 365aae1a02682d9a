package io.quantadb.storage.page;

/** What a page's items are. Ids are on disk: stable, never reused. */
public enum PageKind {
    HEAP(1),
    BTREE(2),
    FREE_SPACE_MAP(3),
    VISIBILITY_MAP(4),
    /** A sequence's single row. */
    SEQUENCE(5),
    /** For tests and tools: no access method reads it. */
    OTHER(255);

    private final int id;

    PageKind(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }
}
